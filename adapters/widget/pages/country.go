package pages

import (
	"cmp"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countryName is what people call a country, or its code where nobody does.
func countryName(code, locale string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	return cmp.Or(display.Regions(language.Make(locale)).Name(region), code)
}

// countries are those to choose from, in the order of their names.
func countries(f Frame) []string {
	by := collate.New(language.Make(f.Locale))
	return slices.SortedFunc(slices.Values(f.Banks.Countries), func(a, b string) int {
		return by.CompareString(countryName(a, f.Locale), countryName(b, f.Locale))
	})
}
