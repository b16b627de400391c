package walker

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store"
)

// told is all that a caller can tell two answers apart by.
func told(w *httptest.ResponseRecorder) string {
	var b strings.Builder
	fmt.Fprintln(&b, w.Code)
	_ = w.Result().Header.Write(&b)
	b.WriteString(w.Body.String())
	return b.String()
}

// TestTheOwnerReachesEverything is the walk's own proof: with the owner's token
// each call arrives, so that where a stranger is refused it is for being one.
func TestTheOwnerReachesEverything(t *testing.T) {
	t.Parallel()
	for _, o := range operations(t) {
		for _, clientMode := range []bool{false, true} {
			if o.clientOnly() && !clientMode {
				continue
			}
			t.Run(fmt.Sprintf("%s/client_mode_%t", o.OperationID, clientMode), func(t *testing.T) {
				t.Parallel()
				h := open(t)
				v := h.settle(t, h.register(t, "Acme"), "c4nary")
				token := v.user
				if clientMode {
					token = v.client
				}
				for _, filter := range v.filters(t, o) {
					if clientMode && strings.HasPrefix(filter, "?cursor=") {
						continue // it is the user's
					}
					if cursor, is := strings.CutPrefix(filter, "?cursor="); is && cursor != v.cursors[o.path] {
						continue // the list is one page long
					}
					w := h.call(o.method, v.target(t, o)+filter, token, v.content(t, o, clientMode))
					require.Less(t, w.Code, 300, "%s%s: %s", o.OperationID, filter, w.Body)
				}
			})
		}
	}
}

// scene is a house with a victim and with those who try.
type scene struct {
	*house
	victim resident
	// nobodies have no token that counts, intruders a good one of somebody else.
	nobodies, intruders map[string]string
}

func set(t *testing.T) scene {
	t.Helper()
	h := open(t)
	acme, other, closed := h.register(t, "Acme"), h.register(t, "Other"), h.register(t, "Closed")
	s := scene{house: h, victim: h.settle(t, acme, "v1ctim")}
	eve, mallory, gone, erased := h.settle(t, acme, "eve"), h.settle(t, other, "mallory"), h.settle(t, closed, "gone"), h.settle(t, acme, "erased")
	require.Equal(t, 204, h.call("DELETE", "/v1/users/me", erased.user, "").Code)
	h.update(t, func(tx store.Tx) error {
		c, err := tx.Clients().Get(t.Context(), closed.id)
		c.Disabled = true
		if err != nil {
			return err
		}
		return tx.Clients().Put(t.Context(), c)
	})
	s.intruders = map[string]string{
		"another client": mallory.client, "a user of another client": mallory.user, "another user of the same client": eve.user,
	}
	again := login(s.victim.canary + "@example.org")
	oldUser, _, _ := h.grant(t, h.past, acme, again)
	oldClient, _, _ := h.grant(t, h.past, acme, url.Values{"grant_type": {"client_credentials"}})
	s.nobodies = map[string]string{
		"no token": "", "a malformed token": "not a token", "an unknown token": strings.Repeat("x", len(s.victim.user)),
		"a token with one letter changed": changed(s.victim.user),
		"a refresh token":                 s.victim.renew, "an expired token of the user": oldUser, "an expired token of the client": oldClient,
		"a revoked token of the user": h.revoked(t, acme, again), "a revoked token of the client": h.revoked(t, acme, url.Values{"grant_type": {"client_credentials"}}),
		"a token of a disabled client": gone.client, "a token of a user of a disabled client": gone.user, "a token of an erased user": erased.user,
	}
	return s
}

func changed(token string) string {
	last := "a"
	if strings.HasSuffix(token, last) {
		last = "b"
	}
	return token[:len(token)-1] + last
}

func (h *house) revoked(t *testing.T, a application, form url.Values) string {
	t.Helper()
	token, _, _ := h.grant(t, h.api, a, form)
	h.form(t, h.api, "/oauth/revoke", a, url.Values{"token": {token}})
	return token
}

