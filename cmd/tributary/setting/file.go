package setting

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxFile bounds the file, in bytes.
const maxFile = 1 << 20

// file reads the YAML file: one mapping, each key once.
func (s Sources) file(values *Values, wrong *Mistakes) map[string]one {
	path, place := s.config()
	if path == "" {
		return nil
	}
	text, err := readFile(path)
	if err != nil {
		wrong.add(place, "the file cannot be read: "+reason(err))
		return nil
	}
	parsed, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		wrong.add(at(path, syntaxLine(err)), "this is not YAML")
		return nil
	}
	r := reading{path, values, wrong, map[string]one{}, map[string]bool{}}
	r.document(parsed)
	return r.found
}

// reading is the walk through one file.
type reading struct {
	path   string
	values *Values
	wrong  *Mistakes
	found  map[string]one
	seen   map[string]bool
}

func (r reading) document(parsed *ast.File) {
	if len(parsed.Docs) > 1 {
		r.wrong.add(r.path, "holds more than one document")
		return
	}
	if len(parsed.Docs) == 0 || parsed.Docs[0].Body == nil {
		return
	}
	for _, entry := range r.mapping(parsed.Docs[0].Body) {
		r.entry(entry)
	}
}

// mapping gives the entries of a node that ought to be a mapping.
func (r reading) mapping(node ast.Node) []*ast.MappingValueNode {
	switch node := node.(type) {
	case *ast.MappingNode:
		return node.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{node}
	case *ast.NullNode, *ast.CommentGroupNode:
		return nil
	}
	r.add(node, "wants lines of the form key: value")
	return nil
}

func (r reading) entry(entry *ast.MappingValueNode) {
	name := entry.Key.GetToken().Value
	key, ok := Find(name)
	if !ok {
		r.add(entry.Key, show(name)+": "+unknown("setting", name, names()))
		return
	}
	if r.seen[name] {
		r.add(entry.Key, name+": stands here a second time")
		return
	}
	r.seen[name] = true
	if key.FileOnly {
		r.plugins(entry)
		return
	}
	text, ok := scalar(entry.Value)
	if !ok {
		r.add(entry.Key, name+": wants "+key.Wants)
		return
	}
	r.found[name] = one{r.at(entry.Key) + ": " + name, text}
}

// plugins reads plugin_settings.
func (r reading) plugins(entry *ast.MappingValueNode) {
	r.values.PluginSettings = map[string]map[string]string{}
	for _, plugin := range r.mapping(entry.Value) {
		name := plugin.Key.GetToken().Value
		settings := map[string]string{}
		for _, setting := range r.mapping(plugin.Value) {
			text, ok := scalar(setting.Value)
			if !ok {
				r.add(setting.Key, "plugin_settings: wants settings by plugin and name, all of them texts")
				continue
			}
			settings[setting.Key.GetToken().Value] = text
		}
		r.values.PluginSettings[name] = settings
	}
}

// scalar is a value as it was written; a list of scalars is joined by commas.
func scalar(node ast.Node) (string, bool) {
	switch node := node.(type) {
	case *ast.StringNode:
		return node.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return node.GetToken().Value, true
	case *ast.SequenceNode:
		var parts []string
		for _, value := range node.Values {
			part, ok := scalar(value)
			if !ok {
				return "", false
			}
			parts = append(parts, part)
		}
		return strings.Join(parts, ","), true
	}
	return "", false
}

func (r reading) at(node ast.Node) string { return at(r.path, node.GetToken().Position.Line) }

func (r reading) add(node ast.Node, message string) { r.wrong.add(r.at(node), message) }

func at(path string, line int) string { return fmt.Sprintf("%s:%d", path, line) }

func syntaxLine(err error) int {
	var syntax yaml.Error
	if errors.As(err, &syntax) && syntax.GetToken() != nil {
		return syntax.GetToken().Position.Line
	}
	return 1
}

func names() []string {
	var all []string
	for _, key := range Keys() {
		all = append(all, key.Name)
	}
	return all
}

// show keeps a name that somebody mistyped to what a terminal can bear.
func show(name string) string {
	if len(name) > 40 {
		name = name[:40] + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, name)
}

func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = errors.New("it is larger than 1 MiB")
	}
	return text, err
}

// reason leaves the path away: the place has it.
func reason(err error) string {
	if inner := errors.Unwrap(err); inner != nil {
		return inner.Error()
	}
	return err.Error()
}
