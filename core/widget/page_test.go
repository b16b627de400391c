package widget_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/widget"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// opened is a visit that a browser has begun.
func opened(t require.TestingT, order widget.Order) *widget.Session {
	s := widget.New("wid_1", "cli_1", "usr_1", order, secret.New("link"), noon)
	require.NoError(t, s.Open(order.Entries()[0], secret.New("link"), secret.New("browser"), noon))
	return s
}

// TestNext is the whole dispatcher: every stage of a visit with everything that
// can be seen of its connection.
func TestNext(t *testing.T) {
	t.Parallel()
	chosen := widget.Progress{ProviderID: "oak"}
	agreed := widget.Progress{ProviderID: "oak", Terms: "1"}
	made := widget.Progress{ProviderID: "oak", Terms: "1", ConnectionID: "con_1"}
	mending := made
	mending.Mending = true
	ending, renewing := made, made
	ending.Ending, renewing.Renewing = true, "cns_1"
	adding, wanting, both := made, made, mending
	adding.Adding, wanting.Adding, wanting.Terms, both.Adding = true, true, "", true
	strange := mending
	strange.Terms = ""
	for name, c := range map[string]struct {
		progress widget.Progress
		over     bool
		want     func(widget.Seen) widget.Page
	}{
		"inspecting": {widget.Progress{AccountID: "acc_1"}, false, always(widget.Account)},
		"reviewing":  {widget.Progress{Reviewing: "cns_1"}, false, always(widget.Accesses)},
		"ending":     {ending, false, always(widget.Withdraw)},
		"renewing":   {renewing, false, always(widget.Agree)},
		"new":        {widget.Progress{}, false, always(widget.ChooseBank)},
		"chosen":     {chosen, false, always(widget.Agree)},
		"agreed":     {agreed, false, always(widget.Identify)},
		"mending":    {mending, false, always(widget.Identify)},
		"made":       {made, false, byConnection},
		"adding":     {adding, false, before(widget.AddChannel, byConnection)},
		"wanting":    {wanting, false, before(widget.Agree, byConnection)},
		"both":       {both, false, beforeAll(widget.AddChannel, always(widget.Identify))},
		"strange":    {strange, false, byWords},
		"over":       {made, true, always(widget.Over)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := opened(t, widget.Order{})
			s.Progress = c.progress
			if c.over {
				s.Outcome = &widget.Outcome{Result: widget.Success}
			}
			for _, seen := range anything {
				require.Equal(t, c.want(seen), s.Next(seen), "%+v", seen)
			}
		})
	}
}

func always(p widget.Page) func(widget.Seen) widget.Page {
	return func(widget.Seen) widget.Page { return p }
}

// byConnection says what is seen in the order of what matters: a question of the
// bank, a run at work, an outcome.
func byConnection(seen widget.Seen) widget.Page {
	if seen.Asked != widget.AskedNothing {
		return map[widget.Asked]widget.Page{widget.AskedHere: widget.Answer, widget.AskedAtBank: widget.Visit}[seen.Asked]
	}
	if seen.Running {
		return widget.Reading
	}
	if seen.Need == widget.NeedNothing && seen.Offered {
		return widget.ChooseAccounts
	}
	if seen.Need == widget.NeedNothing {
		return widget.Done
	}
	return widget.Trouble
}

// asksMore is when a channel can be added: the bank has one, and all is well with
// those that there are.
func asksMore(seen widget.Seen) bool {
	return seen.Left && (seen.Running && seen.Entered || !seen.Running && seen.Need == widget.NeedNothing)
}

func before(page widget.Page, then func(widget.Seen) widget.Page) func(widget.Seen) widget.Page {
	return func(seen widget.Seen) widget.Page {
		if asksMore(seen) && seen.Asked == widget.AskedNothing {
			return page
		}
		return then(seen)
	}
}

// beforeAll is before of somebody who was at the form of what there is: a question
// of the bank comes first there too.
func beforeAll(page widget.Page, then func(widget.Seen) widget.Page) func(widget.Seen) widget.Page {
	return func(seen widget.Seen) widget.Page {
		if asksMore(seen) {
			return before(page, byConnection)(seen)
		}
		return then(seen)
	}
}

// byWords shows the words first where they are others by now.
func byWords(seen widget.Seen) widget.Page {
	if seen.Lapsed != "" {
		return widget.Agree
	}
	return widget.Identify
}

// anything is made once: the walks look at all of it.
var anything = everything()

