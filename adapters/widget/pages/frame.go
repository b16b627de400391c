package pages

import (
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Frame is what a page is drawn from.
type Frame struct {
	Locale string
	// Style and Script are addresses of ours, and so are Theme and Logo, of the
	// client's look; empty where there is none.
	Style, Script, Theme, Logo string
	// Action is the address of the visit, Word what its forms have to say, Key what
	// the page is told from others by, and Details from itself a while ago.
	Action, Word, Key, Details string
	Visit                      usecase.Visit
	// Around is what may be around the page, Teller the address of the script that
	// speaks with it of Session. Told is what it says at the end, as JSON.
	Around                widget.Embedding
	Teller, Session, Told string
	// Notice stands in the place of a visit that cannot be shown.
	Notice *Notice
	// Banks are those that Search found.
	Banks  usecase.Banks
	Search usecase.BankSearch
	// Reviewed is a part of what was done under a consent, Older the address of the
	// part after it, and Within says that there is one before it.
	Reviewed usecase.Reviewed
	Older    string
	Within   bool
	// Alert says what is wrong with what was sent, Wrong which fields, and Kept is
	// what may be shown of it again.
	Alert bank.Text
	Wrong map[string]bool
	Kept  map[string]string
}

// say is a text in every language that there is.
func say(english, french string) bank.Text { return bank.Text{"en": english, "fr": french} }

// T is a text in the language of the page.
func (f Frame) T(text bank.Text) string { return text.In(f.Locale) }

// With is T of a text with names in it: {bank}, {client}.
func (f Frame) With(text bank.Text) string {
	return strings.NewReplacer("{bank}", f.Visit.Provider.Name, "{client}", f.Visit.ClientName).Replace(f.T(text))
}

// Onward is where the user goes on from the last page, where there is no way
// back by itself; empty for nowhere.
func (f Frame) Onward() string {
	if f.Visit.Session == nil || f.Visit.Page != widget.Over {
		return ""
	}
	return f.Visit.Session.Destination()
}

// Takes reports whether the page takes an input.
func (f Frame) Takes(input widget.Input) bool { return f.Visit.Session.Takes(input, f.Visit.Seen) }

// foremost is the attribute of the field to type into first. No frame of another site
// may take the focus by itself, and browsers say so; our script moves it where the
// frame has it.
func (f Frame) foremost() string {
	if f.Around.Mode == widget.InFrame {
		return "data-foremost"
	}
	return "autofocus"
}

// FieldName is the name of a credential field of a way in a form.
func FieldName(way int, field form.Field) string { return "way" + strconv.Itoa(way) + "." + field.Name }

// AnswerNames are the fields of an answer.
func AnswerNames(asked *connection.Challenge) (names []string) {
	switch asked.Type {
	case connection.Options:
		return []string{"option"}
	case connection.Decoupled, connection.Redirect:
		return nil
	}
	for _, field := range asked.Fields {
		names = append(names, field.Name)
	}
	return names
}

// Letters are what stands for a bank without a picture.
func Letters(name string) string {
	var letters []rune
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if letters = append(letters, unicode.ToUpper([]rune(word)[0])); len(letters) == 2 {
			break
		}
	}
	return string(letters)
}

// LogoAddress is where a bank's picture is; empty where there is none.
func LogoAddress(bank provider.Provider) string {
	if bank.Logo == nil {
		return ""
	}
	return "/widget/logos/" + bank.ID + "/" + bank.Logo.Hash + "/logo.png"
}

// hues is how many colours the style sheet has for banks.
const hues = 8

// Hue is the colour of a bank without a picture.
func Hue(id string) string {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(id))
	return "hue-" + strconv.Itoa(int(sum.Sum32()%hues))
}

// step is how far a page is on the way, of steps; 0 where there is none.
const steps = 4

func (f Frame) step() int {
	if f.Visit.Session.Manages() {
		return 0 // there is no way to go
	}
	switch f.Visit.Page {
	case widget.Over:
		return 0
	case widget.ChooseBank:
		return 1
	case widget.Agree:
		return 2
	case widget.Identify, widget.AddChannel, widget.Visit, widget.Answer:
		return 3
	}
	return steps
}

var stepWords = say("Step {n} of {all}", "Étape {n} sur {all}")

func (f Frame) stepText() string {
	return strings.NewReplacer("{n}", strconv.Itoa(f.step()), "{all}", strconv.Itoa(steps)).Replace(f.T(stepWords))
}
