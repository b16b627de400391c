package recipe

import "strings"

// Source is where accounts or transactions are read from.
type Source struct {
	// For are the types of the accounts whose transactions these are; all when empty.
	For []string `yaml:"for"`
	// When is an expression that says for which accounts.
	When Expression `yaml:"when"`
	Do   []Action   `yaml:"do"`
	// Frame is where the rows are.
	Frame string `yaml:"frame"`

	// Each is a selector of rows: of a table, of cards, of a list.
	Each     Template  `yaml:"each"`
	JSON     *JSON     `yaml:"json"`
	Download *Download `yaml:"download"`

	// Where is an expression that says which rows count.
	Where  Expression       `yaml:"where"`
	Fields map[string]Field `yaml:"fields"`
	// Empty is seen where there are no rows.
	Empty *Seen `yaml:"empty"`
	More  *More `yaml:"more"`
	// Order of the rows: newest-first lets reading stop at the first day that is asked for.
	Order string `yaml:"order"`
	// Inverted turns the sign of every amount: a card whose purchases are shown as positive.
	Inverted bool `yaml:"inverted"`
}

// NewestFirst is the order in which reading may stop early.
const NewestFirst = "newest-first"

// JSON is a text of this format, in an element of the page or in an answer that the page asked for.
type JSON struct {
	CSS      string `yaml:"css"`
	Response string `yaml:"response"`
	At       string `yaml:"at"`
}

// Download is a file that the bank gives.
type Download struct {
	Click     *Click `yaml:"click"`
	Format    string `yaml:"format"`
	Charset   string `yaml:"charset"`
	Separator string `yaml:"separator"`
	// SkipLines is how many lines stand before the names of the columns.
	SkipLines int `yaml:"skip_lines"`
}

// Formats of downloads.
const (
	CSV   = "csv"
	OFX   = "ofx"
	Camt  = "camt.053"
	MT940 = "mt940"
)

// Fixed reports whether a format says itself what its parts are.
func (d *Download) Fixed() bool { return d != nil && d.Format != CSV }

// More is how further rows are shown.
type More struct {
	Click Click `yaml:"click"`
	// Adds says that further rows are added below those that are there; else they take their place.
	Adds bool `yaml:"adds"`
	// Pages is how many there may be.
	Pages int `yaml:"pages"`
}

// Field is one part of a row.
type Field struct {
	// Get says where it is: in a page a selector below the row and, after @, an attribute; in JSON a path; in a CSV file the
	// name of a column.
	Get string `yaml:"get"`
	// Column are the headings, one of which the column of a table has in which it is; Get is then below its cell.
	Column Headings `yaml:"column"`
	// Match takes the first group of a pattern, or all that it matches.
	Match string `yaml:"match"`
	// Map translates: the longest of its keys that is part of the text, whatever its case; "*" is any other.
	Map     map[string]string `yaml:"map"`
	Const   string            `yaml:"const"`
	Expr    Expression        `yaml:"expr"`
	Default string            `yaml:"default"`
	// If is what takes its place where a flag is on.
	If *Flagged `yaml:"if"`
}

// Headings are what the heading of a column may be, whatever its case.
type Headings []string

// UnmarshalYAML also takes one alone.
func (h *Headings) UnmarshalYAML(read func(any) error) error {
	if text := ""; read(&text) == nil {
		*h = Headings{text}
		return nil
	}
	return read((*[]string)(h))
}

// Placed reports whether it says where in a row it is.
func (f Field) Placed() bool { return f.Get != "" || len(f.Column) > 0 }

// Flagged is a field behind a flag.
type Flagged struct {
	Flag string `yaml:"flag"`
	Then Field  `yaml:"then"`
}

// UnmarshalYAML also takes the place alone.
func (f *Field) UnmarshalYAML(read func(any) error) error {
	if text := ""; read(&text) == nil {
		f.Get = text
		return nil
	}
	type whole Field
	return read((*whole)(f))
}

// Split parts a place in a page into selector and attribute. A path (XPath) says itself what it is.
func Split(get string) (selector, attribute string) {
	if Path(get) {
		return get, ""
	}
	at := strings.LastIndex(get, "@")
	if at < 0 || strings.ContainsAny(get[at:], "]'\"") {
		return strings.TrimSpace(get), ""
	}
	return strings.TrimSpace(get[:at]), get[at+1:]
}

// Path tells XPath from CSS.
func Path(selector string) bool {
	return strings.HasPrefix(selector, "/") || strings.HasPrefix(selector, "./") || strings.HasPrefix(selector, "(")
}

// The parts that rows may have.
var (
	accountFields = []string{"id", "iban", "number", "name", "holder", "type", "currency", "balance", "expected", "available", "as_of", "limit", "status", "parent", "link"}
	rowFields     = []string{"id", "date", "value_date", "transaction_date", "label", "counterparty", "amount", "debit", "credit", "direction", "currency",
		"status", "type", "merchant_code", "reference", "balance"}
)