func everything() (all []widget.Seen) {
	for _, asked := range []widget.Asked{widget.AskedNothing, widget.AskedHere, widget.AskedAtBank} {
		for _, need := range widget.Needs() {
			for _, running := range []bool{false, true} {
				for bits := range 32 {
					seen := widget.Seen{Asked: asked, Running: running, Need: need, Offered: bits&1 > 0, Entered: bits&2 > 0, Left: bits&4 > 0, Spare: bits&8 > 0}
					if bits&16 > 0 {
						seen.Lapsed = "cns_1"
					}
					all = append(all, seen)
				}
			}
		}
	}
	return all
}

// TestTakes is which page takes what, where the user may choose the bank and the
// client does not wait for the data.
func TestTakes(t *testing.T) {
	t.Parallel()
	more := widget.Progress{ProviderID: "oak", Terms: "1", ConnectionID: "con_1", Adding: true}
	in, none := widget.Progress{ProviderID: "oak", Terms: "1", ConnectionID: "con_1"}, widget.Seen{}
	for name, c := range map[string]struct {
		progress widget.Progress
		seen     widget.Seen
		want     []widget.Input
	}{
		"choose_bank": {widget.Progress{}, none, []widget.Input{widget.Choose, widget.Leave}},
		"agree":       {widget.Progress{ProviderID: "oak"}, none, []widget.Input{widget.Accept, widget.Back, widget.Leave}},
		"identify":    {widget.Progress{ProviderID: "oak", Terms: "1"}, none, []widget.Input{widget.Back, widget.Connect, widget.Leave}},
		"visit":       {in, widget.Seen{Asked: widget.AskedAtBank}, []widget.Input{widget.Leave}},
		"answer":      {in, widget.Seen{Asked: widget.AskedHere}, []widget.Input{widget.Reply, widget.Resend, widget.Leave}},
		"reading":     {in, widget.Seen{Running: true}, []widget.Input{widget.Finish, widget.Leave}},
		"choosing":    {in, widget.Seen{Offered: true}, []widget.Input{widget.Share, widget.Leave}},
		"done":        {in, none, []widget.Input{widget.Another, widget.Finish}},
		"done_so_far": {in, widget.Seen{Left: true}, []widget.Input{widget.Widen, widget.Another, widget.Finish}},
		"more":        {more, widget.Seen{Left: true}, []widget.Input{widget.Connect, widget.Skip, widget.Leave}},
		"more_lost":   {more, widget.Seen{Left: true, Spare: true, Need: widget.NeedCredentials}, []widget.Input{widget.Skip, widget.Mend, widget.Instead, widget.Finish, widget.Leave}},
		"credentials": {in, widget.Seen{Need: widget.NeedCredentials}, []widget.Input{widget.Mend, widget.Instead, widget.Finish, widget.Leave}},
		"sign_in":     {in, widget.Seen{Need: widget.NeedSignIn}, []widget.Input{widget.Again, widget.Instead, widget.Finish, widget.Leave}},
		"bank":        {in, widget.Seen{Need: widget.NeedBank}, []widget.Input{widget.Again, widget.Instead, widget.Finish, widget.Leave}},
		"retry":       {in, widget.Seen{Need: widget.NeedRetry}, []widget.Input{widget.Again, widget.Instead, widget.Finish, widget.Leave}},
		"time":        {in, widget.Seen{Need: widget.NeedTime}, []widget.Input{widget.Instead, widget.Finish, widget.Leave}},
		"anew":        {in, widget.Seen{Need: widget.NeedAnew}, []widget.Input{widget.Instead, widget.Finish, widget.Leave}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := opened(t, widget.Order{})
			s.Progress = c.progress
			var took []widget.Input
			for _, input := range widget.Inputs() {
				if s.Takes(input, c.seen) {
					took = append(took, input)
				}
			}
			require.Equal(t, c.want, took)
		})
	}
}

// managed is a visit of somebody who looks at what is shared.
func managed(t require.TestingT, order widget.Order) *widget.Session {
	s := widget.New("wid_1", "cli_1", "usr_1", order, secret.New("link"), noon)
	require.NoError(t, s.Open(widget.ManageAccounts, secret.New("link"), secret.New("browser"), noon))
	return s
}

