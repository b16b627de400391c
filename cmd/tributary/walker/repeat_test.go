package walker

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/app/repeating"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// mortal keeps attempts, unless the server is to die before it can.
type mortal struct {
	repeating.Service
	dying   atomic.Bool
	elapsed atomic.Int64
}

func (m *mortal) now() time.Time { return time.Now().Add(time.Duration(m.elapsed.Load())) }

// Finish implements usecase.Attempts.
func (m *mortal) Finish(ctx context.Context, a usecase.Attempt, answer usecase.Answer) error {
	if m.dying.Load() {
		return nil
	}
	return m.Service.Finish(ctx, a, answer)
}

// Abandon implements usecase.Attempts.
func (m *mortal) Abandon(ctx context.Context, a usecase.Attempt) error {
	if m.dying.Load() {
		return nil
	}
	return m.Service.Abandon(ctx, a)
}

// send is call with a key.
func (h *house) send(token, path, key, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Idempotency-Key", key)
	w := httptest.NewRecorder()
	h.api.ServeHTTP(w, r)
	return w
}

// creating are the calls that take a key, with a body each time another.
func (r resident) creating(n int) map[string]string {
	order := `{"user_id":"` + r.belongings.user + `",` // one more connection each time: runs of one stand in each other's way
	return map[string]string{
		"/v1/users":           fmt.Sprintf(`{"external_id":"user %d"}`, n),
		"/v1/queues":          fmt.Sprintf(`{"types":["user.created"],"user_id":%q}`, r.belongings.user),
		"/v1/webhooks":        fmt.Sprintf(`{"url":"https://e%d.example/"}`, n),
		"/v1/widget_sessions": order + fmt.Sprintf(`"state":"%d"}`, n),
		"/v1/category_rules":  order + fmt.Sprintf(`"text":"shop %d","category_id":"food.groceries"}`, n),
		"/v1/connections":     order + `"provider_id":"oak","channels":[{"channel_definition_id":"oak-redirect"}]}`,
		clockPath:             fmt.Sprintf(`{"advance":"%ds"}`, n),
	}
}

const clockPath = "/v1/sandbox/clock"

// effects are how many things there are that such calls make.
func (h *house) effects(t *testing.T) int {
	t.Helper()
	count := 0
	for _, table := range []string{"users", "queues", "connections", "category_rules", "webhooks", "widget_sessions"} {
		count += len(h.column(t, "SELECT id FROM "+table))
	}
	moved, err := strconv.Atoi(h.column(t, "SELECT revision FROM sandbox_clock")[0])
	require.NoError(t, err)
	return count + moved
}

// TestAKeyHasOneEffect proves R9 with the test below it, that an answer survives
// a restart: it sends calls again and again, at once and one after the other,
// with the same body and others, and lets the server die in the middle. One
// effect, one answer. In full, a thousand histories: make histories.
func TestAKeyHasOneEffect(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.settle(t, h.register(t, "Acme"), "c4nary")
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		path := rapid.SampledFrom([]string{"/v1/users", "/v1/queues", "/v1/connections", "/v1/category_rules", clockPath}).Draw(rt, "path")
		s := history{house: h, resident: v, path: path, key: fmt.Sprintf("key-%d", n), before: h.effects(t)}
		s.bodies = []string{v.creating(n)[path], strings.Replace(v.creating(n)[path], "{", "{ ", 1)}
		s.death(t, rt)
		s.crowd(t, rt)
		s.quiet(t)
	})
}

// history is what became of one key.
type history struct {
	*house
	resident
	path, key string
	bodies    []string
	before    int
	// lost says that the effect was there and its answer died.
	lost bool
}

// death lets the first call die, before its effect or after it, and waits until
// its lease has ended.
func (s *history) death(t *testing.T, rt *rapid.T) {
	t.Helper()
	switch rapid.IntRange(0, 4).Draw(rt, "death") {
	case 0:
		_, err := s.repeats.Begin(t.Context(), usecase.Principal{Client: s.application.id}, usecase.Sending{Key: s.key, Route: "POST " + s.path, Body: []byte(s.bodies[0])})
		require.NoError(t, err)
	case 1:
		s.repeats.dying.Store(true)
		w := s.send(s.resident.client, s.path, s.key, s.bodies[0])
		s.repeats.dying.Store(false)
		require.Less(t, w.Code, 300, w.Body.String())
		s.lost = true
	default:
		return
	}
	w := s.send(s.resident.client, s.path, s.key, s.bodies[0])
	require.Equal(t, 409, w.Code)
	require.Contains(t, w.Body.String(), "idempotency_in_flight")
	require.Equal(t, "1", w.Header().Get("Retry-After"))
	s.repeats.elapsed.Add(int64(repeating.Lease + time.Second))
}

// crowd sends them all at once.
func (s *history) crowd(t *testing.T, rt *rapid.T) {
	t.Helper()
	chosen := rapid.SliceOfN(rapid.IntRange(0, len(s.bodies)-1), 1, 6).Draw(rt, "bodies")
	answers := make([]*httptest.ResponseRecorder, len(chosen))
	var done sync.WaitGroup
	for i, body := range chosen {
		done.Go(func() { answers[i] = s.send(s.resident.client, s.path, s.key, s.bodies[body]) })
	}
	done.Wait()
	winners := map[int]string{}
	for i, w := range answers {
		switch {
		case w.Code < 300:
			if same, told := winners[chosen[i]]; told {
				require.Equal(t, same, said(w))
			}
			winners[chosen[i]] = said(w)
		case w.Code == 409:
			require.Regexp(t, "idempotency_(in_flight|answer_lost)", w.Body.String())
		default:
			require.Equal(t, 422, w.Code, w.Body.String())
			require.Contains(t, w.Body.String(), "idempotency_mismatch")
		}
	}
	require.LessOrEqual(t, len(winners), 1, "two requests succeeded under one key")
}

