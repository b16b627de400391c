package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/scraper/recipes"
)

func TestShipped_recipes_are_good(t *testing.T) {
	t.Parallel()
	all, err := recipe.Load(recipes.Shipped)
	require.NoError(t, err)
	require.Len(t, all, 2)
}
