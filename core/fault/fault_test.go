package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
)

func TestIs_compares_kind_and_code_through_wrapping(t *testing.T) {
	t.Parallel()
	missing := fault.New(fault.NotFound, "user_not_found", "There is no such user.")
	err := fmt.Errorf("reading: %w", missing.Because(errors.New("sql: no rows")))
	require.ErrorIs(t, err, missing)
	require.ErrorIs(t, err, &fault.Error{Kind: fault.NotFound})
	require.NotErrorIs(t, err, fault.New(fault.NotFound, "other", ""))
	require.True(t, fault.IsNotFound(err))
}

func TestKindOf_anything_unknown_is_internal(t *testing.T) {
	t.Parallel()
	require.Equal(t, fault.Internal, fault.KindOf(errors.New("boom")))
	require.Equal(t, fault.Conflict, fault.KindOf(fault.New(fault.Conflict, "c", "m")))
}

func TestWith_leaves_the_original_alone(t *testing.T) {
	t.Parallel()
	bad := fault.New(fault.Invalid, "invalid", "Some values are not acceptable.")
	one := bad.With(fault.At("body.a", "is required"))
	two := bad.With(fault.At("body.b", "is required"))
	require.Empty(t, bad.Details)
	require.Len(t, one.Details, 1)
	require.Equal(t, "body.b", two.Details[0].Location)
}
