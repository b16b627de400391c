package category

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTables_name_categories_and_no_phrase_twice(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]lexicon{"purposes": purposes, "merchants": merchants, "trades": trades} {
		seen := map[string]entry{}
		for _, e := range l.entries {
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
	for _, e := range merchants.entries {
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

// slow looks at every entry, which is what the lexicon's own way must come to.
func slow(l lexicon, text string, w way) (best entry) {
	for _, e := range l.entries {
		if (e.way == either || e.way == w) && len(e.phrase) > len(best.phrase) && strings.Contains(text, e.phrase) {
			best = e
		}
	}
	return best
}

func TestLexicon_finds_what_a_look_at_every_entry_finds(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]lexicon{"purposes": purposes, "merchants": merchants, "trades": trades} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			phrase := rapid.Custom(func(t *rapid.T) string { return rapid.SampledFrom(l.entries).Draw(t, "entry").phrase })
			rapid.Check(t, func(t *rapid.T) {
				parts := rapid.SliceOfN(rapid.OneOf(phrase, rapid.String()), 0, 5).Draw(t, "parts")
				text := fold(strings.Join(parts, rapid.SampledFrom([]string{"", " "}).Draw(t, "between")))
				w := rapid.SampledFrom([]way{either, in, out}).Draw(t, "way")
				require.Equal(t, slow(l, text, w), l.longest(text, w), "%q", text)
			})
		})
	}
}

func TestPieces_are_found_only_where_one_of_their_signs_is(t *testing.T) {
	t.Parallel()
	noise := rapid.SampledFrom([]string{
		"du 12/03", "01.12.2026", "2026-01-02", "14h05", "23:59", "CB*1234", "carte x1234", "n°••12", "4974XXXXXX12", "X4242", "ref: AB12", "Réf 1",
		"12345678", "NotProvided", " ", "ſ", "K", "İ",
	})
	rapid.Check(t, func(t *rapid.T) {
		label := strings.Join(rapid.SliceOfN(rapid.OneOf(noise, rapid.String()), 0, 5).Draw(t, "parts"), " ")
		for _, piece := range pieces {
			if piece.form.MatchString(label) {
				require.True(t, strings.ContainsAny(label, piece.signs), "%q in %q", piece.form, label)
			}
		}
	})
}
