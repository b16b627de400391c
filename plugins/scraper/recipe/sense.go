package recipe

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/readable"
	"github.com/tributary-dev/tributary/plugins/scraper/notation"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// sense looks for what a schema cannot see.
type sense struct {
	file   *readable.File
	recipe Recipe
}

// place is where in the file something stands.
type place []string

func (p place) in(segments ...string) place { return append(slices.Clone(p), segments...) }
func (p place) item(i int) place            { return p.in(strconv.Itoa(i)) }

func (s *sense) complain(at place, text string) {
	s.file.Complain(at, strings.Join(at, ".")+": "+text)
}

func (s *sense) wants(at place, err error) {
	if err != nil {
		s.complain(at, err.Error())
	}
}

func (s *sense) pattern(at place, text string) {
	if _, err := regexp.Compile(text); err != nil {
		s.complain(at, "is no pattern (RE2): "+err.Error())
	}
}

func (s *sense) check() {
	r := s.recipe
	if r.Recipe != Language {
		s.complain(place{"recipe"}, "this program reads version "+strconv.Itoa(Language)+" of the language")
	}
	if _, err := time.LoadLocation(r.Bank.Zone); err != nil {
		s.complain(place{"bank", "zone"}, "is no time zone")
	}
	if _, err := sdk.ParseMaintenance(r.Bank.Maintenance); err != nil {
		s.complain(place{"bank", "maintenance"}, err.Error())
	}
	for i, pattern := range r.Locale.Dates {
		_, _, err := notation.Pattern(pattern)
		s.wants(place{"locale", "dates"}.item(i), err)
	}
	s.wants(place{"start"}, r.Start.check())
	for i, host := range r.Hosts {
		s.wants(place{"hosts"}.item(i), Template(host).check())
	}
	names := map[string]bool{}
	for i, c := range r.Credentials {
		if names[c.Name] || c.Name == Answer {
			s.complain(place{"credentials"}.item(i).in("name"), "is taken")
		}
		names[c.Name] = true
		s.pattern(place{"credentials"}.item(i).in("regex"), c.Regex)
	}
	for i, o := range r.Overlays {
		at := place{"overlays"}.item(i)
		s.seen(at.in("seen"), o.Seen)
		s.click(at.in("click"), o.Click)
	}
	s.pages()
	s.actions(place{"log_out"}, r.LogOut, false)
	for i, source := range r.Accounts {
		s.source(place{"accounts"}.item(i), source, accountFields)
	}
	for i, source := range r.Transactions {
		s.source(place{"transactions"}.item(i), source, rowFields)
	}
}

func (s *sense) pages() {
	names, means := map[string]bool{}, map[string]bool{}
	for i, p := range s.recipe.Pages {
		at := place{"pages"}.item(i)
		if names[p.Name] {
			s.complain(at.in("name"), "is taken")
		}
		names[p.Name], means[p.Means] = true, true
		s.seen(at.in("seen"), p.Seen)
		if p.Wrong != nil {
			s.seen(at.in("wrong"), *p.Wrong)
		}
		asks := p.Means == Code || p.Means == ChooseFactor
		if asks && p.Ask == nil {
			s.complain(at.in("means"), "a page that means "+p.Means+" needs ask: what the user is to be asked")
		}
		if p.Ask != nil && !asks && p.Means != Approval {
			s.complain(at.in("ask"), "the user is asked on pages that mean code, choice or approval only")
		}
		if p.Means == ChooseFactor && p.Ask != nil && p.Ask.Options == nil {
			s.complain(at.in("ask"), "needs options: what there is to choose from")
		}
		if (asks || p.Means == LogIn || p.Means == Passing) && len(p.Do) == 0 {
			s.complain(at.in("means"), "a page that means "+p.Means+" needs do: what is done there")
		}
		for j, field := range p.Fields {
			s.named(at.in("fields").item(j), field)
		}
		s.ask(at.in("ask"), p.Ask)
		s.actions(at.in("do"), p.Do, asks)
	}
	for _, needed := range []string{LogIn, Home} {
		if !means[needed] {
			s.complain(place{"pages"}, "no page means "+needed)
		}
	}
}

func (s *sense) ask(at place, a *Ask) {
	if a == nil {
		return
	}
	s.pattern(at.in("regex"), a.Regex)
	if a.Resend != nil {
		s.click(at.in("resend", "click"), a.Resend.Click)
	}
}

func (s *sense) seen(at place, seen Seen) {
	if seen.Empty() {
		s.complain(at, "names nothing to see: css, not, text, title or url")
	}
	s.pattern(at.in("url"), seen.URL)
}

func (s *sense) click(at place, c Click) {
	s.wants(at, c.CSS.check())
	s.wants(at, c.Text.check())
	if c.CSS == "" {
		s.complain(at, "names no element (css)")
	}
}

func (s *sense) named(at place, credential string) {
	if !slices.ContainsFunc(s.recipe.Credentials, func(c Credential) bool { return c.Name == credential }) {
		s.complain(at, strconv.Quote(credential)+" is no credential of this recipe")
	}
}

func (s *sense) flag(at place, flag string) {
	if _, known := s.recipe.Flags[flag]; flag != "" && !known {
		s.complain(at, strconv.Quote(flag)+" is not among flags; known are "+strings.Join(slices.Sorted(maps.Keys(s.recipe.Flags)), ", "))
	}
}

func (s *sense) actions(at place, all []Action, asked bool) {
	for i, a := range all {
		at := at.item(i)
		if a.kinds() != 1 {
			s.complain(at, "wants exactly one of go, fill, click, choose, keypad, wait, enter and close")
		}
		s.flag(at.in("flag"), a.Flag)
		if a.Go != nil {
			s.wants(at.in("go"), a.Go.check())
		}
		if a.Click != nil {
			s.click(at.in("click"), *a.Click)
		}
		if a.Wait != nil {
			s.seen(at.in("wait"), *a.Wait)
			for _, text := range []string{a.Wait.CSS, a.Wait.Text, a.Wait.Title} {
				s.wants(at.in("wait"), Template(text).check())
			}
		}
		s.fill(at.in("fill"), a.Fill, asked)
		s.fill(at.in("choose"), a.Choose, asked)
		s.keypad(at.in("keypad"), a.Keypad, asked)
	}
}

func (s *sense) fill(at place, f *Fill, asked bool) {
	if f == nil {
		return
	}
	s.wants(at.in("in"), f.In.check())
	s.wants(at.in("text"), f.Text.check())
	if (f.With == "") == (f.Text == "") {
		s.complain(at, "wants either with (a credential) or text")
	}
	s.with(at.in("with"), f.With, asked)
}

func (s *sense) with(at place, with string, asked bool) {
	switch {
	case with == Answer && !asked:
		s.complain(at, "nothing was asked on this page")
	case with != "" && with != Answer:
		s.named(at, with)
	}
}

func (s *sense) keypad(at place, k *Keypad, asked bool) {
	if k == nil {
		return
	}
	s.with(at.in("with"), k.With, asked)
	s.pattern(at.in("match"), k.Match)
	if (k.Read == "") == (k.Pictures == nil) {
		s.complain(at, "wants either read (what tells a key's digit) or pictures (their fingerprints)")
	}
	if k.Grid != nil && k.Pictures == nil {
		s.complain(at.in("grid"), "a picture that is divided needs pictures: the fingerprints of its parts")
	}
}
