package category_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/category"
)

func TestTaxonomy_is_whole(t *testing.T) {
	t.Parallel()
	ids, codes := map[string]bool{}, map[int]bool{}
	unique := func(id string, code int, names map[string]string) {
		require.False(t, ids[id], id)
		require.False(t, codes[code], "%s: %d", id, code)
		ids[id], codes[code] = true, true
		require.NotEmpty(t, names["en"], id)
		require.NotEmpty(t, names["fr"], id)
	}
	require.Len(t, category.Groups(), 16)
	for _, group := range category.Groups() {
		unique(group.ID, group.Code, group.Name)
		found, ok := category.ByID(group.Default)
		require.True(t, ok, group.ID)
		require.Equal(t, group.ID, found.Group)
		for _, member := range group.Members {
			unique(member.ID, member.Code, member.Name)
			require.Equal(t, group.ID, member.Group)
			require.Contains(t, []string{"income", "expense", "neutral"}, member.Kind)
			if member.Deprecated() {
				_, ok := category.ByID(member.Successor)
				require.True(t, ok, member.ID)
			}
		}
	}
	require.Len(t, ids, 16+97)
}

func TestGroups_cannot_be_spoilt(t *testing.T) {
	t.Parallel()
	groups := category.Groups()
	groups[0].ID, groups[0].Members[0].ID = "x", "y"
	require.Equal(t, "income", category.Groups()[0].ID)
	require.Equal(t, "income.salary", category.Groups()[0].Members[0].ID)
}

func TestExpand(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"food.groceries"}, category.Expand("food.groceries"))
	require.Equal(t, []string{"cash.withdrawal", "cash.deposit", "cash.cheque"}, category.Expand("cash"))
	require.Empty(t, category.Expand("nothing"))
	_, ok := category.ByID("food")
	require.False(t, ok, "a group is no category")
}
