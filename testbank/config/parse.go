package config

import (
	"errors"
	"reflect"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// MaxBytes is the largest file that is read.
const MaxBytes = 1 << 20

// Parse reads a configuration, fills in defaults and checks all of it. The error is always of type Mistakes and
// lists every mistake; only a file that is no YAML at all, or far from a
// configuration, stops at the first one.
func Parse(text []byte) (*File, error) {
	if len(text) > MaxBytes {
		return nil, Mistakes{{Line: 1, Column: 1, Reason: "the file is larger than 1 MiB"}}
	}
	tokens := lexer.Tokenize(string(text))
	if mistake := tooMuch(tokens); mistake != nil {
		return nil, Mistakes{*mistake}
	}
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, Mistakes{syntaxMistake(err)}
	}
	var bodies []ast.Node
	for _, doc := range tree.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	if len(bodies) == 0 {
		return nil, Mistakes{{Line: 1, Column: 1, Reason: "the file is empty"}}
	}
	r := &reader{places: map[string]*token.Position{}}
	if len(bodies) > 1 {
		r.fault(start(bodies[1]), "the file must hold one YAML document")
	}
	file := &File{}
	r.mapping("", bodies[0], reflect.ValueOf(file).Elem())
	(&checker{reader: r}).file(file)
	if len(r.mistakes) > 0 {
		r.mistakes.sort()
		return nil, r.mistakes
	}
	file.fillDefaults()
	return file, nil
}

func (f *File) fillDefaults() {
	f.Bank = f.Bank.withDefaults()
	for i := range f.Personas {
		f.Personas[i].Challenge = f.Personas[i].Challenge.withDefaults()
		orText(&f.Personas[i].LogIn, f.Bank.Site.LogIn)
	}
	for i := range f.Accounts {
		f.Accounts[i].Feed = f.Accounts[i].Feed.over(f.Bank.Feed)
		if f.Accounts[i].SettledOn != "" {
			orNumber(&f.Accounts[i].SettledDay, 31)
		}
		for j := range f.Accounts[i].Transactions {
			t := &f.Accounts[i].Transactions[j]
			orText(&t.Status, Booked)
			orText(&t.Kind, "other")
		}
		for j := range f.Accounts[i].Recurring {
			orText(&f.Accounts[i].Recurring[j].Kind, "other")
		}
	}
	for i := range f.Timeline {
		if f.Timeline[i].Do == DoFail {
			orText(&f.Timeline[i].Scope, ScopeAll)
		}
	}
	f.fillPlay()
}

// syntaxMistake keeps only place and message of a syntax error: its own text quotes the lines around it.
func syntaxMistake(err error) Mistake {
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) && syntax.Token != nil {
		at := syntax.Token.Position
		return Mistake{Line: at.Line, Column: at.Column, Reason: "not YAML: " + syntax.Message}
	}
	return Mistake{Line: 1, Column: 1, Reason: "not YAML"}
}
