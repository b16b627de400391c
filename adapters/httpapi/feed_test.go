package httpapi

import (
	"encoding/base64"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

const syncPath = "/v1/transactions/sync"

func (g *rig) follow(t *testing.T, query, token string) map[string]any {
	t.Helper()
	w := g.call("GET", syncPath+"?"+query, token, "")
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	return decoded(t, w)
}

func ids(page map[string]any, list string) (all []string) {
	for _, item := range page[list].([]any) {
		all = append(all, item.(map[string]any)["id"].(string))
	}
	return all
}

func TestFollowing(t *testing.T) {
	t.Parallel()

	t.Run("Begins_at_the_beginning_and_reads_on", func(t *testing.T) {
		t.Parallel()
		g := newRig()
		page := g.follow(t, "", clientToken)
		require.Equal(t, [2]any{store.Place{}, 100}, g.seen["changes"])
		require.Equal(t, true, page["has_more"])
		require.Equal(t, []string{txn}, ids(page, "added"))
		require.Equal(t, []string{string(bareTransaction().ID)}, ids(page, "modified"))
		require.Equal(t, []any{map[string]any{"id": txn}}, page["removed"])
		again := g.follow(t, "limit=7&cursor="+page["next_cursor"].(string), clientToken)
		require.Equal(t, [2]any{store.Place{Seq: 42, Told: 7, Since: 40}, 7}, g.seen["changes"])
		require.Equal(t, page["next_cursor"], again["next_cursor"], "a place has one cursor")
	})

	t.Run("From_now_on_without_a_row", func(t *testing.T) {
		t.Parallel()
		g := newRig()
		page := g.follow(t, "cursor=now", clientToken)
		require.NotContains(t, g.seen, "changes")
		next := page["next_cursor"].(string)
		delete(page, "next_cursor")
		require.Equal(t, map[string]any{"added": []any{}, "modified": []any{}, "removed": []any{}, "has_more": false}, page)
		g.follow(t, "cursor="+next, clientToken)
		require.Equal(t, [2]any{store.Place{Seq: 44}, 100}, g.seen["changes"])
	})

	t.Run("One_user_is_the_same_to_its_own_token_and_to_the_client", func(t *testing.T) {
		t.Parallel()
		g := newRig()
		page := g.follow(t, "", userToken)
		g.follow(t, "user_id="+usr+"&cursor="+page["next_cursor"].(string), clientToken)
		require.EqualValues(t, usr, g.principal.User)
		require.Equal(t, [2]any{store.Place{Seq: 42, Told: 7, Since: 40}, 100}, g.seen["changes"])
	})
}

func TestCursorsOfAnotherFeedAreRefused(t *testing.T) {
	t.Parallel()
	g := newRig()
	other := newRig(func(c *Config) {
		c.Authenticator = holder{&usecase.Principal{Client: "cli_other", Scopes: []client.Scope{client.TransactionsRead}}}
	})
	own := g.follow(t, "", clientToken)["next_cursor"].(string)
	raw, err := encoding.DecodeString(own)
	require.NoError(t, err)
	reworded := func(from, to string) string {
		text := strings.Replace(string(raw), from, to, 1)
		require.NotEqual(t, string(raw), text)
		return encoding.EncodeToString([]byte(text))
	}
	for name, query := range map[string]string{
		"of one user": "cursor=" + g.follow(t, "", userToken)["next_cursor"].(string), "of all users for one": "user_id=" + usr + "&cursor=" + own,
		"of another client": "cursor=" + other.follow(t, "", "any")["next_cursor"].(string), "of a list": "cursor=" + g.firstCursor(t, "/v1/transactions"),
		"of another version": "cursor=" + reworded(`"v":1`, `"v":2`), "with more inside": "cursor=" + reworded(`"v":1`, `"v":1,"x":1`),
		"with a longer place": "cursor=" + reworded(`]`, `,1]`), "with a shorter one": "cursor=" + reworded(`,40]`, `]`), "no base64": "cursor=%21",
		"padded": "cursor=" + url.QueryEscape(base64.URLEncoding.EncodeToString(append(raw, ' '))), "cut": "cursor=" + own[:len(own)-1], "with more behind": "cursor=" + own + "A",
		"no JSON": "cursor=" + encoding.EncodeToString([]byte("{")), "very long": "cursor=" + strings.Repeat("A", 5000), "NOW": "cursor=NOW",
	} {
		t.Run(name, func(t *testing.T) {
			delete(g.seen, "changes")
			refused(t, g.call("GET", syncPath+"?"+query, clientToken, ""), http.StatusUnprocessableEntity, "invalid_cursor")
			require.NotContains(t, g.seen, "changes")
		})
	}
}

func TestFollowingCursors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Int64Range(0, math.MaxInt64)
		at := store.Place{Seq: number.Draw(t, "seq"), Told: int(number.Draw(t, "told")), Since: number.Draw(t, "since")}
		f := newFollowing("cli_a", "usr_a")
		got, err := f.place(f.cursor(at))
		require.NoError(t, err)
		require.Equal(t, at, got)
		_, err = newFollowing("cli_a", "").place(f.cursor(at))
		require.Equal(t, store.ErrCursor, err)
		_, err = f.place(rapid.String().Filter(func(s string) bool { return s != "" }).Draw(t, "noise"))
		require.Equal(t, store.ErrCursor, err)
	})
}

// TestCursorsLast: what was given out has to be read for at least a year. A
// failure here asks for another version beside this one.
func TestCursorsLast(t *testing.T) {
	t.Parallel()
	at, err := newFollowing("cli_a", "usr_a").place("eyJ2IjoxLCJmIjoiRTI1QUdLM1BnRDZVZHA0YyIsInAiOls0Miw3LDQwXX0")
	require.NoError(t, err)
	require.Equal(t, store.Place{Seq: 42, Told: 7, Since: 40}, at)
}

func TestEventsLeadIntoTheFeed(t *testing.T) {
	t.Parallel()
	leading := []event.Name{event.TransactionsAdded, event.TransactionsModified, event.TransactionsRemoved, event.AccountsDeleted, event.ConnectionDeleted}
	for _, name := range event.Names() {
		e := event.Event{Seq: 43, ClientID: sampleClient, Draft: event.Draft{Name: name, UserID: ident.User(usr), Data: event.Data{"count": 1}}}
		data := showEvent(e).Data
		require.Equal(t, 1, data["count"])
		require.NotContains(t, e.Data, "sync_cursor", "the event stays as it is")
		if !slices.Contains(leading, name) {
			require.NotContains(t, data, "sync_cursor", name)
			continue
		}
		cursor, g := data["sync_cursor"].(string), newRig()
		for query, token := range map[string]string{"": userToken, "user_id=" + usr + "&": clientToken} {
			g.follow(t, query+"cursor="+cursor, token)
			require.Equal(t, [2]any{store.Place{Seq: 43}, 100}, g.seen["changes"], name)
		}
		refused(t, g.call("GET", syncPath+"?cursor="+cursor, clientToken, ""), http.StatusUnprocessableEntity, "invalid_cursor")
	}
}
