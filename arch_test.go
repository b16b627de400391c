package tributary_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestHouse reads every Go file of both modules and holds it to the table of
// rooms. It parses imports itself: "go list" answers from a cache that was seen
// to be stale, and never enters a nested module.
func TestHouse(t *testing.T) {
	t.Parallel()
	complaints, files := inspect(t, os.DirFS("."))
	require.Greater(t, files, 50, "the tree was not found")
	for _, complaint := range complaints {
		t.Error(complaint)
	}
}

// source is one parsed file.
type source struct {
	name, folder string
	test         bool
	syntax       *ast.File
	set          *token.FileSet
}

func inspect(t *testing.T, tree fs.FS) (complaints []string, files int) {
	t.Helper()
	commented := map[string]bool{}
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != "." && outside(entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		files++
		complaints = append(complaints, checkFile(tree, name, commented)...)
		return nil
	})
	require.NoError(t, err)
	for folder, has := range commented {
		if !has {
			complaints = append(complaints, folder+": no package comment says what it owns")
		}
	}
	slices.Sort(complaints)
	return complaints, files
}

// outside tells folders that hold no source of ours.
func outside(name string) bool {
	return strings.HasPrefix(name, ".") || slices.Contains([]string{"testdata", "node_modules", "bin", "data"}, name)
}

func parse(tree fs.FS, name string) (source, error) {
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		return source{}, err
	}
	set := token.NewFileSet()
	syntax, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	return source{name, path.Dir(name), strings.HasSuffix(name, "_test.go"), syntax, set}, err
}

func checkFile(tree fs.FS, name string, commented map[string]bool) (complaints []string) {
	file, err := parse(tree, name)
	if err != nil {
		return []string{name + ": cannot be parsed"}
	}
	if !file.test {
		commented[file.folder] = commented[file.folder] || strings.TrimSpace(file.syntax.Doc.Text()) != ""
	}
	complaints = append(checkName(file), checkImports(file)...)
	if !ast.IsGenerated(file.syntax) {
		complaints = append(complaints, checkSize(file)...)
	}
	return complaints
}

func checkName(file source) []string {
	name := strings.TrimSuffix(file.syntax.Name.Name, "_test")
	if slices.Contains(crowded, name) || slices.Contains(crowded, path.Base(file.folder)) {
		return []string{fmt.Sprintf("%s: package %s says nothing about what it owns", file.name, name)}
	}
	return nil
}

func checkSize(file source) (complaints []string) {
	limit := fileLimit
	if file.test {
		limit = testFileLimit
	}
	if lines := file.set.Position(file.syntax.FileEnd).Line - 1; lines > limit {
		complaints = append(complaints, fmt.Sprintf("%s: %d lines, %d are the limit", file.name, lines, limit))
	}
	ast.Inspect(file.syntax, func(node ast.Node) bool {
		var name string
		var body ast.Node
		switch function := node.(type) {
		case *ast.FuncDecl:
			name, body = function.Name.Name, function
		case *ast.FuncLit:
			name, body = "literal", function
		default:
			return true
		}
		if lines := ownLines(file, body); lines > functionLimit {
			complaints = append(complaints, fmt.Sprintf("%s: function %s at line %d has %d lines, %d are the limit",
				file.name, name, file.set.Position(body.Pos()).Line, lines, functionLimit))
		}
		return true
	})
	return complaints
}

// ownLines counts a function's lines. In tests a subtest is a function of its
// own: its lines count for itself and not for the one it stands in.
func ownLines(file source, function ast.Node) int {
	span := func(node ast.Node) int {
		return file.set.Position(node.End()).Line - file.set.Position(node.Pos()).Line
	}
	lines := span(function) + 1
	if !file.test {
		return lines
	}
	ast.Inspect(function, func(node ast.Node) bool {
		inner, literal := node.(*ast.FuncLit)
		if !literal || node == function {
			return true
		}
		lines -= span(inner)
		return false
	})
	return lines
}

func checkImports(file source) (complaints []string) {
	where, found := roomOf(file.folder)
	if !found {
		return []string{fmt.Sprintf("%s: folder %s has no room in the table", file.name, file.folder)}
	}
	for _, spec := range file.syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil || !allowed(where, file, imported) {
			complaints = append(complaints, fmt.Sprintf("%s: must not import %s", file.name, imported))
		}
	}
	return complaints
}

func roomOf(folder string) (found room, ok bool) {
	for _, one := range rooms {
		if below(one.folder, folder) && (!ok || len(one.folder) > len(found.folder)) {
			found, ok = one, true
		}
	}
	return found, ok
}

func allowed(where room, file source, imported string) bool {
	own, ours := strings.CutPrefix(imported, module)
	switch {
	case imported+"/" == module:
		return false // the root has nothing to import
	case ours:
		return allowedOwn(where, file, own)
	case !strings.Contains(strings.Split(imported, "/")[0], "."):
		return imported != "C" // the standard library
	}
	libs := where.libs
	if suite(file.folder) || file.test {
		libs = append(slices.Clone(libs), anyTest...)
	}
	if file.test {
		libs = append(libs, where.tests...)
	}
	return slices.ContainsFunc(libs, func(lib string) bool { return below(lib, imported) })
}

func allowedOwn(where room, file source, own string) bool {
	switch {
	case own == file.folder: // an external test and its package
		return true
	case suite(own):
		return file.test || suite(file.folder)
	case file.test && slices.ContainsFunc(testExceptions, func(e exception) bool {
		return below(e.folder, file.folder) && matches(e.imports, own)
	}):
		return true
	case below("core/app", own) && !below("core/app", file.folder) && !below("cmd", file.folder):
		return false // the upper floor is reached through ports/usecase
	case where.folder != "." && below(where.folder, own) && where.folder != "ports" && where.folder != sdk:
		return true
	}
	return slices.ContainsFunc(where.own, func(pattern string) bool { return matches(pattern, own) })
}

// suite tells a port's contract suite: ports/store/storetest.
func suite(folder string) bool {
	port := path.Dir(folder)
	return below("ports", folder) && path.Base(folder) == path.Base(port)+"test"
}

func matches(pattern, own string) bool {
	if tree, ok := strings.CutSuffix(pattern, "/..."); ok {
		return below(tree, own)
	}
	return pattern == own
}

// below reports whether a folder is another one or lies in it.
func below(tree, folder string) bool { return folder == tree || strings.HasPrefix(folder, tree+"/") }
