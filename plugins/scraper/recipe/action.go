package recipe

// Action is one thing that is done on a page: exactly one of its kinds is set.
type Action struct {
	Go     *Template `yaml:"go"`
	Fill   *Fill     `yaml:"fill"`
	Click  *Click    `yaml:"click"`
	Choose *Fill     `yaml:"choose"`
	Keypad *Keypad   `yaml:"keypad"`
	Wait   *Seen     `yaml:"wait"`
	Enter  bool      `yaml:"enter"`
	Close  bool      `yaml:"close"`

	// Frame is where, if not where the page is.
	Frame string `yaml:"frame"`
	// Optional does nothing where what it is done to is not there.
	Optional bool `yaml:"optional"`
	// Flag does it only where a flag is on.
	Flag string `yaml:"flag"`
}

// kinds counts what is set.
func (a Action) kinds() (n int) {
	for _, set := range []bool{a.Go != nil, a.Fill != nil, a.Click != nil, a.Choose != nil, a.Keypad != nil, a.Wait != nil, a.Enter, a.Close} {
		if set {
			n++
		}
	}
	return n
}

// Fill puts something into a field, or chooses it from its list.
type Fill struct {
	In Template `yaml:"in"`
	// With is the name of a credential, or "answer".
	With string `yaml:"with"`
	// Text is written instead.
	Text Template `yaml:"text"`
}

// Answer is the name of what the user answered.
const Answer = "answer"

// Click names what is clicked: a selector, and, where several match, the text it has.
type Click struct {
	CSS  Template `yaml:"css"`
	Text Template `yaml:"text"`
}

// UnmarshalYAML also takes the selector alone.
func (c *Click) UnmarshalYAML(read func(any) error) error {
	if text := ""; read(&text) == nil {
		c.CSS = Template(text)
		return nil
	}
	type whole Click
	return read((*whole)(c))
}

// Keypad is a set of keys on the page on which a secret is clicked.
type Keypad struct {
	With string `yaml:"with"`
	// Keys are the elements, one for each key.
	Keys string `yaml:"keys"`
	// Read is what tells a key's digit: "." its text, "@alt" an attribute. Not needed with Pictures.
	Read string `yaml:"read"`
	// Match takes the digit out of what was read.
	Match string `yaml:"match"`
	// Pictures are fingerprints of keys by digit, for keys that are nothing but pictures.
	Pictures map[string]string `yaml:"pictures"`
	// Grid is set where all keys are one picture: how many columns and rows it has.
	Grid *Grid `yaml:"grid"`
	// Shows is an element that shows a mark for each digit that was pressed.
	Shows string `yaml:"shows"`
}

// Grid is how a picture is divided into keys.
type Grid struct {
	Columns int `yaml:"columns"`
	Rows    int `yaml:"rows"`
}
