package tributary_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// TestSecrets_A9_are_compared_in_constant_time: secret.String and secret.Bytes
// have no ==, the compiler sees to that. What was revealed, or hashed from it,
// is a plain text again: no line compares that with anything that stops at the
// first difference. crypto/subtle does not.
func TestSecrets_A9_are_compared_in_constant_time(t *testing.T) {
	t.Parallel()
	for _, complaint := range hasty(t, os.DirFS(".")) {
		t.Error(complaint)
	}
}

func TestHastyComparisonsAreFound(t *testing.T) {
	t.Parallel()
	for body, found := range map[string]bool{
		`_ = s.Reveal() == x`: true, `_ = x != string(s.Reveal())`: true, `_ = bytes.Equal(s.Reveal(), x)`: true, `_ = digest(s.Reveal()) == x`: true,
		`p := s.Reveal(); _ = p == x`: true, `switch s.Reveal() { case x: }`: true, `_ = u.PasswordHash == x`: true, `_ = strings.EqualFold(s.Reveal(), x)`: true,
		`_ = slices.Equal([]byte(s.Reveal()), x)`: true, `_ = strings.HasPrefix(s.Reveal(), x)`: true,
		`_ = s.Reveal() == ""`: false, `_ = len(s.Reveal()) == 3`: false, `_ = u.PasswordHash != ""`: false,
		`_ = subtle.ConstantTimeCompare([]byte(s.Reveal()), x) == 1`: false, `_ = hmac.Equal(s.Reveal(), x)`: false, `_ = x == y`: false,
	} {
		text := "package p\n\nfunc f() {\n\t" + body + "\n}\n"
		complaints := hasty(t, fstest.MapFS{"core/x/x.go": {Data: []byte(text)}})
		require.Equal(t, found, len(complaints) > 0, "%s: %v", body, complaints)
	}
}

// hasty finds comparisons of secrets that end early. Tests compare as they like,
// and so do the fakes of the ports.
func hasty(t *testing.T, tree fs.FS) (complaints []string) {
	t.Helper()
	require.NoError(t, fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if err == nil && name != "." && outside(entry.Name()) {
				return fs.SkipDir
			}
			return err
		}
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "core/secret/") || fake(name) {
			return nil
		}
		file, err := parse(tree, name)
		if err == nil {
			for _, declaration := range file.syntax.Decls {
				complaints = append(complaints, hastyIn(file, declaration)...)
			}
		}
		return err
	}))
	return complaints
}

func fake(name string) bool {
	return strings.HasPrefix(name, "ports/") && strings.HasSuffix(path.Dir(name), "test")
}

// hastyIn looks at one declaration; a name that was given a secret there is one.
func hastyIn(file source, declaration ast.Decl) (complaints []string) {
	secrets := map[string]bool{}
	complain := func(at ast.Node) {
		complaints = append(complaints, fmt.Sprintf("%s: a secret is compared in a time that tells how much is right; use crypto/subtle", file.set.Position(at.Pos())))
	}
	ast.Inspect(declaration, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.AssignStmt:
			for i, value := range n.Rhs {
				if name, is := n.Lhs[min(i, len(n.Lhs)-1)].(*ast.Ident); is && revealed(value, secrets) {
					secrets[name.Name] = true
				}
			}
		case *ast.BinaryExpr:
			compares := n.Op == token.EQL || n.Op == token.NEQ
			if compares && !constant(n.X) && !constant(n.Y) && (revealed(n.X, secrets) || revealed(n.Y, secrets)) {
				complain(n)
			}
		case *ast.SwitchStmt:
			if n.Tag != nil && revealed(n.Tag, secrets) {
				complain(n)
			}
		case *ast.CallExpr:
			if slices.Contains(early, spelt(n.Fun)) && slices.ContainsFunc(n.Args, func(e ast.Expr) bool { return revealed(e, secrets) }) {
				complain(n)
			}
		}
		return true
	})
	return complaints
}

// early are functions that stop at the first difference.
var early = []string{
	"bytes.Equal", "bytes.Compare", "bytes.EqualFold", "bytes.HasPrefix", "strings.EqualFold", "strings.Compare", "strings.HasPrefix",
	"slices.Equal", "slices.Compare", "reflect.DeepEqual", "cmp.Compare", "maps.Equal",
}

// revealed tells whether an expression is a secret, or made from one alone.
func revealed(e ast.Expr, secrets map[string]bool) bool {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return revealed(e.X, secrets)
	case *ast.SliceExpr:
		return revealed(e.X, secrets)
	case *ast.Ident:
		return secrets[e.Name]
	case *ast.SelectorExpr:
		return strings.HasSuffix(e.Sel.Name, "Hash") || e.Sel.Name == "Password" || strings.HasSuffix(e.Sel.Name, "Secret")
	case *ast.CallExpr:
		name := spelt(e.Fun)
		if strings.HasSuffix(name, ".Reveal") || name == "digest" {
			return true
		}
		_, conversion := e.Fun.(*ast.ArrayType)
		return (conversion || name == "string") && len(e.Args) == 1 && revealed(e.Args[0], secrets)
	}
	return false
}

// constant is what a secret may be compared with: whether it is there at all.
func constant(e ast.Expr) bool {
	literal, is := e.(*ast.BasicLit)
	return spelt(e) == "nil" || (is && (literal.Value == `""` || literal.Kind == token.INT))
}

func spelt(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return spelt(e.X) + "." + e.Sel.Name
	}
	return ""
}
