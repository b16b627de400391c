package category_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/money"
)

func rule(text string) category.Rule {
	return category.Rule{ID: "rul_1", Text: text, Direction: category.Any, CategoryID: "food.groceries"}
}

func TestRule_Check(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*category.Rule)
		wrong  []string
	}{
		"good":                            {func(*category.Rule) {}, nil},
		"shortest":                        {func(r *category.Rule) { r.Text = " Ré!" }, nil},
		"too short once folded":           {func(r *category.Rule) { r.Text = "*a*" }, []string{"body.text"}},
		"no letter at all":                {func(r *category.Rule) { r.Text = "*** ***" }, []string{"body.text"}},
		"empty":                           {func(r *category.Rule) { r.Text = "" }, []string{"body.text"}},
		"longest":                         {func(r *category.Rule) { r.Text = strings.Repeat("é", 100) }, nil},
		"longest with signs between":      {func(r *category.Rule) { r.Text = strings.Repeat("-", 50) + strings.Repeat("x", 100) }, nil},
		"too long as it is given":         {func(r *category.Rule) { r.Text = "shop" + strings.Repeat("*", 1000) }, []string{"body.text"}},
		"too long":                        {func(r *category.Rule) { r.Text = strings.Repeat("x", 101) }, []string{"body.text"}},
		"too long once folded":            {func(r *category.Rule) { r.Text = strings.Repeat("ß", 51) }, []string{"body.text"}},
		"a control character in the text": {func(r *category.Rule) { r.Text = "shop\x00" }, []string{"body.text"}},
		"no UTF-8":                        {func(r *category.Rule) { r.Text = "shop\xff" }, []string{"body.text"}},
		"longest name":                    {func(r *category.Rule) { r.Name = strings.Repeat("é", 100) }, nil},
		"too long a name":                 {func(r *category.Rule) { r.Name = strings.Repeat("é", 101) }, []string{"body.name"}},
		"a control character in the name": {func(r *category.Rule) { r.Name = "a\nb" }, []string{"body.name"}},
		"no direction":                    {func(r *category.Rule) { r.Direction = "" }, []string{"body.direction"}},
		"another direction":               {func(r *category.Rule) { r.Direction = "UP" }, []string{"body.direction"}},
		"a group":                         {func(r *category.Rule) { r.CategoryID = "food" }, []string{"body.category_id"}},
		"no category":                     {func(r *category.Rule) { r.CategoryID = "" }, []string{"body.category_id"}},
		"everything": {func(r *category.Rule) { *r = category.Rule{Name: "\n"} },
			[]string{"body.text", "body.name", "body.direction"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rule("shop")
			c.change(&r)
			err := r.Check()
			if c.wrong == nil {
				require.NoError(t, err)
				return
			}
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			failure, typed := errors.AsType[*fault.Error](err)
			require.True(t, typed)
			var wrong []string
			for _, detail := range failure.Details {
				wrong = append(wrong, detail.Location)
			}
			require.Equal(t, c.wrong, wrong)
		})
	}
}

func TestRules_Find_texts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		texts []string
		found bool
	}{
		{"carrefour", []string{"CB CARREFOUR CITY"}, true},
		{"CARREFOUR city", []string{"CB Carrefour   City"}, true},
		{"refour", []string{"CB CARREFOUR"}, true}, // within a word
		{"Société Générale", []string{"", "", "SOCIETE GENERALE"}, true},
		{"societe generale", []string{"Société Générale"}, true},
		{"strasse", []string{"Hauptstraße 3"}, true},
		{"amazon.com", []string{"AMAZON COM*7"}, true},
		{"mcdonalds", []string{"McDonald's"}, true},
		{"Молоко", []string{"магазин МОЛОКО"}, true},
		{"carrefour", []string{"CARRE FOUR"}, false},
		{"city paris", []string{"CARREFOUR CITY", "PARIS"}, false}, // across two texts
		{"city paris", []string{"CARREFOUR CITY ", " PARIS"}, false},
		{"carrefour", []string{"", "", ""}, false},
		{"carrefour", nil, false},
		{"a.*c", []string{"abc"}, false}, // no pattern
	} {
		_, found := category.Arrange([]category.Rule{rule(c.text)}).Find(money.Must("-1", "EUR"), c.texts...)
		require.Equal(t, c.found, found, "%q in %q", c.text, c.texts)
	}
}

func TestRules_Find_directions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		direction category.Direction
		amount    string
		found     bool
	}{
		{category.Any, "-1", true}, {category.Any, "0", true}, {category.Any, "1", true},
		{category.Debit, "-1", true}, {category.Debit, "0", false}, {category.Debit, "1", false},
		{category.Credit, "-1", false}, {category.Credit, "0", false}, {category.Credit, "1", true},
	} {
		r := rule("shop")
		r.Direction = c.direction
		_, found := category.Arrange([]category.Rule{r}).Find(money.Must(c.amount, "EUR"), "SHOP")
		require.Equal(t, c.found, found, "%s %s", c.direction, c.amount)
	}
}

