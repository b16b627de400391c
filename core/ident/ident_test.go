package ident_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/ident"
)

func TestNew_round_trips_and_sorts_by_time(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	source := ident.Real()
	source.Now = func() time.Time { return now }
	first := ident.New[ident.User](source)
	now = now.Add(time.Millisecond)
	second := ident.New[ident.User](source)
	require.Less(t, string(first), string(second))
	parsed, err := ident.Parse[ident.User](string(first))
	require.NoError(t, err)
	require.Equal(t, first, parsed)
}

func TestParse_refuses_other_kinds_and_any_other_text(t *testing.T) {
	t.Parallel()
	_, err := ident.Parse[ident.Account](string(ident.New[ident.User](ident.Real())))
	require.ErrorIs(t, err, ident.ErrMalformed)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`usr_[0-9a-zA-Z]{0,40}`)).Draw(t, "text")
		id, err := ident.Parse[ident.User](text)
		if err == nil {
			require.Regexp(t, `^usr_[0-9a-hjkmnp-tv-z]{26}$`, string(id))
		}
	})
}
