package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/measure/aspsp"
)

// storing has a server read and keep a bank's rows, and read again what is new. The time is from the first question for
// data to the end of the run.
func (b *bench) storing(ctx context.Context, db database, a aspsps, bank *aspsp.Bank, rows int) (calls []tallied, err error) {
	b.say("storing %d rows of %s on %s", rows, bank.Name, db.name())
	name := "psd2-" + bank.Name
	s, err := b.start(ctx, db, name, "--config", a.config)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	bank.Forget()
	before := s.spent()
	ended, err := s.agree(ctx, bank)
	if err != nil {
		return nil, err
	}
	first, spent := bank.Tally(), s.spent()-before
	bank.Forget()
	if _, err := s.again(ctx); err != nil {
		return nil, err
	}
	further := bank.Tally()
	bare, err := bank.Bare(ctx)
	if err != nil {
		return nil, err
	}
	written, err := b.rewrite(ctx, db, name)
	if err != nil {
		return nil, err
	}
	if written.rows != rows {
		return nil, fmt.Errorf("%d rows were stored of %d", written.rows, rows)
	}
	b.table.add("PSD2 rows read, converted and stored, "+bank.Name, float64(rows)/ended.Sub(first.Asked).Seconds(), float64(rows)/(bare+written.took).Seconds(), "/s")
	b.table.add("CPU of the server for one of them, "+bank.Name, micros(spent)/float64(rows), 0, "µs")
	return []tallied{{"the first time", db.name(), bank, first, true}, {"a further time", db.name(), bank, further, false}}, nil
}

// agree connects a user who agrees at the bank, and tells when everything was read.
func (s *server) agree(ctx context.Context, bank *aspsp.Bank) (ended time.Time, err error) {
	s.attended = true
	defer func() { s.attended = false }()
	token, err := s.token()
	if err != nil {
		return ended, err
	}
	var made struct {
		ID string `json:"id"`
	}
	if err := s.call(ctx, token, http.MethodPost, "/v1/users", map[string]string{"external_id": busy}, &made); err != nil {
		return ended, err
	}
	err = s.call(ctx, token, http.MethodPost, "/v1/connections", map[string]any{
		"user_id": made.ID, "provider_id": bank.ID(), "auto_sync": false,
		"channels": []any{map[string]any{"channel_definition_id": bank.ID() + "-psd2", "credentials": map[string]string{}}},
	}, &made)
	if err != nil {
		return ended, err
	}
	s.connection = made.ID
	page, err := s.page(ctx, token)
	if err != nil {
		return ended, err
	}
	if err := s.comesBack(ctx, bank, page); err != nil {
		return ended, err
	}
	_, ended, err = s.newest(ctx, token)
	return ended, err
}

// page waits for the page of the bank that the user is sent to.
func (s *server) page(ctx context.Context, token string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		var asked struct{ URL string }
		err := s.call(ctx, token, http.MethodGet, "/v1/connections/"+s.connection+"/challenge", nil, &asked)
		if err == nil {
			return asked.URL, nil
		}
		if wait(ctx, 20*time.Millisecond); ctx.Err() != nil {
			return "", fmt.Errorf("the user is not sent to the bank: %w", err)
		}
	}
}

// comesBack goes to the bank's page, and from there to the server, as a browser does.
func (s *server) comesBack(ctx context.Context, bank *aspsp.Bank, page string) error {
	back, err := bank.Visit(ctx, page)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, back.String(), http.NoBody)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New("the return is answered " + answer.Status)
	}
	return nil
}
