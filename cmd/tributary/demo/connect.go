package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

func (p *play) connect(ctx context.Context) error {
	bank, embedded, err := p.findBank(ctx)
	if err != nil {
		return err
	}
	p.say("GET /v1/providers", fmt.Sprintf("%s (%s), channel %s", bank.Name, bank.Country, embedded))
	var made connection
	err = p.user.call(ctx, http.MethodPost, "/v1/connections", map[string]any{
		"provider_id": bank.ID, "auto_sync": true,
		"channels": []any{map[string]any{
			"channel_definition_id": embedded,
			"credentials":           map[string]string{"login": p.persona.Login, "password": p.persona.Password},
		}},
	}, &made)
	if err != nil {
		return err
	}
	p.say("POST /v1/connections", made.ID)
	return p.follow(ctx, made)
}

func (p *play) findBank(ctx context.Context) (provider, string, error) {
	var found list[provider]
	if err := p.user.call(ctx, http.MethodGet, "/v1/providers", nil, &found); err != nil {
		return provider{}, "", err
	}
	for _, bank := range found.Data {
		for _, c := range bank.Channels {
			if c.Type == "EMBEDDED" {
				return bank, c.ID, nil
			}
		}
	}
	return provider{}, "", errors.New("no provider with an EMBEDDED channel")
}

// follow shows each stage of the first synchronization and answers what is asked.
func (p *play) follow(ctx context.Context, made connection) error {
	path, last, answered := "/v1/synchronizations/"+made.LastSynchronizationID, "", ""
	for {
		var run synchronization
		if err := p.user.call(ctx, http.MethodGet, path, nil, &run); err != nil {
			return err
		}
		if now := run.Status + " " + run.Stage; now != last {
			last = now
			fmt.Fprintf(p.out, "  %s\n", progress(run))
		}
		switch run.Status {
		case "SUCCESS":
			if answered == "" {
				return errors.New("the bank never asked for the code")
			}
			return nil
		case "FAILED", "PARTIAL_SUCCESS", "CANCELLED":
			return failed(run)
		case "WAITING":
			if err := p.answer(ctx, made.ID, &answered); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func failed(run synchronization) error {
	if run.Error != nil {
		return fmt.Errorf("synchronization %s: %s: %s", run.Status, run.Error.Code, run.Error.Message)
	}
	return fmt.Errorf("synchronization %s", run.Status)
}

func (p *play) answer(ctx context.Context, connectionID string, answered *string) error {
	path := "/v1/connections/" + connectionID + "/challenge"
	var asked challenge
	err := p.user.call(ctx, http.MethodGet, path, nil, &asked)
	if gone := new(problem); errors.As(err, &gone) && gone.Status == http.StatusNotFound {
		return nil // answered, and not picked up yet
	}
	if err != nil || asked.ID == *answered {
		return err
	}
	p.say("GET …/challenge", fmt.Sprintf("%s: %s", asked.Type, asked.Message))
	*answered = asked.ID
	p.say("POST …/challenge", "the code from the SMS")
	return p.user.call(ctx, http.MethodPost, path, map[string]any{"id": asked.ID, "answers": map[string]string{"code": p.persona.Code}}, nil)
}
