package catalogue

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Parse reads one bank's file. quirks are the deviations that the dialect of each standard knows. The error tells every
// mistake as "file:line: what is wrong".
func Parse(name string, text []byte, quirks map[string][]string) (Bank, error) {
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		return Bank{}, unreadable(name, err)
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		return Bank{}, fmt.Errorf("%s:1: wants exactly one document", name)
	}
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		return Bank{}, unreadable(name, err)
	}
	f := &file{name: name, root: tree.Docs[0].Body}
	f.shape(value)
	if len(f.mistakes) > 0 {
		return Bank{}, f.err()
	}
	var bank Bank
	if err := yaml.UnmarshalWithOptions(text, &bank, yaml.Strict()); err != nil {
		return Bank{}, unreadable(name, err)
	}
	f.sense(bank, quirks[bank.Standard])
	bank.complete()
	return bank, f.err()
}

// unreadable tells where YAML itself is broken.
func unreadable(name string, err error) error {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", name, at.GetToken().Position.Line, at.GetMessage())
	}
	return fmt.Errorf("%s: is not YAML", name)
}

// file collects the mistakes of one file.
type file struct {
	name     string
	root     ast.Node
	mistakes []mistake
}

type mistake struct {
	line int
	text string
}

func (f *file) complain(place []string, text string) {
	f.mistakes = append(f.mistakes, mistake{line(f.root, place), text})
}

// err gives the mistakes in the order of the file.
func (f *file) err() error {
	slices.SortStableFunc(f.mistakes, func(a, b mistake) int { return a.line - b.line })
	var all []error
	for _, m := range f.mistakes {
		all = append(all, fmt.Errorf("%s:%d: %s", f.name, m.line, m.text))
	}
	return errors.Join(all...)
}

var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaText))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("bank.schema.json", document); err != nil {
		return nil, err
	}
	return compiler.Compile("bank.schema.json")
})

// shape holds the file to the schema, which is the only place where shapes are written down.
func (f *file) shape(value any) {
	schema, err := compiled()
	if err != nil {
		panic("catalogue: the schema does not compile: " + err.Error())
	}
	var invalid *jsonschema.ValidationError
	if err := schema.Validate(value); !errors.As(err, &invalid) {
		return
	}
	f.leaves(invalid)
}

func (f *file) leaves(invalid *jsonschema.ValidationError) {
	for _, cause := range invalid.Causes {
		f.leaves(cause)
	}
	if len(invalid.Causes) > 0 {
		return
	}
	place := strings.Join(invalid.InstanceLocation, ".")
	unit := invalid.BasicOutput()
	text := "is not as the schema wants it"
	switch {
	case unit.Error != nil:
		text = unit.Error.String()
	case len(unit.Errors) > 0 && unit.Errors[0].Error != nil:
		text = unit.Errors[0].Error.String()
	}
	if place != "" {
		text = place + ": " + text
	}
	f.complain(invalid.InstanceLocation, text)
}