// TestIsolation walks every call with every token that is not enough, about the
// victim's things and about ones that do not exist: both have the same answer, it
// is a refusal, nothing is written, no event told (claim A1). So have both the
// same way through the store, line by line of ours: what takes the same steps
// takes the same time, as far as it is up to us. BenchmarkForeign measures that.
func TestIsolation(t *testing.T) {
	t.Parallel()
	s := set(t)
	before := s.everything(t)
	walked := 0
	for _, o := range operations(t) {
		for name, token := range s.nobodies {
			walked += s.tries(t, o, name, token, 401)
		}
		if len(o.scopes()) > 0 {
			walked += s.tries(t, o, "the user, without the scope", s.less(t, o, true), 403)
			walked += s.tries(t, o, "the client, without the scope", s.less(t, o, false), 403)
		}
		if o.clientOnly() {
			walked += s.tries(t, o, "the user, where a client is needed", s.victim.user, 403)
		}
		for name, token := range s.intruders {
			walked += s.intrudes(t, o, name, token)
		}
	}
	require.Greater(t, walked, 600, "the walk goes nowhere")
	require.Equal(t, before, s.everything(t), "somebody else changed something")
}

// less is a token of the victim that lacks what a call needs, and only that.
func (s scene) less(t *testing.T, o operation, user bool) string {
	t.Helper()
	form, all := url.Values{"grant_type": {"client_credentials"}}, s.victim.scopes.client
	if user {
		form, all = login(s.victim.canary+"@example.org"), s.victim.scopes.user
	}
	kept := slices.DeleteFunc(strings.Fields(all), func(scope string) bool { return slices.Contains(o.scopes(), scope) })
	require.NotEmpty(t, kept)
	form.Set("scope", strings.Join(kept, " "))
	token, _, given := s.grant(t, s.api, s.victim.application, form)
	require.ElementsMatch(t, kept, strings.Fields(given))
	return token
}

// tries makes a call with a token that has to be refused, whatever it names.
func (s scene) tries(t *testing.T, o operation, who, token string, status int) (calls int) {
	t.Helper()
	theirs, none := s.victim.belongings, nobodys()
	missing := none.filters(t, o)
	for i, filter := range theirs.filters(t, o) {
		got, way := s.followed(o.method, theirs.target(t, o)+filter, token, theirs.content(t, o, true))
		want, same := s.followed(o.method, none.target(t, o)+missing[i], token, none.content(t, o, true))
		require.Equal(t, same, way, "%s: %s%s: the store is asked otherwise", who, o.OperationID, filter)
		require.Equal(t, status, got.Code, "%s: %s%s: %s", who, o.OperationID, filter, got.Body)
		s.alike(t, fmt.Sprintf("%s: %s%s", who, o.OperationID, filter), want, got)
		calls++
	}
	return calls
}

// intrudes makes a call about somebody else's things with a good token.
func (s scene) intrudes(t *testing.T, o operation, who, token string) (calls int) {
	t.Helper()
	theirs, none := s.victim.belongings, nobodys()
	missing := none.filters(t, o)
	for i, filter := range theirs.filters(t, o) {
		target, body := theirs.target(t, o)+filter, theirs.content(t, o, true)
		if !theirs.names(target, body) {
			continue // it is about nobody
		}
		got, way := s.followed(o.method, target, token, body)
		want, same := s.followed(o.method, none.target(t, o)+missing[i], token, none.content(t, o, true))
		call := fmt.Sprintf("%s: %s%s", who, o.OperationID, filter)
		require.NotEmpty(t, way, call)
		require.Equal(t, same, way, "%s: the store is asked otherwise", call)
		switch {
		case strings.HasPrefix(filter, "?cursor=") && o.clientOnly():
			require.Contains(t, []int{403, 422}, got.Code, "%s: %s", call, got.Body) // whether a user asks or another client
		case strings.HasPrefix(filter, "?cursor="):
			require.Equal(t, 422, got.Code, "%s: %s", call, got.Body)
		case got.Code == 200: // a filter that nothing passes
			require.NotEmpty(t, filter, call)
			require.JSONEq(t, `{"data":[],"next_cursor":null}`, got.Body.String(), call)
		default:
			require.Contains(t, []int{403, 404}, got.Code, "%s: %s", call, got.Body)
		}
		s.alike(t, call, want, got)
		calls++
	}
	return calls
}

// followed makes a call and tells its way through the store.
func (s scene) followed(method, target, token, body string) (*httptest.ResponseRecorder, []string) {
	s.trail.take()
	w := s.call(method, target, token, body)
	return w, s.trail.take()
}

func (s scene) alike(t *testing.T, call string, want, got *httptest.ResponseRecorder) {
	t.Helper()
	require.Equal(t, told(want), told(got), "%s: it differs from what does not exist", call)
	require.NotContains(t, told(got), s.victim.canary, call)
	for _, id := range s.victim.all() {
		require.NotContains(t, told(got), id, call)
	}
}
