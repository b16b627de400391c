package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
)

// widget measures the pages that users see. Their raw limits are a bare handler
// that answers as many bytes, and one that commits a row for each session.
func (b *bench) widget(ctx context.Context, db database) error {
	b.say("opening the widget on %s", db.name())
	s, err := b.start(ctx, db, "widget")
	if err != nil {
		return err
	}
	defer s.stop()
	token, err := s.token()
	if err != nil {
		return err
	}
	var user struct {
		ID string `json:"id"`
	}
	if err := s.call(ctx, token, http.MethodPost, "/v1/users", map[string]string{"external_id": "watcher"}, &user); err != nil {
		return err
	}
	if err := b.orders(ctx, db, s, token, user.ID); err != nil {
		return err
	}
	for _, page := range []struct{ name, bank string }{{"choice of a bank", ""}, {"agreement", "testbank"}} {
		if err := b.shown(ctx, s, token, map[string]string{"user_id": user.ID, "provider_id": page.bank}, page.name); err != nil {
			return err
		}
	}
	return nil
}

// orders: each session is a row, beside one commit each.
func (b *bench) orders(ctx context.Context, db database, s *server, token, user string) error {
	text := []byte(`{"user_id":"` + user + `"}`)
	before := s.spent()
	ours, err := b.load(ctx, b.workers, func() (*http.Request, error) {
		req, err := http.NewRequest(http.MethodPost, s.BaseURL+"/v1/widget_sessions", bytes.NewReader(text))
		if err == nil {
			req.Header.Set("Authorization", "Bearer "+token)
			req.Header.Set("Content-Type", "application/json")
		}
		return req, err
	})
	if err != nil {
		return err
	}
	spent := s.spent() - before
	raw, err := b.rawTokens(ctx, db)
	if err != nil {
		return err
	}
	b.table.add("widget sessions ordered, beside one commit each", ours.rate, raw.rate, "/s")
	b.table.add("CPU of the server a widget session", micros(spent)/float64(ours.count), 0, "µs")
	return nil
}

// shown is one page of a visit that several tabs reload.
func (b *bench) shown(ctx context.Context, s *server, token string, order map[string]string, name string) error {
	page, cookies, err := s.visit(ctx, token, order)
	if err != nil {
		return err
	}
	request := func() (*http.Request, error) {
		req, err := http.NewRequest(http.MethodGet, page, nil)
		for _, cookie := range cookies {
			req.AddCookie(cookie)
		}
		return req, err
	}
	req, err := request()
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || res.StatusCode != http.StatusOK || !bytes.Contains(text, []byte("<h1")) {
		return errors.Join(err, errors.New("the widget shows no page: "+res.Status))
	}
	return b.beside(ctx, s, name, request, text)
}

// beside loads a page with several browsers for the rate, and with one for the
// time that a page takes where nobody else is in the way.
func (b *bench) beside(ctx context.Context, s *server, name string, request func() (*http.Request, error), text []byte) error {
	bare := func(context.Context) ([]byte, error) { return text, nil }
	before := s.spent()
	many, err := b.load(ctx, b.workers, request)
	if err != nil {
		return err
	}
	spent := s.spent() - before
	rawMany, err := b.answering(ctx, b.workers, bare)
	if err != nil {
		return err
	}
	one, err := b.load(ctx, 1, request)
	if err != nil {
		return err
	}
	rawOne, err := b.answering(ctx, 1, bare)
	if err != nil {
		return err
	}
	b.table.add("pages shown, "+name+", beside as many bytes", many.rate, rawMany.rate, "/s")
	b.table.add("CPU of the server a page, "+name, micros(spent)/float64(many.count), 0, "µs")
	b.table.add("page shown to one browser, "+name+", p99", ms(one.p99), ms(rawOne.p99), "ms")
	return nil
}

// visit orders a session and opens its link, as a browser does.
func (s *server) visit(ctx context.Context, token string, order map[string]string) (page string, cookies []*http.Cookie, err error) {
	var made struct {
		Links struct {
			AddConnection string `json:"add_connection"`
		} `json:"links"`
	}
	if order["provider_id"] == "" {
		delete(order, "provider_id")
	}
	if err := s.call(ctx, token, http.MethodPost, "/v1/widget_sessions", order, &made); err != nil {
		return "", nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, made.Links.AddConnection, nil)
	if err != nil {
		return "", nil, err
	}
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := browser.Do(req)
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = res.Body.Close() }()
	to := res.Header.Get("Location")
	if strings.HasPrefix(to, "/") {
		to = s.BaseURL + to
	}
	return to, res.Cookies(), nil
}
