package httpapi

import (
	"github.com/tributary-dev/tributary/core/form"
)

// fieldView is one thing that a user is asked for: a credential, or a part of
// an answer.
type fieldView struct {
	Name     string       `json:"name" example:"login" doc:"The name under which the value is given."`
	Type     string       `json:"type" enum:"TEXT,PASSWORD,NUMBER,DATE,LIST,HIDDEN,KEYPAD" doc:"How it is asked for. KEYPAD: a secret of digits, on keys that are on the screen."`
	Label    string       `json:"label" example:"Customer number" doc:"What the user reads, in the call's language."`
	Required bool         `json:"required" doc:"Whether a value has to be given."`
	Regex    *string      `json:"regex" example:"[0-9]{8}" doc:"What the whole value has to match (RE2); null where anything does."`
	Values   []choiceView `json:"values" doc:"The values of a LIST; else empty."`
}

type choiceView struct {
	Value string `json:"value" example:"sms" doc:"What is answered."`
	Label string `json:"label" example:"Code by text message" doc:"What the user reads, in the call's language."`
}

func fieldIn(locale string) func(form.Field) fieldView {
	return func(f form.Field) fieldView {
		return fieldView{
			Name: f.Name, Type: string(f.Type), Label: f.Label.In(locale), Required: f.Required,
			Regex: known(f.Regex), Values: each(f.Values, choiceIn(locale)),
		}
	}
}

func choiceIn(locale string) func(form.Choice) choiceView {
	return func(c form.Choice) choiceView { return choiceView{c.Value, c.Label.In(locale)} }
}
