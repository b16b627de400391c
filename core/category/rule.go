package category

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/money"
)

// Bounds of rules: what one description costs grows with all of them.
const (
	// MaxRules is how many a client may have for all its users, and a user for
	// itself.
	MaxRules = 1000
	// ShortestText and LongestText bound a rule's text, in letters of its folded form.
	ShortestText, LongestText = 2, 100
	longestName               = 100
	// longestGiven bounds a text before it is folded, in bytes.
	longestGiven = 1000
)

// Direction restricts a rule to money that leaves or arrives.
type Direction string

// Directions.
const (
	Any    Direction = "ANY"
	Debit  Direction = "DEBIT"
	Credit Direction = "CREDIT"
)

var ways = map[Direction]way{Any: either, Debit: out, Credit: in}

// Rule gives a category to movements that a text is found in. It is a client's,
// for all its users, or one user's own; it is made and deleted, never changed.
type Rule struct {
	ID       ident.Rule
	ClientID ident.Client
	// UserID is empty in a client's own rule.
	UserID     ident.User
	Name       string
	Text       string
	Direction  Direction
	CategoryID string
	CreatedAt  time.Time
}

// Errors of rules.
var (
	ErrRuleNotFound = fault.New(fault.NotFound, "category_rule_not_found", "There is no such rule.")
	ErrRule         = fault.New(fault.Invalid, "invalid_category_rule", "The rule is not acceptable.")
	ErrTooManyRules = fault.New(fault.Conflict, "too_many_category_rules", "There are 1,000 rules already: delete one first.")
)

// Check names everything that is wrong with a rule.
func (r Rule) Check() error {
	var wrong []fault.Detail
	if n := utf8.RuneCountInString(needle(r.Text)); n < ShortestText || n > LongestText || len(r.Text) > longestGiven || unprintable(r.Text) {
		wrong = append(wrong, fault.At("body.text", "wants 2 to 100 letters, digits and spaces; other signs do not count"))
	}
	if utf8.RuneCountInString(r.Name) > longestName || unprintable(r.Name) {
		wrong = append(wrong, fault.At("body.name", "has at most 100 characters, and no control characters"))
	}
	if _, known := ways[r.Direction]; !known {
		wrong = append(wrong, fault.At("body.direction", "is ANY, DEBIT or CREDIT"))
	}
	if len(wrong) > 0 {
		return ErrRule.With(wrong...)
	}
	return Assignable(r.CategoryID)
}

func unprintable(text string) bool {
	return !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl)
}

// needle is a text as it is looked for: folded, within words or across them.
func needle(text string) string { return strings.TrimSpace(fold(text)) }

// Rules are what applies to one user, in the order of their say. The zero value
// is none.
type Rules struct{ ordered []prepared }

type prepared struct {
	rule  Rule
	text  string
	pairs digrams
	way   way
}

// Arrange puts rules into their order: a user's own before its client's, the
// longest text first, then the oldest.
func Arrange(rules []Rule) Rules {
	var all Rules
	for _, r := range rules {
		text := needle(r.Text)
		all.ordered = append(all.ordered, prepared{r, text, digramsOf(text), ways[r.Direction]})
	}
	slices.SortFunc(all.ordered, func(a, b prepared) int {
		return cmp.Or(
			cmp.Compare(rank(a.rule), rank(b.rule)),
			cmp.Compare(utf8.RuneCountInString(b.text), utf8.RuneCountInString(a.text)),
			a.rule.CreatedAt.Compare(b.rule.CreatedAt),
			cmp.Compare(a.rule.ID, b.rule.ID),
		)
	})
	return all
}

func rank(r Rule) int {
	if r.UserID != "" {
		return 0
	}
	return 1
}

// None reports whether there is no rule at all.
func (r Rules) None() bool { return len(r.ordered) == 0 }

// Find gives the rule that decides about a movement: the first whose text stands
// in one of the movement's texts. These are folded once, whatever the number of rules.
func (r Rules) Find(amount money.Amount, texts ...string) (Rule, bool) {
	if r.None() {
		return Rule{}, false
	}
	var folded strings.Builder
	for _, text := range texts {
		folded.WriteString(fold(text)) // each between spaces: no needle crosses two of them
	}
	hay, way := folded.String(), direction(amount)
	pairs := digramsOf(hay)
	for i := range r.ordered {
		p := &r.ordered[i]
		if (p.way == either || p.way == way) && p.pairs.within(&pairs) && strings.Contains(hay, p.text) {
			return p.rule, true
		}
	}
	return Rule{}, false
}
