package storetest

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

var errLimit = fault.New(fault.Internal, "page_limit", "A page has at least one item.")

// order is how a list is sorted: by a place whose texts compare like what they
// stand for.
type order[T any] struct {
	falling bool
	place   func(T) store.Key
	check   func(store.Key) error
}

// byTime sorts by an instant, then by id.
func byTime[T any, ID ident.ID](falling bool, at func(T) time.Time, id func(T) ID) order[T] {
	return order[T]{
		falling: falling,
		place:   func(t T) store.Key { return store.Key{fmt.Sprintf("%019d", at(t).UnixMicro()), string(id(t))} },
		check:   checkKey[ID](func(first string) error { _, err := strconv.ParseInt(first, 10, 64); return err }),
	}
}

// byDay sorts by a day, then by id, newest first.
func byDay[T any, ID ident.ID](day func(T) bank.Day, id func(T) ID) order[T] {
	return order[T]{
		falling: true,
		place:   func(t T) store.Key { return store.Key{string(day(t)), string(id(t))} },
		check:   checkKey[ID](func(first string) error { _, err := bank.ParseDay(first); return err }),
	}
}

func checkKey[ID ident.ID](first func(string) error) func(store.Key) error {
	return func(key store.Key) error {
		if key == nil {
			return nil
		}
		if len(key) != 2 || first(key[0]) != nil {
			return store.ErrCursor
		}
		if _, err := ident.Parse[ID](key[1]); err != nil {
			return store.ErrCursor
		}
		return nil
	}
}

// paged takes a page of what is kept.
func paged[T any](all iter.Seq[T], keep func(T) bool, by order[T], page store.Page) (store.Slice[T], error) {
	if err := by.check(page.After); err != nil {
		return store.Slice[T]{}, err
	}
	if page.Limit < 1 {
		return store.Slice[T]{}, errLimit
	}
	var kept []T
	for item := range all {
		if keep(item) && (page.After == nil || by.compare(by.place(item), page.After) > 0) {
			kept = append(kept, item)
		}
	}
	slices.SortFunc(kept, func(a, b T) int { return by.compare(by.place(a), by.place(b)) })
	if len(kept) <= page.Limit {
		return store.Slice[T]{Items: tidy(kept)}, nil
	}
	kept = kept[:page.Limit]
	return store.Slice[T]{Items: tidy(kept), Next: by.place(kept[page.Limit-1])}, nil
}

func (o order[T]) compare(a, b store.Key) int {
	if o.falling {
		a, b = b, a
	}
	return slices.Compare(a, b)
}

// pointers turns values into what the port deals in.
func pointers[T any](slice store.Slice[T], err error) (store.Slice[*T], error) {
	out := store.Slice[*T]{Next: slice.Next}
	for i := range slice.Items {
		out.Items = append(out.Items, &slice.Items[i])
	}
	return out, err
}

// owns reports whether what belongs to a client and user is the owner's.
func owns(owner store.Owner, client ident.Client, user ident.User) bool {
	return owner.Client == client && (owner.User == "" || owner.User == user)
}