func TestManage_takes_what_it_shows(t *testing.T) {
	t.Parallel()
	given := widget.Given{ProviderID: "oak", Connection: "con_1", Account: "acc_1", Consent: "cns_1", Terms: "1"}
	none := widget.Seen{}
	more := func(way ...widget.Input) widget.Seen { // the bank has more where somebody wants it
		return widget.Seen{Left: slices.ContainsFunc(way, func(i widget.Input) bool {
			return slices.Contains([]widget.Input{widget.Widen, widget.Accept, widget.Skip, widget.Back, widget.Connect}, i)
		}) && !slices.Contains(way, widget.Extend)}
	}
	for name, c := range map[string]struct {
		way  []widget.Input
		page widget.Page
		want []widget.Input
	}{
		"overview": {nil, widget.Manage, []widget.Input{widget.Widen, widget.Inspect, widget.Review, widget.Resume, widget.Find, widget.Extend, widget.End, widget.Finish}},
		"account":  {[]widget.Input{widget.Inspect}, widget.Account, []widget.Input{widget.Back, widget.Rename, widget.Remove}},
		"named":    {[]widget.Input{widget.Inspect, widget.Rename}, widget.Manage, nil},
		"removed":  {[]widget.Input{widget.Inspect, widget.Remove}, widget.Manage, nil},
		"accesses": {[]widget.Input{widget.Review}, widget.Accesses, []widget.Input{widget.Back}},
		"reviewed": {[]widget.Input{widget.Review, widget.Back}, widget.Manage, nil},
		"ending":   {[]widget.Input{widget.End}, widget.Withdraw, []widget.Input{widget.Back, widget.Revoke, widget.Erase}},
		"not_so":   {[]widget.Input{widget.End, widget.Back}, widget.Manage, nil},
		"ended":    {[]widget.Input{widget.End, widget.Revoke}, widget.Manage, nil},
		"terms":    {[]widget.Input{widget.Extend}, widget.Agree, []widget.Input{widget.Accept, widget.Back, widget.Leave}},
		"declined": {[]widget.Input{widget.Extend, widget.Back}, widget.Manage, nil},
		"extended": {[]widget.Input{widget.Extend, widget.Accept}, widget.Done, []widget.Input{widget.Overview, widget.Finish}},
		"more":     {[]widget.Input{widget.Widen}, widget.Agree, []widget.Input{widget.Accept, widget.Back, widget.Leave}},
		"asked":    {[]widget.Input{widget.Widen, widget.Accept}, widget.AddChannel, []widget.Input{widget.Connect, widget.Skip, widget.Leave}},
		"not_now":  {[]widget.Input{widget.Widen, widget.Accept, widget.Skip}, widget.Manage, nil},
		"no_words": {[]widget.Input{widget.Widen, widget.Back}, widget.Manage, nil},
		"added":    {[]widget.Input{widget.Widen, widget.Accept, widget.Connect}, widget.Done, nil},
		"found":    {[]widget.Input{widget.Find}, widget.Done, nil},
		"and_back": {[]widget.Input{widget.Find, widget.Overview}, widget.Manage, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, order := range []widget.Order{{}, {ProviderID: "oak", ConnectionID: "con_1"}} {
				s := managed(t, order)
				for _, input := range c.way {
					require.NoError(t, s.Take(input, given, more(input), noon), input)
				}
				none := more(c.way...)
				require.Equal(t, c.page, s.Next(none))
				var took []widget.Input
				for _, input := range widget.Inputs() {
					if s.Takes(input, none) {
						took = append(took, input)
					}
				}
				if c.want != nil {
					require.Equal(t, c.want, took)
				}
			}
		})
	}
	s := managed(t, widget.Order{ProviderID: "oak", ConnectionID: "con_1"})
	require.NoError(t, s.Take(widget.Finish, widget.Given{}, none, noon))
	require.Equal(t, widget.Outcome{Result: widget.Success, ConnectionID: "con_1", At: noon}, *s.Outcome)
}

// TestExtend_of_what_was_forgotten asks for credentials, which nobody has any more.
func TestExtend_of_what_was_forgotten_asks_for_credentials(t *testing.T) {
	t.Parallel()
	s := managed(t, widget.Order{})
	require.NoError(t, s.Take(widget.Extend, widget.Given{ProviderID: "oak", Connection: "con_1", Consent: "cns_1"}, widget.Seen{}, noon))
	require.NoError(t, s.Take(widget.Accept, widget.Given{Terms: "1", Anew: true}, widget.Seen{}, noon))
	require.Equal(t, widget.Identify, s.Next(widget.Seen{}))
}

func TestTakes_heeds_the_order(t *testing.T) {
	t.Parallel()
	fixed := opened(t, widget.Order{ProviderID: "oak"})
	require.Equal(t, widget.Agree, fixed.Next(widget.Seen{}), "the choice is spared")
	require.False(t, fixed.Takes(widget.Back, widget.Seen{}), "there is no choice to go back to")
	fixed.Progress = widget.Progress{ProviderID: "oak", Terms: "1"}
	require.True(t, fixed.Takes(widget.Back, widget.Seen{}), "back to the terms")
	fixed.Progress.ConnectionID = "con_1"
	require.False(t, fixed.Takes(widget.Another, widget.Seen{}))
	require.False(t, fixed.Takes(widget.Instead, widget.Seen{Need: widget.NeedAnew}))
	require.Equal(t, widget.Finish, fixed.Cure(widget.Seen{Need: widget.NeedAnew}))

	captive := opened(t, widget.Order{Captive: true})
	captive.Progress = fixed.Progress
	require.False(t, captive.Takes(widget.Finish, widget.Seen{Running: true}), "it waits for the data")
}

