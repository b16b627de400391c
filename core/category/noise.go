package category

import (
	"regexp"
	"strings"
)

// heads are what banks write in front: how it was paid, not to whom.
var heads = regexp.MustCompile(`(?i)^(?:` + strings.Join([]string{
	`paiement (?:par )?(?:carte|cb)(?: bancaire)?`, `paiement sans contact`, `paiement internet`, `paiement psc`, `achat (?:par )?(?:cb|carte)`,
	`facture carte`, `facturette cb`, `carte bancaire`, `carte`, `cb`, `card payment(?: to)?`, `card purchase`, `contactless payment`, `debit card`, `pos(?: purchase)?`,
	`visa`, `mastercard`, `prlv(?: sepa)?`, `prelevement(?: sepa| europeen)?`, `prélèvement(?: sepa| européen)?`, `direct debit(?: to)?`, `dd`,
	`vir(?:ement)?(?: (?:sepa|inst(?:antane|antané)?|permanent|recu|reçu|emis|émis|de|en faveur de|vers|pour))*`,
	`faster payments?(?: receipt| to| from)?`, `bank transfer(?: to| from)?`, `standing order(?: to)?`, `bill payment(?: to)?`,
}, `|`) + `)(?:[ :/*.-]+|$)`)

// piece is something that is cut wherever it stands. Most labels hold none, and
// looking for one is dear: a label without any of the signs is not searched.
type piece struct {
	signs string
	form  *regexp.Regexp
}

// pieces are dates, cards, references. Whatever the case, an x has two forms.
var pieces = []piece{
	{"/.-", regexp.MustCompile(`(?i)(^|[ (])(?:du |le |on |date )?(?:0[1-9]|[12][0-9]|3[01])[/.-](?:0[1-9]|1[0-2])(?:[/.-](?:20)?[0-9]{2})?(?:$|[ ),;])`)},
	{"-", regexp.MustCompile(`(?i)(^|[ (])(?:du |le |on |date )?20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:$|[ ),;])`)},
	{"h:", regexp.MustCompile(`(^| )(?:[01][0-9]|2[0-3])[h:][0-5][0-9](?:$| )`)},
	{"*xX•#", regexp.MustCompile(`(?i)(^| )(?:cb|carte|card|ca)?(?:n°|no|num)? ?[*x•#]{2,}[*x•# 0-9]*[0-9]{2,6}(?:$| )`)},
	{"*xX•#", regexp.MustCompile(`(?i)(^| )(?:cb|carte|card) ?[*x•#]+ ?[0-9]{2,6}(?:$| )`)},
	{"*xX•#", regexp.MustCompile(`(?i)(^| )[0-9]{4,6}[*x•#]{4,}[0-9]{2,4}(?:$| )`)},
	{"xX", regexp.MustCompile(`(?i)(^| )x[0-9]{4}(?:$| )`)},
	{"0123456789", regexp.MustCompile(`(?i)(^| )(?:ref|réf|reference|référence|rum|ics|mandat|mandate|id emetteur|eref|mref|end to end|numero|num)[.:]? ?[:/#-]? ?[a-z0-9._/+-]*[0-9][a-z0-9._/+-]*(?:$| )`)},
	{"0123456789", regexp.MustCompile(`(^| )[A-Z0-9+/-]*[0-9]{8,}[A-Z0-9+/-]*(?:$| )`)},
	{"nN", regexp.MustCompile(`(?i)(^| )notprovided(?:$| )`)},
}

// withoutNoise cuts one round of noise; CleanLabel repeats it until nothing
// changes, because cutting a head can bare another.
func withoutNoise(label string) string {
	label = heads.ReplaceAllString(label, "")
	for _, piece := range pieces {
		if strings.ContainsAny(label, piece.signs) {
			label = piece.form.ReplaceAllString(label, "$1 ")
		}
	}
	return strings.TrimLeft(strings.Trim(label, " -*/:;,|"), ". ")
}
