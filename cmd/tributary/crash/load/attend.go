package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/call"
	"github.com/tributary-dev/tributary/cmd/tributary/crash/check"
	"github.com/tributary-dev/tributary/cmd/tributary/crash/world"
)

// patience is how long a run may take, the lease of a killed holder included.
const patience = 40 * time.Second

const pause = 50 * time.Millisecond

// synchronize starts a run of a connection, with its user there or without; one
// that the schedule began will do.
func (p *Play) synchronize(ctx context.Context, u *user, absent bool) error {
	_, err := p.send(ctx, write{
		method: http.MethodPost, path: "/v1/connections/" + u.connection + "/synchronizations", absent: absent,
		done: func(run call.Thing) {
			p.Promises.Keep(func(all *check.Promises) { all.Runs[run.Text("id")] = u.connection })
		},
	})
	if refused, ok := errors.AsType[*call.Refused](err); ok && codeOf(refused.Answer) == "synchronization_running" {
		return nil
	}
	return err
}

// attend stays with the newest run of a connection until it is over, and does
// what is asked meanwhile.
func (p *Play) attend(ctx context.Context, u *user) (run call.Thing, err error) {
	connection, err := p.client.Get(ctx, "/v1/connections/"+u.connection)
	if err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(pause) {
		if run, err = p.client.Get(ctx, "/v1/synchronizations/"+connection.Text("last_synchronization_id")); err != nil {
			return nil, err
		}
		switch run.Text("status") {
		case "QUEUED", "RUNNING":
		case "WAITING":
			rests, err := p.answer(ctx, u)
			if err != nil || rests {
				return run, err
			}
		default:
			return run, nil
		}
	}
	return nil, fmt.Errorf("the run of %s does not end: %v", u.login, run)
}

// answer does what is asked of a user, if anything. Where nothing is, the run may
// rest: the bank takes no more calls for now.
func (p *Play) answer(ctx context.Context, u *user) (rests bool, err error) {
	asked, err := p.client.Get(ctx, "/v1/connections/"+u.connection+"/challenge")
	var refused *call.Refused
	if errors.As(err, &refused) && refused.Answer.Status == http.StatusNotFound {
		return p.rests(ctx, u)
	}
	if err != nil {
		return false, err
	}
	id := asked.Text("id")
	switch asked.Text("type") {
	case "REDIRECT":
		err = p.consent(ctx, u, id, asked.Text("url"))
	case "FORM":
		_, err = p.send(ctx, write{
			method: http.MethodPost, path: "/v1/connections/" + u.connection + "/challenge",
			body: map[string]any{"id": id, "answers": map[string]string{"code": code}},
			done: func(call.Thing) { p.Promises.Keep(func(all *check.Promises) { all.Answered[id] = true }) },
		})
	}
	if errors.As(err, &refused) && refused.Answer.Status < http.StatusInternalServerError {
		return false, nil // somebody else was first, or it is over
	}
	return false, err
}

// rests reports whether all channels of a connection wait for the bank.
func (p *Play) rests(ctx context.Context, u *user) (bool, error) {
	connection, err := p.client.Get(ctx, "/v1/connections/"+u.connection)
	if err != nil {
		return false, err
	}
	channels := connection.Things("channels")
	return !slices.ContainsFunc(channels, func(c call.Thing) bool { return c.Text("status") != "RATE_LIMITED" }), nil
}

// checkbox is an account on the bank's page.
var checkbox = regexp.MustCompile(`name="accounts" value="([^"]+)"`)

// consent goes to the bank's page, agrees to everything there and comes back.
// Whoever finds nobody when coming back loads that page again.
func (p *Play) consent(ctx context.Context, u *user, challenge, page string) error {
	back := p.wayBack(challenge, "")
	if back == "" {
		var err error
		if back, err = agree(ctx, u, page); err != nil {
			return p.despair(ctx, u, challenge)
		}
		p.wayBack(challenge, back)
	}
	_, err := world.Visit(ctx, back)
	return err
}

// hope is how often a page of the bank is tried that does not work.
const hope = 30

// despair gives a run up whose page the bank does not know any more: a bank that
// was killed forgot it. A bank that is only down will be back.
func (p *Play) despair(ctx context.Context, u *user, challenge string) error {
	p.mu.Lock()
	p.tried[challenge]++
	tried := p.tried[challenge]
	p.mu.Unlock()
	if tried < hope {
		return nil
	}
	return p.cancel(ctx, u)
}

// wayBack keeps where the bank sent the user back to.
func (p *Play) wayBack(challenge, back string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if back != "" {
		p.back[challenge] = back
	}
	return p.back[challenge]
}

func agree(ctx context.Context, u *user, page string) (back string, err error) {
	if _, err := world.Submit(ctx, page, url.Values{"login": {u.login}, "password": {u.password()}}); err != nil {
		return "", err
	}
	text, err := world.Visit(ctx, page)
	if err != nil {
		return "", err
	}
	form := url.Values{"decision": {"approve"}}
	for _, box := range checkbox.FindAllSubmatch(text, -1) {
		form["accounts"] = append(form["accounts"], string(box[1]))
	}
	return world.Submit(ctx, page, form)
}
