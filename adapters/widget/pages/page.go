package pages

import (
	"github.com/a-h/templ"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/widget"
)

// sheet is one page.
type sheet struct {
	title func(Frame) string
	draw  func(Frame) templ.Component
}

// sheets are all pages, each at its place in the flow.
var sheets = map[widget.Page]sheet{
	widget.ChooseBank:     {plain(banksTitle), banksPage},
	widget.Agree:          {named(agreeTitle), agreePage},
	widget.Identify:       {named(identifyTitle), identifyPage},
	widget.AddChannel:     {named(addTitle), addPage},
	widget.Visit:          {named(visitTitle), visitPage},
	widget.Answer:         {answerHeading, answerPage},
	widget.Reading:        {named(readingTitle), readingPage},
	widget.ChooseAccounts: {plain(choosingTitle), choosingPage},
	widget.Trouble:        {troubleHeading, troublePage},
	widget.Done:           {named(doneTitle), donePage},
	widget.Over:           {overHeading, overPage},
	widget.Manage:         {named(manageTitle), managePage},
	widget.Account:        {accountHeading, accountPage},
	widget.Accesses:       {accessesHeading, accessesPage},
	widget.Withdraw:       {named(withdrawTitle), withdrawPage},
}

func plain(title bank.Text) func(Frame) string { return func(f Frame) string { return f.T(title) } }
func named(title bank.Text) func(Frame) string { return func(f Frame) string { return f.With(title) } }

// Page draws the page of a frame.
func Page(f Frame) templ.Component {
	if f.Notice != nil {
		return layout(f, f.T(f.Notice.Title), noticePage(f))
	}
	s := sheets[f.Visit.Page]
	return layout(f, s.title(f), s.draw(f))
}
