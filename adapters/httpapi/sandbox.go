package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// production is the environment that has nothing of what is below /v1/sandbox.
const production = "production"

type clockView struct {
	Now           time.Time `json:"now" doc:"What the sandbox's clock shows."`
	OffsetSeconds int64     `json:"offset_seconds" doc:"How far it is from real time; 0 unless it was moved." example:"86400"`
}

type movement struct {
	Advance *string    `json:"advance,omitempty" pattern:"^-?([0-9]{1,7}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?$" doc:"How far to move: hours, minutes and seconds, such as 24h or 1h30m; back with a minus." example:"24h"`
	Now     *time.Time `json:"now,omitempty" doc:"Where to move to; reached or just passed, by less than a second." example:"2026-03-14T08:00:00Z"`
}

type forgiveness struct {
	Login           string `json:"login" minLength:"1" maxLength:"200" doc:"The persona's login." example:"locked"`
	ConfigurationID string `json:"configuration_id,omitempty" doc:"The bank of one's own that is meant; the shared one unless given." example:"cfg_01j9z3k6f8q2v4x6z8b0d2f4h6"`
}

type outage struct {
	Down            bool   `json:"down" doc:"Whether the bank is down from now on."`
	ConfigurationID string `json:"configuration_id,omitempty" doc:"The bank of one's own that is meant; the shared one unless given." example:"cfg_01j9z3k6f8q2v4x6z8b0d2f4h6"`
}

type (
	oneClock       struct{ Body clockView }
	moveClockInput struct{ Body movement }
	forgiveInput   struct{ Body forgiveness }
	outageInput    struct{ Body outage }
)

// sandbox registers what only a sandbox has.
func (a api) sandbox() {
	a.configurations()
	add(a, operation{
		ID: "get-clock", Method: http.MethodGet, Path: "/v1/sandbox/clock", Tag: tagSandbox,
		Summary: "Read the sandbox's clock", Text: "One clock for the sandbox and its test bank, the same for all clients.",
		Who: anyToken,
	}, a.getClock)
	add(a, operation{
		ID: "move-clock", Method: http.MethodPost, Path: "/v1/sandbox/clock", Tag: tagSandbox, Creates: true,
		Summary: "Move the sandbox's clock",
		Text: "By advance or to now, on or back, for all clients: it needs the right sandbox_control. Schedules, quotas, consents and banking days follow; " +
			"tokens, time-outs and the time to answer a challenge stay on real time.",
		Who: clientHolding(client.ConnectionsManage),
	}, a.moveClock)
	add(a, operation{
		ID: "forgive-persona", Method: http.MethodPost, Path: "/v1/sandbox/forgive", Tag: tagSandbox, Status: http.StatusNoContent,
		Summary: "Let the test bank forget",
		Text:    "Locks, spent quota, changed passwords and accepted terms of a persona are as at the start. At the shared bank it needs the right sandbox_control.",
		Who:     clientHolding(client.ConnectionsManage), Errors: []int{http.StatusNotFound},
	}, a.forgive)
	add(a, operation{
		ID: "switch-testbank", Method: http.MethodPost, Path: "/v1/sandbox/outage", Tag: tagSandbox, Status: http.StatusNoContent,
		Summary: "Take the test bank down, or up again",
		Text:    "While it is down every call to it fails like to a bank that is out of order. At the shared bank it needs the right sandbox_control.",
		Who:     clientHolding(client.ConnectionsManage), Errors: []int{http.StatusNotFound},
	}, a.switchTestbank)
}

func (a api) getClock(ctx context.Context, _ usecase.Principal, _ *nothing) (*oneClock, error) {
	return showClock(a.Clock.Read(ctx))
}

var errAdvance = sandbox.ErrMovement.With(fault.At("body.advance", "is no time such as 24h"))

func (a api) moveClock(ctx context.Context, p usecase.Principal, in *moveClockInput) (*oneClock, error) {
	m := sandbox.Movement{Now: in.Body.Now}
	if in.Body.Advance != nil {
		by, err := time.ParseDuration(*in.Body.Advance)
		if err != nil {
			return nil, errAdvance
		}
		m.Advance = &by
	}
	return showClock(a.Clock.Move(ctx, p, m))
}

func showClock(t usecase.Time, err error) (*oneClock, error) {
	return &oneClock{clockView{instant(t.Now), int64(t.Offset / time.Second)}}, err
}

func (a api) forgive(ctx context.Context, p usecase.Principal, in *forgiveInput) (*nothing, error) {
	return nil, a.Scenarios.Forgive(ctx, p, in.Body.ConfigurationID, in.Body.Login)
}

func (a api) switchTestbank(ctx context.Context, p usecase.Principal, in *outageInput) (*nothing, error) {
	return nil, a.Scenarios.SetDown(ctx, p, in.Body.ConfigurationID, in.Body.Down)
}
