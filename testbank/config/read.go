package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// reader fills structs from a YAML tree. It goes on after each mistake, and remembers where every value stood, so
// that the rules which need the whole file can point at lines too.
type reader struct {
	mistakes Mistakes
	places   map[string]*token.Position
}

func (r *reader) fault(at *token.Position, format string, args ...any) {
	if at == nil {
		at = &token.Position{Line: 1, Column: 1}
	}
	r.mistakes = append(r.mistakes, Mistake{Line: at.Line, Column: at.Column, Reason: fmt.Sprintf(format, args...)})
}

// value reads one node into a struct, a list or a scalar. Path is the value's address, such as accounts[0].type.
func (r *reader) value(path string, node ast.Node, f field, into reflect.Value) {
	switch n := node.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		r.fault(place(node), "%s: anchors, aliases, merge keys and tags are not part of the format", path)
		return
	case *ast.NullNode:
		r.fault(place(n), "%s: has no value", path)
		return
	}
	if text, ok := into.Addr().Interface().(scalar); ok {
		r.scalar(path, node, text.parse)
		return
	}
	switch into.Kind() {
	case reflect.Struct:
		r.mapping(path, node, into)
	case reflect.Slice:
		r.list(path, node, f, into)
	default:
		r.scalar(path, node, func(text string) error { return plain(text, f, into) })
	}
}

func (r *reader) mapping(path string, node ast.Node, into reflect.Value) {
	entries, ok := entriesOf(node)
	if !ok {
		r.fault(place(node), "%s: must be a mapping of keys to values", orFile(path))
		return
	}
	fields, seen := fieldsOf(into.Type()), map[string]bool{}
	for _, entry := range entries {
		key, at := keyOf(entry), entry.Key.GetToken().Position
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == key })
		switch {
		case i < 0:
			r.fault(at, "%s: unknown key %q; the keys here are %s", orFile(path), key, names(fields))
		case seen[key]:
			r.fault(at, "%s: key %q is given twice", orFile(path), key)
		default:
			inner := join(path, key)
			r.places[inner] = place(entry.Value)
			r.value(inner, entry.Value, fields[i], into.FieldByIndex(fields[i].index))
		}
		seen[key] = true
	}
	for _, f := range fields {
		if f.need && !seen[f.name] {
			r.fault(start(node), "%s: key %q is missing", orFile(path), f.name)
		}
	}
}

func (r *reader) list(path string, node ast.Node, f field, into reflect.Value) {
	sequence, ok := node.(*ast.SequenceNode)
	switch {
	case !ok:
		r.fault(place(node), "%s: must be a list", path)
		return
	case f.max != nil && len(sequence.Values) > *f.max:
		r.fault(place(node), "%s: must list at most %d", path, *f.max)
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(sequence.Values), len(sequence.Values)))
	for i, item := range sequence.Values {
		inner := fmt.Sprintf("%s[%d]", path, i)
		r.places[inner] = start(item)
		r.value(inner, item, field{}, into.Index(i))
	}
}

// scalar hands the text as it stands in the file to parse, so that 012345 stays a code and 12.30 stays exact.
func (r *reader) scalar(path string, node ast.Node, parse func(string) error) {
	var text string
	switch n := node.(type) {
	case *ast.StringNode:
		text = n.Value
	case *ast.LiteralNode:
		text = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		text = n.GetToken().Value
	default:
		r.fault(place(node), "%s: must be one value, not a list or a mapping", path)
		return
	}
	if err := parse(text); err != nil {
		r.fault(place(node), "%s: %s", path, err)
	}
}

// plain reads text, whole numbers and yes-or-no values.
func plain(text string, f field, into reflect.Value) error {
	switch into.Kind() {
	case reflect.String:
		return plainText(text, f, into)
	case reflect.Int:
		value, err := strconv.Atoi(text)
		if err != nil || f.min != nil && value < *f.min || f.max != nil && value > *f.max {
			return fmt.Errorf("must be a whole number%s", bounds(f))
		}
		into.SetInt(int64(value))
	case reflect.Bool:
		value, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("must be true or false")
		}
		into.SetBool(value)
	default:
		panic("config: no way to read a " + into.Type().String())
	}
	return nil
}

func plainText(text string, f field, into reflect.Value) error {
	switch {
	case f.enum != nil && !slices.Contains(f.enum, text):
		return fmt.Errorf("must be one of %s", strings.Join(f.enum, ", "))
	case f.need && strings.TrimSpace(text) == "":
		return fmt.Errorf("must not be empty")
	case len(text) > 1000:
		return fmt.Errorf("must be at most 1000 bytes long")
	}
	into.SetString(text)
	return nil
}

func bounds(f field) string {
	if f.min == nil || f.max == nil {
		return ""
	}
	return fmt.Sprintf(" from %d to %d", *f.min, *f.max)
}
