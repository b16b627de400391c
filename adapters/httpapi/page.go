package httpapi

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"

	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// PageParams are the parameters of every list.
type PageParams struct {
	Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"500" doc:"How many to give at most."`
	Cursor string `query:"cursor" doc:"The next_cursor of the page before, with the same filters."`
}

// list is a page of anything.
type list[T any] struct {
	Data       []T     `json:"data" doc:"The things, in the list's order."`
	NextCursor *string `json:"next_cursor" doc:"Gives the next page as cursor; null at the end."`
}

// listing is one list as one principal sees it: a cursor of it fits no other.
type listing [12]byte

// newListing binds name, owner and filters; lists of different lengths cannot
// be confused, because JSON keeps the borders.
func newListing(name string, p usecase.Principal, filters ...string) listing {
	text, _ := json.Marshal(append([]string{name, string(p.Client), string(p.User)}, filters...)) // strings always marshal
	sum := sha256.Sum256(text)
	return listing(sum[:len(listing{})])
}

type cursor struct {
	List []byte    `json:"l"`
	Key  store.Key `json:"k"`
}

var encoding = base64.RawURLEncoding.Strict()

// cursorBound keeps absurd texts from being decoded at all.
const cursorBound = 4096

// page reads the parameters; whatever is wrong with a cursor has the same words.
func (l listing) page(params PageParams) (store.Page, error) {
	page := store.Page{Limit: params.Limit}
	if params.Cursor == "" {
		return page, nil
	}
	raw, err := encoding.DecodeString(params.Cursor)
	var c cursor
	if len(params.Cursor) > cursorBound || err != nil || json.Unmarshal(raw, &c) != nil || string(c.List) != string(l[:]) || len(c.Key) == 0 {
		return page, store.ErrCursor
	}
	page.After = c.Key
	return page, nil
}

func (l listing) next(key store.Key) *string {
	if len(key) == 0 {
		return nil
	}
	raw, _ := json.Marshal(cursor{l[:], key}) // bytes and strings always marshal
	text := encoding.EncodeToString(raw)
	return &text
}

// listOf shows a page.
func listOf[S, V any](l listing, slice store.Slice[S], show func(S) V) list[V] {
	return list[V]{Data: each(slice.Items, show), NextCursor: l.next(slice.Next)}
}

// each shows all of them; the result is never nil, which JSON would make null.
func each[S, V any](items []S, show func(S) V) []V {
	shown := make([]V, 0, len(items))
	for _, item := range items {
		shown = append(shown, show(item))
	}
	return shown
}
