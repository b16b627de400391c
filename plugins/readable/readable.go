// Package readable owns files that people write and read: YAML held to a JSON Schema, with every mistake told by the
// file's name, the line and, where that is wanted, the column.
//
// It knows nothing of what the files are about. Both kinds of plugins that read banks from files use it: catalogue entries
// and recipes. Invariants: all mistakes of a file are told at once and in its order; the schema is the only place where
// shapes are written down.
package readable

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

// Kind is one kind of file.
type Kind struct {
	// Columns has mistakes told with their column too.
	Columns  bool
	compiled func() (*jsonschema.Schema, error)
}

// Of makes a kind of its schema.
func Of(schema []byte) *Kind {
	return &Kind{compiled: sync.OnceValues(func() (*jsonschema.Schema, error) {
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
		if err != nil {
			return nil, err
		}
		compiler := jsonschema.NewCompiler()
		if err := compiler.AddResource("file.schema.json", document); err != nil {
			return nil, err
		}
		return compiler.Compile("file.schema.json")
	})}
}

// File is one that has the shape that its schema wants.
type File struct {
	kind     *Kind
	name     string
	text     []byte
	root     ast.Node
	mistakes []mistake
}

type mistake struct {
	at   position
	text string
}

// Open reads a file and holds it to the schema.
func (k *Kind) Open(name string, text []byte) (*File, error) {
	f := &File{kind: k, name: name, text: text}
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, f.unreadable(err)
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		return nil, fmt.Errorf("%s:1: wants exactly one document", name)
	}
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		return nil, f.unreadable(err)
	}
	f.root = tree.Docs[0].Body
	f.shape(value)
	if err := f.Err(); err != nil {
		return nil, err
	}
	return f, nil
}

// Decode fills a structure with the file. What is not in the structure is a mistake.
func (f *File) Decode(into any) error {
	if err := yaml.UnmarshalWithOptions(f.text, into, yaml.Strict()); err != nil {
		return f.unreadable(err)
	}
	return nil
}

// unreadable tells where YAML itself is broken.
func (f *File) unreadable(err error) error {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		p := at.GetToken().Position
		return fmt.Errorf("%s: %s", f.told(position{p.Line, p.Column}), at.GetMessage())
	}
	return fmt.Errorf("%s: is not YAML", f.name)
}

// Complain notes a mistake at a place: the names of properties and numbers of items that lead to it.
func (f *File) Complain(place []string, text string) {
	f.mistakes = append(f.mistakes, mistake{find(f.root, place), text})
}

// Err gives the mistakes in the order of the file.
func (f *File) Err() error {
	slices.SortStableFunc(f.mistakes, func(a, b mistake) int { return a.at.compare(b.at) })
	var all []error
	for _, m := range f.mistakes {
		all = append(all, fmt.Errorf("%s: %s", f.told(m.at), m.text))
	}
	return errors.Join(all...)
}

// told names a position.
func (f *File) told(at position) string {
	if f.kind.Columns {
		return fmt.Sprintf("%s:%d:%d", f.name, at.line, at.column)
	}
	return fmt.Sprintf("%s:%d", f.name, at.line)
}

// shape holds the file to the schema.
func (f *File) shape(value any) {
	schema, err := f.kind.compiled()
	if err != nil {
		panic("readable: the schema does not compile: " + err.Error())
	}
	var invalid *jsonschema.ValidationError
	if err := schema.Validate(value); !errors.As(err, &invalid) {
		return
	}
	f.leaves(invalid)
}

func (f *File) leaves(invalid *jsonschema.ValidationError) {
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
	f.Complain(invalid.InstanceLocation, text)
}
