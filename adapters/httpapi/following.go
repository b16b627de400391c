package httpapi

import (
	"encoding/json"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// following is the feed of transactions as one client, or one of its users,
// reads it. Its cursors last: another form of them needs another version, and
// this one has to be read for a year more.
type following listing

const followingVersion = 1

type followingCursor struct {
	Version int      `json:"v"`
	Feed    []byte   `json:"f"`
	Place   [3]int64 `json:"p"`
}

// newFollowing takes the user's own token and the client's with that user_id
// for the same reader.
func newFollowing(c ident.Client, u ident.User) following {
	return following(newListing("transactions/sync", usecase.Principal{Client: c, User: u}))
}

func (f following) cursor(at store.Place) string {
	raw, _ := json.Marshal(followingCursor{followingVersion, f[:], [3]int64{at.Seq, int64(at.Told), at.Since}}) // bytes and numbers always marshal
	return encoding.EncodeToString(raw)
}

// place reads a cursor; none is the beginning. A place has one cursor: whatever
// is not letter by letter what we gave out is none.
func (f following) place(text string) (store.Place, error) {
	if text == "" {
		return store.Place{}, nil
	}
	raw, err := encoding.DecodeString(text)
	var c followingCursor
	if len(text) > cursorBound || err != nil || json.Unmarshal(raw, &c) != nil {
		return store.Place{}, store.ErrCursor
	}
	at := store.Place{Seq: c.Place[0], Told: int(c.Place[1]), Since: c.Place[2]}
	if f.cursor(at) != text {
		return store.Place{}, store.ErrCursor
	}
	return at, nil
}

// followed are the events that tell of what the feed has, too.
var followed = map[event.Name]bool{
	event.TransactionsAdded: true, event.TransactionsModified: true, event.TransactionsRemoved: true,
	event.AccountsDeleted: true, event.ConnectionDeleted: true,
}

// dataOf is an event's data. Where the event tells of transactions it says how
// to read which: what comes from its number on is at least what it tells of.
func dataOf(e event.Event) map[string]any {
	data := map[string]any{}
	for name, value := range e.Data {
		data[name] = value
	}
	if followed[e.Name] {
		data["sync_cursor"] = newFollowing(e.ClientID, e.UserID).cursor(store.Place{Seq: e.Seq})
	}
	return data
}
