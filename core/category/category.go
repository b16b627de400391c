// Package category owns the taxonomy of movements and the first rules that
// assign it. The table is generated; its ids are never renamed or reused.
package category

import "github.com/tributary-dev/tributary/core/bank"

// Group is the upper level.
type Group struct {
	ID      string
	Code    int
	Name    bank.Text
	Default string
	Members []Category
}

// Category is the lower level: what a movement is given.
type Category struct {
	ID    string
	Code  int
	Group string
	// Kind is income, expense or neutral.
	Kind string
	Name bank.Text
}
