package catalogue

import (
	"strconv"

	"github.com/goccy/go-yaml/ast"
)

// line finds where a value stands, or what should have held it.
func line(node ast.Node, place []string) int {
	found := node.GetToken().Position.Line
	for _, segment := range place {
		key, next := step(node, segment)
		if next == nil {
			return found
		}
		if node = next; key != nil {
			found = key.GetToken().Position.Line
			continue
		}
		found = node.GetToken().Position.Line
	}
	return found
}

// step goes one segment deeper: by the name of a property or the number of an item.
func step(node ast.Node, segment string) (key, value ast.Node) {
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, pair := range n.Values {
			if pair.Key.GetToken().Value == segment {
				return pair.Key, pair.Value
			}
		}
	case *ast.MappingValueNode:
		if n.Key.GetToken().Value == segment {
			return n.Key, n.Value
		}
	case *ast.SequenceNode:
		if i, err := strconv.Atoi(segment); err == nil && i >= 0 && i < len(n.Values) {
			return nil, n.Values[i]
		}
	}
	return nil, nil
}
