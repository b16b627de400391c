package httpapi

import (
	"context"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type challengeView struct {
	ID                  string       `json:"id" example:"cha_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The challenge's id; the answer repeats it."`
	ConnectionID        string       `json:"connection_id" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The connection that waits."`
	SynchronizationID   string       `json:"synchronization_id" example:"syn_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The run that waits."`
	ChannelDefinitionID string       `json:"channel_definition_id" example:"testbank-web" doc:"The channel that asks."`
	Type                string       `json:"type" enum:"FORM,OPTIONS,IMAGE,DECOUPLED,REDIRECT" doc:"FORM: fill the fields. OPTIONS: choose, and answer option. IMAGE: look at it and fill the fields. DECOUPLED: approve in the bank's app. REDIRECT: go to the url."`
	Message             *string      `json:"message" example:"Type the code that your bank sent you." doc:"A sentence for the user, in the call's language."`
	Fields              []fieldView  `json:"fields" doc:"What has to be answered."`
	Options             []choiceView `json:"options" doc:"What can be chosen."`
	Image               *string      `json:"image" example:"data:image/png;base64,iVBORw0KGgo=" doc:"A data URL."`
	URL                 *string      `json:"url" example:"https://bank.example/authorize" doc:"Where the user has to go."`
	ExpiresAt           time.Time    `json:"expires_at" doc:"Until when it can be answered."`
	Resend              *resendView  `json:"resend" doc:"How it can be sent again; null where the bank does not do that."`
}

type resendView struct {
	_           struct{}   `nullable:"true"`
	AvailableAt *time.Time `json:"available_at" example:"2026-03-12T10:00:30Z" doc:"From when on; null is at once."`
	Left        int        `json:"left" example:"2" doc:"How many times more."`
	Pending     bool       `json:"pending" example:"false" doc:"It was asked for, and the bank was not told yet."`
}

func showResend(r *connection.Resend) *resendView {
	if r == nil {
		return nil
	}
	return &resendView{AvailableAt: moment(r.AvailableAt), Left: r.Left, Pending: r.Pending}
}

func showChallenge(c *connection.Challenge, locale string) challengeView {
	return challengeView{
		ID: string(c.ID), ConnectionID: string(c.ConnectionID), SynchronizationID: string(c.SynchronizationID),
		ChannelDefinitionID: c.ChannelDefinition, Type: string(c.Type), Message: sentence(c.Message, locale),
		Fields: each(c.Fields, fieldIn(locale)), Options: each(c.Options, choiceIn(locale)),
		Image: dataURL(c.Image), URL: known(c.URL), ExpiresAt: instant(c.ExpiresAt),
		Resend: showResend(c.Resend),
	}
}

func dataURL(p *connection.Picture) *string {
	if p == nil {
		return nil
	}
	return known("data:" + p.MediaType + ";base64," + base64.StdEncoding.EncodeToString(p.Data))
}

type challengeAnswer struct {
	ID      string                `json:"id" example:"cha_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The challenge's id."`
	Answers map[string]secretText `json:"answers,omitempty" doc:"Values by the names of the fields; option for OPTIONS; nothing for DECOUPLED."`
}

type challengeAnswered struct {
	ID           string `json:"id" example:"cha_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The challenge that was answered."`
	ConnectionID string `json:"connection_id" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The connection that goes on."`
}

type (
	oneChallenge         struct{ Body challengeView }
	answeredChallenge    struct{ Body challengeAnswered }
	answerChallengeInput struct {
		Attended
		ID   string `path:"id" doc:"A connection's id." example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		Body challengeAnswer
	}
)

func (a api) challenges() {
	add(a, operation{
		ID: "get-challenge", Method: http.MethodGet, Path: "/v1/connections/{id}/challenge", Tag: tagConnections,
		Summary: "Get what is asked of the user", Text: "404 no_challenge where nothing is asked now.",
		Worded: true, Who: holding(client.ConnectionsRead), Errors: []int{http.StatusNotFound},
	}, a.getChallenge)
	add(a, operation{
		ID: "answer-challenge", Method: http.MethodPost, Path: "/v1/connections/{id}/challenge", Tag: tagConnections, Status: http.StatusAccepted,
		Summary: "Answer a challenge", Text: "The synchronization goes on by itself. A REDIRECT challenge is answered by the return from the bank instead.",
		Who: holding(client.ConnectionsManage, client.ConnectionsSync), Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.answerChallenge)
	add(a, operation{
		ID: "resend-challenge", Method: http.MethodPost, Path: "/v1/connections/{id}/challenge/resend", Tag: tagConnections, Status: http.StatusAccepted,
		Summary: "Ask for a code again", Text: "The challenge stays open and keeps its id; what was sent before is good for as long as the bank takes it. The answer is the challenge as it stands: resend.pending until the bank was told. Asking twice within a few seconds is asking once. 404 no_challenge where nothing is asked now; 409 resend_not_supported where the bank sends it once only, resend_exhausted where it was sent often enough (start a new synchronization then), resend_too_early with Retry-After.",
		Worded: true, Who: holding(client.ConnectionsManage, client.ConnectionsSync), Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.resendChallenge)
}

func (a api) resendChallenge(ctx context.Context, p usecase.Principal, in *connectionPath) (*oneChallenge, error) {
	asked, err := a.Challenges.Resend(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneChallenge{showChallenge(asked, p.Locale)}, nil
}

func (a api) getChallenge(ctx context.Context, p usecase.Principal, in *connectionPath) (*oneChallenge, error) {
	found, err := a.Challenges.Current(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneChallenge{showChallenge(found, p.Locale)}, nil
}

func (a api) answerChallenge(ctx context.Context, p usecase.Principal, in *answerChallengeInput) (*answeredChallenge, error) {
	p, err := in.with(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := a.Challenges.Answer(ctx, p, in.ID, in.Body.ID, secrets(in.Body.Answers)); err != nil {
		return nil, err
	}
	return &answeredChallenge{challengeAnswered{ID: in.Body.ID, ConnectionID: in.ID}}, nil
}
