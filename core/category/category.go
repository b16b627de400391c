// Package category owns the taxonomy of movements, what assigns it (the engine,
// and rules that clients and users give), and the readable label of a movement.
// The table is generated from taxonomy.json; it knows nothing of accounts or of
// who is asked.
//
// Invariant: ids and codes are never renamed or reused; every assignment names
// a category of the table.
package category

//go:generate go run ./gen

import (
	"strconv"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/fault"
)

// Group is the upper level.
type Group struct {
	ID   string
	Code int
	Name bank.Text
	// Default is the member for those who are sure of the group only.
	Default string
	Members []Category
}

// Category is the lower level: what a movement is given.
type Category struct {
	ID    string
	Code  int
	Group string
	// Kind is income, expense or neutral; neutral ones stay out of budgets.
	Kind string
	Name bank.Text
	// Successor takes over from a deprecated category; empty while in use.
	Successor string
}

// Deprecated reports whether the category is given to no new movement.
func (c Category) Deprecated() bool { return c.Successor != "" }

// Groups lists the taxonomy in its order. The texts are shared: do not write to them.
func Groups() []Group {
	groups := make([]Group, len(table))
	for i, group := range table {
		groups[i] = group
		groups[i].Members = append([]Category(nil), group.Members...)
	}
	return groups
}

// ByID finds a category; a group's id is not one.
func ByID(id string) (Category, bool) {
	found, ok := index[id]
	return found, ok
}

// ErrUnknown says that an id names no category that movements are given.
var ErrUnknown = fault.New(fault.Invalid, "unknown_category", "There is no such category.").
	With(fault.At("body.category_id", "is no category"))

// Assignable fails with ErrUnknown unless movements are given this category.
func Assignable(id string) error {
	if found, ok := index[id]; !ok || found.Deprecated() {
		return ErrUnknown
	}
	return nil
}

// Expand gives the categories that an id stands for: of a group its members,
// of a category itself, of anything else nothing.
func Expand(id string) []string {
	if _, ok := index[id]; ok {
		return []string{id}
	}
	var members []string
	for _, group := range table {
		if group.ID != id {
			continue
		}
		for _, member := range group.Members {
			members = append(members, member.ID)
		}
	}
	return members
}

var index = indexed()

func indexed() map[string]Category {
	all := map[string]Category{}
	for _, group := range table {
		for _, member := range group.Members {
			all[member.ID] = member
		}
	}
	return all
}

type codeSpan struct {
	from, to int
	id       string
}

// byMerchantCode reads an ISO 18245 code of four digits.
func byMerchantCode(code string) (string, bool) {
	number, err := strconv.ParseUint(code, 10, 16)
	if err != nil || len(code) != 4 {
		return "", false
	}
	for _, span := range merchantCodes {
		if int(number) >= span.from && int(number) <= span.to {
			return span.id, true
		}
	}
	return "", false
}
