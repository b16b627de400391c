package category

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTables_name_categories_and_no_phrase_twice(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]lexicon{"purposes": purposes, "merchants": merchants, "trades": trades} {
		seen := map[string]entry{}
		for _, e := range l {
			_, ok := ByID(e.id)
			require.True(t, ok, "%s: %s", name, e.id)
			require.NotEmpty(t, strings.TrimSpace(e.phrase), "%s: %s", name, e.name)
			for _, w := range []way{in, out} {
				if e.way != either && e.way != w {
					continue
				}
				key := e.phrase + string(rune('0'+w))
				require.Empty(t, seen[key].phrase, "%s: %q stands for %s and %s", name, e.phrase, seen[key].id, e.id)
				seen[key] = e
			}
		}
	}
	for kind, p := range decisive {
		requirePair(t, kind, p)
	}
	for kind, p := range hints {
		requirePair(t, kind, p)
	}
}

func requirePair(t *testing.T, kind string, p pair) {
	t.Helper()
	for _, id := range []string{p.in, p.out} {
		_, ok := ByID(id)
		require.True(t, ok || id == "", "%s: %s", kind, id)
	}
}

func TestMerchants_are_found_under_their_own_spellings(t *testing.T) {
	t.Parallel()
	for _, e := range merchants {
		found := merchants.longest(" xx"+e.phrase+"yy ", e.way)
		require.Equal(t, e.name, found.name, e.phrase)
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                   " ",
		"  ":                 " ",
		"Été à l'Île":        " ete a lile ",
		"E\u0301T\u00c9":     " ete ",
		"CB*1234/Œuf-Straße": " cb 1234 oeuf strasse ",
		"Ελλάδα 12":          " ελλάδα 12 ",
	} {
		require.Equal(t, want, fold(text), "%q", text)
	}
}
