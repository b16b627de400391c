package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"github.com/tributary-dev/tributary/adapters/pluginhost"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
)

// psd2 measures an account of 100,000 rows that is read over a PSD2 interface: through the plugin alone, and through the
// server into each database. The raw limits read the pages with a bare client, and write the same rows bare.
func (b *bench) psd2(ctx context.Context) error {
	a, err := b.openASPSP()
	if err != nil {
		return err
	}
	defer a.server.Close()
	b.say("reading %d rows over a PSD2 interface", aspspRows)
	bare, err := a.bare(ctx)
	if err != nil {
		return err
	}
	took, err := b.readASPSP(ctx, a)
	if err != nil {
		return err
	}
	b.table.add("PSD2 rows read and converted", aspspRows/took.Seconds(), aspspRows/bare.Seconds(), "/s")
	return b.each(func(ctx context.Context, db database) error { return b.storeASPSP(ctx, db, a) })(ctx)
}

// readASPSP reads through the plugin's process, and counts.
func (b *bench) readASPSP(ctx context.Context, a *aspsp) (time.Duration, error) {
	host, err := pluginhost.Open(ctx, pluginhost.Options{
		Dir: filepath.Join(b.bin, "plugins"), Settings: map[string]map[string]string{"psd2": a.folders},
	})
	if err != nil {
		return 0, err
	}
	defer host.Close(time.Second)
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	session := provider.Session{ID: "measure", ProviderID: "aspsp", ChannelID: "aspsp-psd2"}
	step, err := host.Begin(ctx, provider.Begin{
		Session: session, PSU: &synchronization.PSU{IP: "192.0.2.1"}, ReturnURL: "https://us.example/return", ReturnState: secret.New("state"),
	})
	if err != nil {
		return 0, err
	}
	if step.Ready == nil {
		return 0, errors.New("the bank asks for more")
	}
	got := &counted{}
	began := time.Now()
	err = host.Fetch(ctx, provider.Fetch{
		Session: session, Mode: synchronization.All, State: step.Ready.State, Secrets: step.Ready.Secrets, Window: provider.Window{To: bank.DayOf(time.Now())},
	}, got)
	if err == nil && got.rows != aspspRows {
		err = fmt.Errorf("%d rows came out of %d", got.rows, aspspRows)
	}
	return time.Since(began), err
}

// storeASPSP has a server read and keep them. The time is from the bank's first answer to the end of the run.
func (b *bench) storeASPSP(ctx context.Context, db database, a *aspsp) error {
	b.say("storing %d rows of a PSD2 interface on %s", aspspRows, db.name())
	s, err := b.start(ctx, db, "psd2", "--config", a.config)
	if err != nil {
		return err
	}
	defer s.stop()
	s.attended = true // to agree
	a.forget()
	token, err := s.token()
	if err != nil {
		return err
	}
	var made struct {
		ID string `json:"id"`
	}
	if err := s.call(ctx, token, http.MethodPost, "/v1/users", map[string]string{"external_id": busy}, &made); err != nil {
		return err
	}
	err = s.call(ctx, token, http.MethodPost, "/v1/connections", map[string]any{
		"user_id": made.ID, "provider_id": "aspsp", "channels": []any{map[string]any{"channel_definition_id": "aspsp-psd2", "credentials": map[string]string{}}},
	}, &made)
	if err != nil {
		return err
	}
	_, ended, err := s.newest(ctx, token)
	if err != nil {
		return err
	}
	asked, calls, needed := a.counted()
	took := ended.Sub(asked)
	bare, err := a.bare(ctx)
	if err != nil {
		return err
	}
	written, err := b.rewrite(ctx, db, "psd2")
	if err != nil {
		return err
	}
	if written.rows != aspspRows {
		return fmt.Errorf("%d rows were stored of %d", written.rows, aspspRows)
	}
	b.table.add("PSD2 rows read, converted and stored", aspspRows/took.Seconds(), aspspRows/(bare+written.took).Seconds(), "/s")
	b.table.add("calls of the bank for that, beside those needed", float64(calls), float64(needed), "")
	return nil
}
