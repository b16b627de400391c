package readable

import (
	"cmp"
	"strconv"

	"github.com/goccy/go-yaml/ast"
)

// position is a place in a text, counted from one.
type position struct{ line, column int }

func (p position) compare(other position) int {
	return cmp.Or(cmp.Compare(p.line, other.line), cmp.Compare(p.column, other.column))
}

func of(node ast.Node) position {
	at := node.GetToken().Position
	return position{at.Line, at.Column}
}

// find says where a value stands, or what should have held it.
func find(node ast.Node, place []string) position {
	found := of(node)
	for _, segment := range place {
		key, next := step(node, segment)
		if next == nil {
			return found
		}
		if node = next; key != nil {
			found = of(key)
			continue
		}
		found = of(node)
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
