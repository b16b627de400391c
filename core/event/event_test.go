package event_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/event"
)

func TestNames_are_complete_and_well_formed(t *testing.T) {
	t.Parallel()
	parsed, err := parser.ParseFile(token.NewFileSet(), "event.go", nil, 0)
	require.NoError(t, err)
	var declared []event.Name
	ast.Inspect(parsed, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
				name, err := strconv.Unquote(literal.Value)
				require.NoError(t, err)
				declared = append(declared, event.Name(name))
			}
		}
		return true
	})
	require.NotEmpty(t, declared)
	require.ElementsMatch(t, declared, event.Names(), "Names lists every constant once")
	form := regexp.MustCompile(`^[a-z]+\.[a-z_]+$`)
	for _, name := range event.Names() {
		require.Regexp(t, form, string(name))
		require.True(t, event.Known(name))
	}
	for _, name := range []event.Name{"", "user", "user.createdx", "USER.CREATED"} {
		require.False(t, event.Known(name), name)
	}
}

func TestRecorder_gives_each_draft_once_in_order(t *testing.T) {
	t.Parallel()
	var r event.Recorder
	require.Empty(t, r.Drain())
	r.Record(event.Draft{Name: event.UserCreated, UserID: "usr_1", Data: event.Data{"n": 1}})
	r.Record(event.Draft{Name: event.UserDeleted, Version: 2})
	require.Equal(t, []event.Draft{
		{Name: event.UserCreated, Version: 1, UserID: "usr_1", Data: event.Data{"n": 1}},
		{Name: event.UserDeleted, Version: 2},
	}, r.Drain())
	require.Empty(t, r.Drain())
	r.Record(event.Draft{Name: event.UserDeleted})
	require.Len(t, r.Drain(), 1)
}
