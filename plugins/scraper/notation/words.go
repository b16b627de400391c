package notation

import (
	"maps"
	"slices"
	"strings"
)

func list(names string) []string { return strings.Fields(names) }

// months by language, in lower case.
var months = map[string][]string{
	"cs": list("leden únor březen duben květen červen červenec srpen září říjen listopad prosinec"),
	"da": list("januar februar marts april maj juni juli august september oktober november december"),
	"de": list("januar februar märz april mai juni juli august september oktober november dezember"),
	"en": list("january february march april may june july august september october november december"),
	"es": list("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
	"fi": list("tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu"),
	"fr": list("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
	"it": list("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"),
	"nl": list("januari februari maart april mei juni juli augustus september oktober november december"),
	"pl": list("stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"),
	"pt": list("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
	"sv": list("januari februari mars april maj juni juli augusti september oktober november december"),
}

// short are abbreviations that are no beginning of a name.
var short = map[string]map[string]int{
	"de": {"mrz": 3, "mär": 3}, "fr": {"fev": 2, "fév": 2, "juil": 7, "aou": 8, "aout": 8, "dec": 12}, "nl": {"mrt": 3}, "es": {"set": 9}, "en": {"sept": 9},
}

// near are days that are named from today.
var near = map[string]map[string]int{
	"da": {"i dag": 0, "i går": -1}, "de": {"heute": 0, "gestern": -1, "vorgestern": -2, "morgen": 1}, "en": {"today": 0, "yesterday": -1, "tomorrow": 1},
	"es": {"hoy": 0, "ayer": -1}, "fi": {"tänään": 0, "eilen": -1}, "fr": {"aujourd'hui": 0, "hier": -1, "avant-hier": -2, "demain": 1},
	"it": {"oggi": 0, "ieri": -1}, "nl": {"vandaag": 0, "gisteren": -1}, "pl": {"dzisiaj": 0, "dziś": 0, "wczoraj": -1}, "pt": {"hoje": 0, "ontem": -1},
	"sv": {"idag": 0, "i dag": 0, "igår": -1, "i går": -1}, "cs": {"dnes": 0, "včera": -1},
}

// Languages are those whose months and days are known.
func Languages() []string { return slices.Sorted(maps.Keys(months)) }
