package category_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/category"
)

func TestCleanLabel(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string][2]string{
		"CB CARREFOUR MARKET PARIS 11 12/03/26":              {"Carrefour Market Paris 11", "Carrefour"},
		"CARTE 12/03 BOULANGERIE DE LA GARE CB*1234":         {"Boulangerie de la Gare", ""},
		"PAIEMENT PAR CARTE X4242 SNCF CONNECT 03/11":        {"SNCF Connect", "SNCF"},
		"PRLV SEPA EDF CLIENTS PARTICULIERS REF: 004512AB99": {"EDF Clients Particuliers", "EDF"},
		"PRLV SEPA NETFLIX INTERNATIONAL B.V.":               {"Netflix International B.V.", "Netflix"},
		"VIR INST DE MME DUPONT MARIE":                       {"Mme Dupont Marie", ""},
		"VIREMENT SEPA RECU DE SARL MARTIN":                  {"SARL Martin", ""},
		"CARD PAYMENT TO TESCO STORES 3456 ON 2026-03-12":    {"Tesco Stores 3456", "Tesco"},
		"FASTER PAYMENTS RECEIPT J SMITH":                    {"J Smith", ""},
		"DIRECT DEBIT TO OCTOPUS ENERGY":                     {"Octopus Energy", "Octopus Energy"},
		"Café de Flore":                                      {"Café de Flore", ""},
		"CARTE 12/03":                                        {"CARTE 12/03", ""},
		"CB":                                                 {"CB", ""},
		"12/03/2026":                                         {"12/03/2026", ""},
		"UBER   *EATS\tHELP.UBER.COM":                        {"Uber *Eats Help.Uber.Com", "Uber Eats"},
		"\u202eLIDL\u200b 1234\x00":                          {"Lidl 1234", "Lidl"},
		"\x00\x01":                                           {"-", ""},
		"\xff\xfe":                                           {"-", ""},
		"":                                                   {"", ""},
		"L'OREAL SAINT-DENIS":                                {"L'oreal Saint-Denis", ""},
		"AMAZON EU SARL 497401XXXXXX1234":                    {"Amazon EU SARL", "Amazon"},
	} {
		t.Run(raw, func(t *testing.T) {
			t.Parallel()
			label, merchant := category.CleanLabel(raw)
			require.Equal(t, want, [2]string{label, merchant})
		})
	}
}

func TestCleanLabel_holds_its_promises(t *testing.T) {
	t.Parallel()
	noisy := rapid.SampledFrom([]string{
		"CB ", "carte ", "12/03 ", "PRLV SEPA ", "VIR INST ", "VİR ", "REF 12AB34 ", "X1234 ", "****1234 ", "\u202e", "\u0000", "\xff", "é", "Ǆ", "ſ", "K",
		" DE ", "Lidl", "EDF", "-", "*", "2026-01-02", "14:05", "123456789 ", "ß", "ŉ", "a\u0301",
	})
	text := rapid.Custom(func(t *rapid.T) string {
		joined := ""
		for _, part := range rapid.SliceOfN(rapid.OneOf(noisy, rapid.String()), 0, 12).Draw(t, "parts") {
			joined += part
		}
		return joined
	})
	rapid.Check(t, func(t *rapid.T) {
		raw := text.Draw(t, "raw")
		label, merchant := category.CleanLabel(raw)
		require.Equal(t, raw == "", label == "")
		require.True(t, utf8.ValidString(label))
		require.LessOrEqual(t, utf8.RuneCountInString(label), 140)
		for _, r := range label {
			require.True(t, unicode.IsGraphic(r) && !unicode.Is(unicode.Bidi_Control, r), "%q", label)
		}
		again, same := category.CleanLabel(label)
		require.Equal(t, label, again)
		require.Equal(t, merchant, same)
	})
}
