package load

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/call"
	"github.com/tributary-dev/tributary/cmd/tributary/crash/check"
	"github.com/tributary-dev/tributary/cmd/tributary/crash/world"
)

// Play is what goes on in one world.
type Play struct {
	Promises *check.Promises
	// Again counts how often users had to sign in again at the end.
	Again int

	server *world.Server
	client call.Caller
	users  []*user

	mu     sync.Mutex
	rng    *rand.Rand
	keys   int
	unsure []write
	// back is where the bank sent somebody, tried how often its page did not work,
	// both by the challenge.
	back  map[string]string
	tried map[string]int
}

// user is one of ours with the bank's customer it is.
type user struct {
	persona
	id, connection string
}

// Open takes up a server at which nobody is known yet.
func Open(ctx context.Context, server *world.Server, seed uint64) (*Play, error) {
	p := &Play{Promises: check.NewPromises(), server: server, rng: rand.New(rand.NewPCG(seed, 1)), back: map[string]string{}, tried: map[string]int{}}
	return p, p.Resume(ctx)
}

// Begin enrols the users and connects each to its bank.
func (p *Play) Begin(ctx context.Context) error {
	for _, who := range lasting {
		u := &user{persona: who}
		p.users = append(p.users, u)
		if err := p.settled(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

// Connect enrols one lasting user more and connects it, by its name at the bank.
func (p *Play) Connect(ctx context.Context, login string) error {
	for _, who := range lasting {
		if who.login == login {
			u := &user{persona: who}
			p.mu.Lock()
			p.users = append(p.users, u)
			p.mu.Unlock()
			return p.settled(ctx, u)
		}
	}
	return fmt.Errorf("%w: %s", errMissing, login)
}

// Move goes on at another server of the same database.
func (p *Play) Move(server *world.Server) {
	p.server, p.client = server, server.Caller(p.client.Token)
}

// Resume takes up the server after it was started.
func (p *Play) Resume(ctx context.Context) error {
	if p.client.Token != "" {
		p.client = p.server.Caller(p.client.Token)
		return nil
	}
	token, err := p.server.Caller("").Grant(ctx, p.server.ClientID, p.server.ClientSecret, url.Values{"grant_type": {"client_credentials"}})
	p.client = p.server.Caller(token)
	return err
}

// Client is the application's caller.
func (p *Play) Client() call.Caller { return p.client }

// number gives another one at each call.
func (p *Play) number() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys++
	return p.keys
}

func (p *Play) draw(n int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rng.IntN(n)
}

func (p *Play) enrol(ctx context.Context, u *user) error {
	name := fmt.Sprintf("%s-%d", u.login, p.number())
	_, err := p.send(ctx, write{
		method: http.MethodPost, path: "/v1/users", body: map[string]string{"external_id": name},
		find: func(ctx context.Context) (call.Thing, error) {
			return p.one(ctx, "/v1/users", func(t call.Thing) bool { return t.Text("external_id") == name })
		},
		done: func(made call.Thing) {
			u.id = made.Text("id")
			p.Promises.Keep(func(all *check.Promises) { all.Users[u.id] = true })
		},
	})
	return err
}

const (
	embedded = "testbank-embedded"
	redirect = "testbank-redirect"
)

// connect posts credentials for the bank.
func (p *Play) connect(ctx context.Context, u *user, password string, kept bool) error {
	channels := []any{map[string]any{"channel_definition_id": embedded, "credentials": map[string]string{"login": u.login, "password": password}}}
	if u.both || u.alone {
		channels = append([]any{map[string]any{"channel_definition_id": redirect}}, channels...)
	}
	if u.alone {
		channels = channels[:1]
	}
	_, err := p.send(ctx, write{
		method: http.MethodPost, path: "/v1/connections",
		body: map[string]any{"user_id": u.id, "provider_id": "testbank", "auto_sync": u.auto, "channels": channels},
		find: func(ctx context.Context) (call.Thing, error) {
			return p.one(ctx, "/v1/connections?user_id="+u.id, func(t call.Thing) bool {
				_, known := p.Promises.Connections[t.Text("id")]
				return !known
			})
		},
		done: func(made call.Thing) {
			u.connection = made.Text("id")
			p.Promises.Keep(func(all *check.Promises) {
				all.Connections[u.connection] = check.Connection{User: u.id, Login: u.login, Kept: kept}
				all.Runs[made.Text("last_synchronization_id")] = u.connection
			})
		},
	})
	return err
}

// errMissing says that what a call had made is not there.
var errMissing = errors.New("load: what was made is not there")

// one finds what a call has made of which nobody knows the id.
func (p *Play) one(ctx context.Context, list string, is func(call.Thing) bool) (call.Thing, error) {
	all, err := p.client.Every(ctx, list)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		if is(t) {
			return t, nil
		}
	}
	return nil, fmt.Errorf("%w: %s", errMissing, list)
}