func TestRules_Find_order(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	made := func(id, user, text string, later int) category.Rule {
		r := rule(text)
		r.ID, r.UserID, r.CreatedAt = ident.Rule(id), ident.User(user), noon.Add(time.Duration(later))
		return r
	}
	for name, rules := range map[string][]category.Rule{ // the first decides
		"a user's own before a longer one of its client": {made("1", "u", "shop", 5), made("2", "", "the shop", 0)},
		"the longest text":                                {made("1", "u", "the shop", 5), made("2", "u", "shop", 0)},
		"the longest text once folded":                    {made("1", "u", "the shop", 5), made("2", "u", "shop********", 0)},
		"the longest in letters, not in bytes":            {made("1", "", "shop x", 5), made("2", "", "ж shö", 0)},
		"the oldest of one length":                        {made("2", "u", "the sh", 0), made("1", "u", "shop x", 1)},
		"at one time the lower id":                        {made("1", "u", "shop x", 0), made("2", "u", "the sh", 0)},
		"one that is not found does not stand in the way": {made("1", "", "shop", 5), made("2", "u", "another shop", 0)},
	} {
		for _, order := range [][]category.Rule{{rules[0], rules[1]}, {rules[1], rules[0]}} {
			found, ok := category.Arrange(order).Find(money.Must("-1", "EUR"), "THE SHOP X", "ж shö")
			require.True(t, ok, name)
			require.Equal(t, rules[0], found, name)
		}
	}
}

func TestRules_None(t *testing.T) {
	t.Parallel()
	require.True(t, category.Rules{}.None())
	require.True(t, category.Arrange(nil).None())
	require.False(t, category.Arrange([]category.Rule{rule("shop")}).None())
}

// TestRules_Find_property compares with a search that knows no order of its
// own: whatever order the rules come in, the decider is found in the movement
// and nothing that is found comes before it.
func TestRules_Find_property(t *testing.T) {
	t.Parallel()
	words := rapid.SampledFrom([]string{"aa", "ab", "ba", "aab", "abba", "é", "b c", "zz", "AB!"})
	rapid.Check(t, func(t *rapid.T) {
		var rules []category.Rule
		for i := range rapid.IntRange(0, 12).Draw(t, "rules") {
			rules = append(rules, category.Rule{
				ID: ident.Rule(fmt.Sprintf("rul_%02d", i)), UserID: rapid.SampledFrom([]ident.User{"", "usr_1"}).Draw(t, "user"),
				Text:      strings.Join(rapid.SliceOfN(words, 1, 3).Draw(t, "text"), ""),
				Direction: rapid.SampledFrom([]category.Direction{category.Any, category.Debit, category.Credit}).Draw(t, "direction"),
				CreatedAt: time.Unix(int64(rapid.IntRange(0, 2).Draw(t, "at")), 0),
			})
		}
		amount := money.Must(rapid.SampledFrom([]string{"-1", "0", "1"}).Draw(t, "amount"), "EUR")
		label := strings.Join(rapid.SliceOfN(words, 0, 6).Draw(t, "label"), "")
		alone := func(r category.Rule) bool {
			_, ok := category.Arrange([]category.Rule{r}).Find(amount, label)
			return ok
		}
		found, ok := category.Arrange(rules).Find(amount, label)
		require.Equal(t, slices.ContainsFunc(rules, alone), ok)
		shuffled := rapid.Permutation(rules).Draw(t, "shuffled")
		again, _ := category.Arrange(shuffled).Find(amount, label)
		require.Equal(t, found, again, "the order of the list does not matter")
		if !ok {
			return
		}
		require.True(t, alone(found))
		for _, r := range rules {
			if r.ID != found.ID && alone(r) {
				require.True(t, precedes(found, r), "%+v before %+v", found, r)
			}
		}
	})
}

// precedes says in other words which of two rules decides.
func precedes(a, b category.Rule) bool {
	letters := func(r category.Rule) int {
		return utf8.RuneCountInString(strings.Join(strings.Fields(strings.ReplaceAll(r.Text, "!", " ")), " "))
	}
	switch own, other := a.UserID != "", b.UserID != ""; {
	case own != other:
		return own
	case letters(a) != letters(b):
		return letters(a) > letters(b)
	case !a.CreatedAt.Equal(b.CreatedAt):
		return a.CreatedAt.Before(b.CreatedAt)
	}
	return a.ID < b.ID
}

// BenchmarkRules looks through as many rules as one can have, of which none is
// found although each nearly is.
func BenchmarkRules(b *testing.B) {
	amount := money.Must("-12.30", "EUR")
	for _, count := range []int{0, 10, 1000, 2000} {
		var rules []category.Rule
		for i := range count {
			rules = append(rules, rule(fmt.Sprintf("carrefour market number %d", i)))
		}
		arranged := category.Arrange(rules)
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				arranged.Find(amount, "Carrefour Market Paris", "CB CARREFOUR MARKET PARIS 11 12/03/26", "CARREFOUR SA")
			}
		})
	}
}
