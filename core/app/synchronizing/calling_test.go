package synchronizing_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// TestGateway_is_called_under_a_consent_only reads the sources: every call of the
// gateway stands inside a call{…}, which make admits first.
func TestGateway_is_called_under_a_consent_only(t *testing.T) {
	t.Parallel()
	sources, err := filepath.Glob("*.go")
	require.NoError(t, err)
	admitted := 0
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, source, nil, 0)
		require.NoError(t, err)
		inside := map[ast.Node]bool{}
		ast.Inspect(file, func(n ast.Node) bool {
			if literal, ok := n.(*ast.CompositeLit); ok {
				if name, ok := literal.Type.(*ast.Ident); ok && name.Name == "call" {
					ast.Inspect(literal, func(n ast.Node) bool { inside[n] = true; return true })
				}
			}
			return true
		})
		ast.Inspect(file, func(n ast.Node) bool {
			if selector, ok := n.(*ast.SelectorExpr); ok && selector.Sel.Name == "Gateway" && !isType(selector) {
				require.True(t, inside[n], "%s asks a bank without having been admitted", files.Position(n.Pos()))
				admitted++
			}
			return true
		})
	}
	require.GreaterOrEqual(t, admitted, 5, "the gateway has five calls")
}

// isType tells provider.Gateway from a field of that name.
func isType(selector *ast.SelectorExpr) bool {
	on, ok := selector.X.(*ast.Ident)
	return ok && on.Name == "provider"
}

func TestCalls_end_with_the_consent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bank.begin = consented("consent-1", w.now().AddDate(0, 0, 180))
	c := w.connect()
	w.work(c.LastSynchronizationID)
	unattended := w.asker
	unattended.PSU = nil
	w.pass(180*24*time.Hour - time.Second)
	w.asker = unattended
	require.Equal(t, synchronization.Success, w.again(c, synchronization.All).Status)
	begun, fetched, ended := len(w.bank.begun), len(w.bank.fetched), w.bank.ended
	w.pass(time.Second)
	for range 3 {
		run := w.again(c, synchronization.All)
		require.Equal(t, synchronization.Failed, run.Status)
		require.Equal(t, "TOKEN_EXPIRED", run.Problem.Code)
		w.pass(24 * time.Hour)
	}
	require.Equal(t, []int{begun, fetched, ended}, []int{len(w.bank.begun), len(w.bank.fetched), w.bank.ended}, "the bank was asked after the consent ended")
}

// consented is a session that is ready at once, under a consent of the bank's.
func consented(id string, until time.Time) func(port.Begin) (port.Step, error) {
	return func(port.Begin) (port.Step, error) {
		step := ready("session")
		step.Ready.Consent = &port.Consent{ID: id, ValidUntil: until, Scopes: []port.Scope{port.ScopeAccounts}}
		return step, nil
	}
}
