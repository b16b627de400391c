package config

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// entriesOf gives the pairs of a mapping; the parser has two shapes for it, one of them for a single pair.
func entriesOf(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

func keyOf(entry *ast.MappingValueNode) string { return entry.Key.GetToken().Value }

// place is where a node's own text stands; start is where its first key does, which is what a person would point at.
func place(node ast.Node) *token.Position {
	if node == nil || node.GetToken() == nil {
		return nil
	}
	return node.GetToken().Position
}

func start(node ast.Node) *token.Position {
	if entries, ok := entriesOf(node); ok && len(entries) > 0 {
		return entries[0].Key.GetToken().Position
	}
	return place(node)
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func orFile(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

func names(fields []field) string {
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = f.name
	}
	return strings.Join(list, ", ")
}
