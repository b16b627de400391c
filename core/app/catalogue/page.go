package catalogue

import (
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

var errLimit = fault.New(fault.Internal, "page_limit", "A page has at least one item.")

func cut(found []provider.Provider, page store.Page) (store.Slice[provider.Provider], error) {
	slices.SortFunc(found, func(a, b provider.Provider) int { return strings.Compare(a.ID, b.ID) })
	if page.Limit < 1 {
		return store.Slice[provider.Provider]{}, errLimit
	}
	if page.After != nil && (len(page.After) != 1 || page.After[0] == "") {
		return store.Slice[provider.Provider]{}, store.ErrCursor
	}
	if page.After != nil {
		after := page.After[0]
		start, _ := slices.BinarySearchFunc(found, after+"\x00", func(p provider.Provider, id string) int { return strings.Compare(p.ID, id) })
		found = found[start:]
	}
	slice := store.Slice[provider.Provider]{Items: found}
	if len(found) > page.Limit {
		slice.Items = found[:page.Limit]
		slice.Next = store.Key{slice.Items[page.Limit-1].ID}
	}
	return slice, nil
}
