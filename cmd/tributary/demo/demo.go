// Package demo plays the product's main job in a terminal, against a running
// server and over HTTP only: it knows nothing of the server's inside.
package demo

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Persona is a customer of the test bank.
type Persona struct {
	Login       string `json:"login"`
	Password    string `json:"password"`
	Challenge   string `json:"challenge"`
	Code        string `json:"code"`
	Description string `json:"description"`
}

// Target is the server to play against.
type Target struct {
	BaseURL      string    `json:"base_url"`
	ClientID     string    `json:"client_id"`
	ClientSecret string    `json:"client_secret"`
	Personas     []Persona `json:"personas"`
}

// play is one run of the demo.
type play struct {
	out     io.Writer
	target  Target
	persona Persona
	client  api
	user    api
	queue   string
}

// Run plays everything; it fails unless all of it happened.
func Run(ctx context.Context, out io.Writer, target Target) error {
	p := &play{out: out, target: target, client: api{base: target.BaseURL, http: &http.Client{Timeout: 40 * time.Second}}}
	for _, persona := range target.Personas {
		if persona.Challenge == "sms_code" {
			p.persona = persona
			break
		}
	}
	if p.persona.Login == "" {
		return fmt.Errorf("no persona of the test bank asks for an SMS code")
	}
	for _, act := range []struct {
		title string
		do    func(context.Context) error
	}{
		{"A token for the client", p.clientToken},
		{"A user, and a token for the user", p.enrol},
		{"A queue for the user's events", p.subscribe},
		{"A connection to the test bank", p.connect},
		{"What the bank read", p.show},
		{"What the queue tells", p.events},
	} {
		fmt.Fprintf(out, "\n\033[1m%s\033[0m\n", act.title)
		if err := act.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", act.title, err)
		}
	}
	fmt.Fprintln(out, "\nAll of it happened.")
	return nil
}

func (p *play) clientToken(ctx context.Context) (err error) {
	p.client.token, err = p.client.grant(ctx, p.target.ClientID, p.target.ClientSecret, url.Values{"grant_type": {"client_credentials"}})
	p.say("POST /oauth/token", "client_credentials")
	return err
}

func (p *play) enrol(ctx context.Context) error {
	email := fmt.Sprintf("demo-%d@example.org", time.Now().UnixNano())
	const password = "demo-passw0rd"
	var made user
	if err := p.client.call(ctx, http.MethodPost, "/v1/users", map[string]string{"email": email, "password": password}, &made); err != nil {
		return err
	}
	p.say("POST /v1/users", made.ID)
	token, err := p.client.grant(ctx, p.target.ClientID, p.target.ClientSecret, url.Values{"grant_type": {"password"}, "username": {email}, "password": {password}})
	p.user = api{base: p.client.base, http: p.client.http, token: token}
	p.say("POST /oauth/token", "password, for "+email)
	return err
}

func (p *play) subscribe(ctx context.Context) error {
	var made struct {
		ID string `json:"id"`
	}
	err := p.user.call(ctx, http.MethodPost, "/v1/queues", map[string]any{}, &made)
	p.queue = made.ID
	p.say("POST /v1/queues", made.ID)
	return err
}

func (p *play) say(call, result string) { fmt.Fprintf(p.out, "  %-28s %s\n", call, result) }