// quiet looks at what is there once all is over.
func (s *history) quiet(t *testing.T) {
	t.Helper()
	first := s.send(s.resident.client, s.path, s.key, s.bodies[0])
	second := s.send(s.resident.client, s.path, s.key, s.bodies[1])
	if s.lost {
		require.Contains(t, first.Body.String(), "idempotency_answer_lost")
	} else if first.Code == 422 {
		first, second = second, first // the other body won
		require.Equal(t, "true", first.Header().Get("Idempotent-Replayed"))
	}
	require.Equal(t, 422, second.Code, second.Body.String())
	if !s.lost {
		again := s.send(s.resident.client, s.path, s.key, s.bodies[0])
		if again.Code == 422 {
			again = s.send(s.resident.client, s.path, s.key, s.bodies[1])
		}
		require.Equal(t, "true", again.Header().Get("Idempotent-Replayed"))
		require.Equal(t, said(first), said(again))
	}
	require.Equal(t, s.before+1, s.effects(t), "one effect")
}

// said is what has to be the same in an answer that is given again.
func said(w *httptest.ResponseRecorder) string {
	return fmt.Sprintln(w.Code, w.Header().Get("Location"), w.Header().Get("Content-Type"), w.Body.String())
}

// R9: what was answered is in the database.
func TestAKeptAnswerSurvivesARestartAndEndsAfterADay(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "walker.db")
	h := openAt(t, path)
	v := h.settle(t, h.register(t, "Acme"), "c4nary")
	first := h.send(v.client, "/v1/queues", "k", "{}")
	require.Equal(t, 201, first.Code)
	require.Empty(t, first.Header().Get("Idempotent-Replayed"))
	require.NoError(t, h.store.Close())

	h = openAt(t, path)
	t.Cleanup(func() { require.NoError(t, h.store.Close()) })
	require.Equal(t, said(first), said(h.send(v.client, "/v1/queues", `"k"`, "{}")), "in quotes it is the same key")
	require.Equal(t, 422, h.send(v.user, "/v1/queues", "k", "{}").Code, "a user is another")
	require.Equal(t, 422, h.send(v.client, "/v1/users", "k", "{}").Code, "so is another call")
	stranger := h.settle(t, h.register(t, "Other"), "other")
	require.NotEqual(t, said(first), said(h.send(stranger.client, "/v1/queues", "k", "{}")), "keys of clients are apart")
	h.repeats.elapsed.Store(int64(repeating.Life + time.Second))
	require.NotEqual(t, said(first), said(h.send(v.client, "/v1/queues", "k", "{}")))
}

func TestARefusalIsNotKept(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.settle(t, h.register(t, "Acme"), "c4nary")
	require.Equal(t, 422, h.send(v.client, "/v1/users", "k", `{"external_id":5}`).Code)
	require.Equal(t, 413, h.send(v.client, "/v1/users", "k", `{"external_id":"`+strings.Repeat("x", 1<<20)+`"}`).Code)
	require.Equal(t, 400, h.send(v.client, "/v1/users", "k", `{"external_id"`).Code)
	made := h.send(v.client, "/v1/users", "k", `{"external_id":"mended"}`)
	require.Equal(t, 201, made.Code, made.Body.String())
	for _, key := range []string{"", " ", `"`, "é", "a b", strings.Repeat("k", 256), "a\x00"} {
		w := h.send(v.client, "/v1/users", key, `{"external_id":"x"}`)
		require.Equal(t, 422, w.Code)
		require.Contains(t, w.Body.String(), "invalid_idempotency_key", "%q", key)
	}
}

// TestWhatIsKeptHoldsNoSecretAndGoesWithItsUser looks into the database.
func TestWhatIsKeptHoldsNoSecretAndGoesWithItsUser(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.settle(t, h.register(t, "Acme"), "c4nary")
	const secret = "s3cretc4nary"
	made := h.send(v.client, "/v1/users", "the-caller's-key", `{"email":"zoe@example.org","password":"`+secret+`"}`)
	require.Equal(t, 201, made.Code)
	order := strings.Replace(v.creating(0)["/v1/connections"], `"oak-redirect"`, `"oak-embedded","credentials":{"login":"1234","password":"`+secret+`"}`, 1)
	require.Equal(t, 202, h.send(v.client, "/v1/connections", "another", order).Code)
	kept := h.rows(t, "SELECT hash, client_id, user_id, fingerprint, location, CAST(body AS TEXT) FROM attempts")
	require.Contains(t, kept, "zoe@example.org")
	require.NotContains(t, kept, secret)
	require.NotContains(t, kept, "the-caller's-key")
	require.Equal(t, 204, h.call("DELETE", made.Header().Get("Location"), v.client, "").Code)
	require.NotContains(t, h.rows(t, "SELECT CAST(body AS TEXT) FROM attempts"), "zoe@example.org")
}
