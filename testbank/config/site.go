package config

// Language is one of those that the web site speaks.
type Language string

// The languages.
const (
	French  Language = "fr"
	English Language = "en"
)

// Site is the bank's web site for customers. All themes are there; what is said here is what a bank would decide once.
type Site struct {
	Theme  Theme `yaml:"theme" enum:"modern|classic" doc:"Where /web/ leads to. Default: modern."`
	Markup int   `yaml:"markup" min:"1" max:"2" doc:"Which of a theme's markups the pages have: the other one is the same site after a release. Default: 1."`
	LogIn  LogIn `yaml:"log_in" enum:"fields|keypad" doc:"How the password is given, where a persona does not say otherwise: typed in a field, or pressed on a scrambled keypad of pictures. Default: fields."`
	Codes  Codes `yaml:"codes" enum:"on_request|at_once" doc:"When a code or an approval is asked for: once the customer has pressed a button for it, or with the right password. Default: on_request."`
}

// Theme is one look of the web site.
type Theme string

// The themes.
const (
	Modern  Theme = "modern"
	Classic Theme = "classic"
)

// LogIn is how a password is given at the web site.
type LogIn string

// The ways.
const (
	LogInFields LogIn = "fields"
	LogInKeypad LogIn = "keypad"
)

// Codes is when the web site begins a challenge.
type Codes string

// The moments.
const (
	CodesOnRequest Codes = "on_request"
	CodesAtOnce    Codes = "at_once"
)

func (s Site) withDefaults() Site {
	orText(&s.Theme, Modern)
	orText(&s.LogIn, LogInFields)
	orText(&s.Codes, CodesOnRequest)
	orNumber(&s.Markup, 1)
	return s
}

// Digits says whether a password can be typed on a keypad.
func Digits(password string) bool { return codePattern.MatchString(password) }
