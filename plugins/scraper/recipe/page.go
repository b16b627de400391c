package recipe

import "errors"

// What a page means.
const (
	LogIn          = "log-in"
	Code           = "code"
	ChooseFactor   = "choice"
	Approval       = "approval"
	Passing        = "passing"
	Home           = "home"
	Wrong          = "wrong"
	Locked         = "locked"
	PasswordChange = "password-change"
	UserAction     = "user-action"
	Maintenance    = "maintenance"
	Blocked        = "blocked"
	Busy           = "busy"
	Refused        = "refused"
	Expired        = "expired"
)

// Page is one that the site may show: how to recognise it, what it means, and what is done there.
type Page struct {
	Name  string   `yaml:"name"`
	Means string   `yaml:"means"`
	Frame string   `yaml:"frame"`
	Seen  Seen     `yaml:"seen"`
	Do    []Action `yaml:"do"`
	// Wrong is seen on the same page after what was given was refused.
	Wrong *Seen `yaml:"wrong"`
	// Fields are the credentials that Wrong is about.
	Fields []string `yaml:"fields"`
	Ask    *Ask     `yaml:"ask"`
	// Says is what of the page is shown to the user.
	Says string `yaml:"says"`
	// Sends says that what is done here makes the bank send a code or a message to the user: never with nobody there.
	Sends bool `yaml:"sends"`
}

// Seen is how something is recognised. All that is named must hold.
type Seen struct {
	CSS   string `yaml:"css"`
	Not   string `yaml:"not"`
	Text  string `yaml:"text"`
	Title string `yaml:"title"`
	URL   string `yaml:"url"`
}

// Empty reports that nothing is named.
func (s Seen) Empty() bool { return s == Seen{} }

// Fill fills the holes of what is waited for. escape is applied to what fills those of selectors.
func (s Seen) Fill(scope Scope, escape func(string) string) (Seen, error) {
	var failed error
	fill := func(at *string, escape func(string) string) {
		text, err := Template(*at).Fill(scope, escape)
		*at, failed = text, errors.Join(failed, err)
	}
	fill(&s.CSS, escape)
	fill(&s.Not, escape)
	fill(&s.Text, nil)
	fill(&s.Title, nil)
	return s, failed
}

// Ask is what only the user can say.
type Ask struct {
	Message map[string]string `yaml:"message"`
	// Question is what of the page is shown with the message: a security question, the last digits of a telephone.
	Question string            `yaml:"question"`
	Label    map[string]string `yaml:"label"`
	Type     string            `yaml:"type"`
	Regex    string            `yaml:"regex"`
	// Image is what of the page the user has to look at.
	Image   string   `yaml:"image"`
	Options *Options `yaml:"options"`
	Resend  *Resend  `yaml:"resend"`
	// Poll is after how many seconds an approval is looked at again.
	Poll int `yaml:"poll"`
}

// Options are what the user can choose from.
type Options struct {
	Each  string `yaml:"each"`
	Value string `yaml:"value"`
	Label string `yaml:"label"`
}

// Resend is how a code is sent again.
type Resend struct {
	Click Click `yaml:"click"`
	Times int   `yaml:"times"`
	After int   `yaml:"after"`
}