func TestTrouble_always_has_a_cure(t *testing.T) {
	t.Parallel()
	for _, provider := range []string{"", "oak"} {
		for _, need := range widget.Needs() {
			s := opened(t, widget.Order{ProviderID: provider})
			s.Progress = widget.Progress{ProviderID: "oak", Terms: "1", ConnectionID: "con_1"}
			seen := widget.Seen{Need: need}
			require.True(t, s.Takes(s.Cure(seen), seen), "%s", need)
		}
	}
}

// TestWalks goes any way through the pages, with a bank that does anything, and
// with inputs that belong to other pages: no step is skipped, nothing is doubled,
// there is always a way to the end.
func TestWalks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		order := widget.Order{Captive: rapid.Bool().Draw(t, "captive"), ProviderID: rapid.SampledFrom([]string{"", "oak"}).Draw(t, "fixed")}
		if order.ProviderID != "" {
			order.ConnectionID = rapid.SampledFrom([]ident.Connection{"", "con_own"}).Draw(t, "own")
		}
		s, made := opened(t, order), 0
		if rapid.Bool().Draw(t, "managing") {
			s = managed(t, order)
		}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			seen := rapid.SampledFrom(anything).Draw(t, "seen")
			input := rapid.SampledFrom(widget.Inputs()).Draw(t, "input")
			page, before := s.Next(seen), *s
			given := widget.Given{ProviderID: "elm", Terms: "1", Account: "acc_1", Consent: "cns_1"}
			if s.Manages() && input != widget.Connect {
				given.Connection = "con_own"
			}
			if input == widget.Connect && s.Progress.ConnectionID == "" {
				given.Connection = ident.Connection("con_" + string(rune('a'+made%26)))
			}
			took := s.Takes(input, seen)
			err := s.Take(input, given, seen, noon)
			if !took {
				require.ErrorIs(t, err, widget.ErrMoved)
				require.Equal(t, before, *s, "what a page does not take changes nothing")
				continue
			}
			require.NoError(t, err)
			if input == widget.Connect && given.Connection != "" {
				made++
				require.Equal(t, widget.Identify, page)
			}
			keepsItsSteps(t, s, seen, made)
		}
		waysOut(t, s)
	})
}

func keepsItsSteps(t *rapid.T, s *widget.Session, seen widget.Seen, made int) {
	p := s.Progress
	require.Contains(t, widget.Pages(), s.Next(seen))
	require.False(t, p.Mending && p.ConnectionID == "", "nothing to mend")
	if s.Manages() {
		require.False(t, (p.Renewing != "" || p.Ending) && p.ConnectionID == "", "nothing to end")
		require.NotEqual(t, widget.ChooseBank, s.Next(seen), "nothing is added")
		return
	}
	require.False(t, p.Terms != "" && p.ProviderID == "", "terms of no bank")
	require.False(t, p.ConnectionID != s.Order.ConnectionID && p.Terms == "", "a connection without terms")
	require.Len(t, p.Made, made, "each is told once")
	if fixed := s.Order.ProviderID; fixed != "" {
		require.Equal(t, fixed, p.ProviderID, "the client chose the bank")
	}
}

// waysOut: whatever the bank does next, the user can end the visit at once, or
// is on the page of a bank that is done.
func waysOut(t *rapid.T, s *widget.Session) {
	for _, seen := range anything {
		out := *s
		switch page := s.Next(seen); page {
		case widget.Over:
			require.False(t, slices.ContainsFunc(widget.Inputs(), func(i widget.Input) bool { return s.Takes(i, seen) }))
		case widget.Account, widget.Accesses, widget.Withdraw:
			require.NoError(t, out.Take(widget.Back, widget.Given{}, seen, noon))
			require.Equal(t, widget.Manage, out.Next(seen))
		case widget.Done, widget.Manage:
			require.NoError(t, out.Take(widget.Finish, widget.Given{}, seen, noon))
			require.Equal(t, widget.ResultOf(seen), out.Outcome.Result)
		default:
			require.NoError(t, out.Take(widget.Leave, widget.Given{}, seen, noon), page)
			require.Equal(t, widget.Cancelled, out.Outcome.Result)
			require.Equal(t, page, out.Outcome.Step)
		}
	}
}
