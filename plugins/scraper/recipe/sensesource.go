package recipe

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// source checks where rows come from.
func (s *sense) source(at place, source Source, known []string) {
	kinds := 0
	for _, set := range []bool{source.Each != "", source.JSON != nil, source.Download != nil} {
		if set {
			kinds++
		}
	}
	if kinds != 1 {
		s.complain(at, "wants exactly one of each (rows of the page), json and download")
	}
	s.wants(at.in("each"), source.Each.check())
	s.expression(at.in("when"), source.When)
	s.expression(at.in("where"), source.Where)
	s.actions(at.in("do"), source.Do, false)
	for i, kind := range source.For {
		if !slices.Contains(s.recipe.AccountTypes, kind) {
			s.complain(at.in("for").item(i), kind+" is not among account_types")
		}
	}
	if source.Empty != nil {
		s.seen(at.in("empty"), *source.Empty)
	}
	if source.More != nil {
		s.click(at.in("more", "click"), source.More.Click)
		if source.Each == "" {
			s.complain(at.in("more"), "further rows are those of a page: it goes with each")
		}
	}
	if j := source.JSON; j != nil {
		s.pattern(at.in("json", "response"), j.Response)
		if (j.CSS == "") == (j.Response == "") {
			s.complain(at.in("json"), "wants either css (an element of the page) or response (the address of an answer)")
		}
	}
	if d := source.Download; d != nil && d.Click != nil {
		s.click(at.in("download", "click"), *d.Click)
	}
	s.fields(at.in("fields"), source, known)
}

func (s *sense) expression(at place, e Expression) {
	if e != "" {
		_, err := e.compile()
		s.wants(at, err)
	}
}

// fields checks the parts of a row: their names, and that there are enough of them.
func (s *sense) fields(at place, source Source, known []string) {
	if source.Download.Fixed() {
		if len(source.Fields) > 0 {
			s.complain(at, "a file of this format says itself what its parts are")
		}
		return
	}
	for name, field := range source.Fields {
		if !slices.Contains(known, name) {
			s.complain(at.in(name), "is not known; known are "+strings.Join(known, ", "))
			continue
		}
		s.field(at.in(name), field)
		if len(field.Column) > 0 && source.Each == "" {
			s.complain(at.in(name, "column"), "is one of a table of the page: it goes with each")
		}
	}
	has := func(one ...string) bool {
		return slices.ContainsFunc(one, func(name string) bool { _, there := source.Fields[name]; return there })
	}
	needs := [][]string{{"date", "value_date", "transaction_date"}, {"amount", "debit", "credit"}}
	if slices.Contains(known, "iban") {
		needs = [][]string{{"id", "iban", "number"}, {"type"}}
	}
	for _, need := range needs {
		if !has(need...) {
			s.complain(at, "wants one of "+strings.Join(need, ", "))
		}
	}
}

func (s *sense) field(at place, f Field) {
	s.pattern(at.in("match"), f.Match)
	s.expression(at.in("expr"), f.Expr)
	if !f.Placed() && f.Const == "" && f.Expr == "" {
		s.complain(at, "says nothing of where it is: get, column, const or expr")
	}
	if f.Placed() && f.Const != "" {
		s.complain(at, "is either const or what get finds")
	}
	if f.If != nil {
		s.flag(at.in("if", "flag"), f.If.Flag)
		s.field(at.in("if", "then"), f.If.Then)
	}
	if kind := at[len(at)-1]; kind == "type" && at[0] == "accounts" {
		for _, value := range append(slices.Collect(maps.Values(f.Map)), f.Const, f.Default) {
			if value != "" && !slices.Contains(s.recipe.AccountTypes, value) {
				s.complain(at, strconv.Quote(value)+" is not among account_types")
			}
		}
	}
}
