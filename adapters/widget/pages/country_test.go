package pages

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/usecase"
)

func TestCountries_are_called_as_people_do(t *testing.T) {
	t.Parallel()
	require.Equal(t, "Germany", countryName("DE", "en"))
	require.Equal(t, "Allemagne", countryName("DE", "fr"))
	require.Equal(t, "<b>", countryName("<b>", "fr"))
	banks := usecase.Banks{Countries: []string{"DE", "EE", "ES", "FR"}}
	require.Equal(t, []string{"EE", "FR", "DE", "ES"}, countries(Frame{Locale: "en", Banks: banks}))
	require.Equal(t, []string{"DE", "ES", "EE", "FR"}, countries(Frame{Locale: "fr", Banks: banks}), "É is an E")
}
