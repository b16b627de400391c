package engine

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/scraper/browser"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// question is what is asked now.
type question struct {
	id      string
	at      spot
	sent    int       // how often it was sent again
	since   time.Time // when it was sent last
	until   time.Time
	refused bool
}

// ask makes of a page what the user is asked. The page waits: the session is live.
func (s *Session) ask(ctx context.Context, at spot) (*sdk.Challenge, error) {
	if s.asked.at.page == nil || s.asked.at.page.Name != at.page.Name || at.wrong {
		sent, since := s.asked.sent, s.asked.since
		if !at.wrong {
			sent, since = 0, s.now()
		}
		s.asked = question{id: rand.Text(), at: at, sent: sent, since: since, until: s.now().Add(s.recipe.Timeouts.UserWithin()), refused: at.wrong}
	}
	s.asked.at = at
	return s.challenge(ctx)
}

// challenge writes the question down.
func (s *Session) challenge(ctx context.Context) (*sdk.Challenge, error) {
	at, asks := s.asked.at, s.asked.at.page.Ask
	c := &sdk.Challenge{ID: s.asked.id, Type: sdk.ChallengeForm, Holding: sdk.Live, ExpiresAt: s.asked.until, Message: sdk.Text{}}
	if asks == nil {
		asks = &recipe.Ask{}
	}
	for language, text := range asks.Message {
		c.Message[language] = text
	}
	if question := s.says(ctx, at, asks.Question); question != "" {
		s.add(c.Message, question)
	}
	if s.asked.refused {
		s.refusal(ctx, c, at)
	}
	if len(c.Message) == 0 {
		c.Message["en"] = "Your bank asks for your confirmation."
	}
	switch at.page.Means {
	case recipe.Approval:
		c.Type, c.PollAfter = sdk.ChallengeDecoupled, time.Duration(cmp.Or(asks.Poll, 3))*time.Second
		if asks.Image != "" {
			return c, s.picture(ctx, c, at, asks.Image)
		}
		return c, nil
	case recipe.ChooseFactor:
		return c, s.options(ctx, c, at, *asks.Options)
	}
	c.Fields = []sdk.Field{fieldOf(*asks)}
	if asks.Resend != nil {
		left := max(asks.Resend.Times, 1) - s.asked.sent
		c.Resend = &sdk.Resend{Left: max(left, 0)}
		if asks.Resend.After > 0 {
			c.Resend.AvailableAt = s.asked.since.Add(time.Duration(asks.Resend.After) * time.Second)
		}
	}
	if asks.Image != "" {
		return c, s.picture(ctx, c, at, asks.Image)
	}
	return c, nil
}

// add puts what the bank says behind each text.
func (s *Session) add(message sdk.Text, text string) {
	if len(message) == 0 {
		message["en"] = text
		return
	}
	for language := range message {
		message[language] += " " + text
	}
}

func (s *Session) refusal(ctx context.Context, c *sdk.Challenge, at spot) {
	says := s.says(ctx, at, at.page.Says)
	if says == "" {
		for language := range c.Message {
			c.Message[language] = map[string]string{"fr": "Ce n’est pas accepté. ", "de": "Das wurde nicht angenommen. "}[language] + c.Message[language]
		}
		if c.Message["en"] != "" || len(c.Message) == 0 {
			c.Message["en"] = "That was not accepted. " + c.Message["en"]
		}
		return
	}
	for language := range c.Message {
		c.Message[language] = says + " " + c.Message[language]
	}
}

// answerField is how the user's answer is called.
const answerField = "code"

func fieldOf(a recipe.Ask) sdk.Field {
	f := sdk.Field{Name: answerField, Type: sdk.FieldType(a.Type), Label: sdk.Text(a.Label), Required: true, Regex: a.Regex}
	if f.Type == "" {
		f.Type = sdk.FieldText
	}
	if len(f.Label) == 0 {
		f.Label = sdk.Text{"en": "Code", "fr": "Code"}
	}
	return f
}

func (s *Session) options(ctx context.Context, c *sdk.Challenge, at spot, o recipe.Options) error {
	w, err := s.window(ctx)
	if err != nil {
		return err
	}
	var found []struct{ Value, Label string }
	if err := w.Call(ctx, at.frame, `a => tributary.options(a)`, map[string]any{"each": o.Each, "value": place(o.Value), "label": place(o.Label)}, &found); err != nil {
		return err
	}
	if len(found) == 0 {
		return &Stuck{at.page.Name, "there is nothing to choose from"}
	}
	c.Type = sdk.ChallengeOptions
	for _, f := range found {
		c.Options = append(c.Options, sdk.Choice{Value: f.Value, Label: sdk.Text{"en": s.discreet(f.Label)}})
	}
	return nil
}

// place is where the script finds something below an element.
func place(get string) [2]string {
	selector, attribute := recipe.Split(get)
	return [2]string{selector, attribute}
}

func (s *Session) picture(ctx context.Context, c *sdk.Challenge, at spot, selector string) error {
	w, err := s.window(ctx)
	if err != nil {
		return err
	}
	var area *browser.Area
	if err := w.Call(ctx, at.frame, `a => tributary.area(a)`, selector, &area); err != nil {
		return err
	}
	if area == nil || area.Width < 1 || area.Height < 1 {
		return &Stuck{at.page.Name, "the picture " + selector + " is not there"}
	}
	data, err := w.Picture(ctx, area)
	if err != nil {
		return err
	}
	c.Image = &sdk.Image{MediaType: "image/png", Data: data}
	if c.Type == sdk.ChallengeForm {
		c.Type = sdk.ChallengeImage
	}
	return nil
}

// Answer is what came back from the user.
type Answer struct {
	Challenge string
	Answers   sdk.Secrets
	Poll      bool
	Resend    bool
}

// Continue goes on after a question.
func (s *Session) Continue(ctx context.Context, a Answer) (*sdk.Challenge, error) {
	s.using.Lock()
	defer s.using.Unlock()
	s.attended = true
	switch {
	case s.asked.at.page == nil || s.asked.id != a.Challenge:
		return nil, sdk.Fail(sdk.ChallengeExpired, &Stuck{s.step, "that is not what is asked"})
	case !s.now().Before(s.asked.until):
		return nil, sdk.Fail(sdk.ChallengeExpired, &Stuck{s.step, "the page has waited too long"})
	case a.Resend:
		challenge, err := s.resend(ctx)
		return challenge, s.typed(err)
	case s.asked.at.page.Means == recipe.Approval:
		return s.approved(ctx)
	}
	s.answer = a.Answers[answerField]
	if s.asked.at.page.Means == recipe.ChooseFactor {
		s.answer = a.Answers["option"]
	}
	s.step = s.asked.at.page.Name
	if err := s.pass(ctx, s.asked.at); err != nil {
		return nil, s.typed(err)
	}
	return s.onward(ctx)
}

// approved looks whether the page of an approval has gone. It waits a moment, not for the user.
func (s *Session) approved(ctx context.Context) (*sdk.Challenge, error) {
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for {
		found, err := s.look(ctx)
		if err != nil {
			return nil, s.typed(err)
		}
		if len(found) > 0 && found[0].page.Name != s.asked.at.page.Name {
			return s.onward(ctx)
		}
		if s.pause(short, glance) != nil {
			challenge, err := s.challenge(ctx)
			var gone *Stuck
			if errors.As(err, &gone) { // the page, just now
				return s.onward(ctx)
			}
			return challenge, s.typed(err)
		}
	}
}

// resend has a code sent again.
func (s *Session) resend(ctx context.Context) (*sdk.Challenge, error) {
	at := s.asked.at.page
	if at.Ask == nil || at.Ask.Resend == nil {
		return nil, sdk.Fail(sdk.NotSupported, nil)
	}
	r := at.Ask.Resend
	early := s.now().Before(s.asked.since.Add(time.Duration(r.After) * time.Second))
	if !early && s.asked.sent < max(r.Times, 1) {
		s.step = at.Name
		scope := s.scope()
		if err := s.click(ctx, recipe.Action{Frame: at.Frame}, r.Click, scope); err != nil {
			return nil, err
		}
		s.asked.sent, s.asked.since, s.asked.refused = s.asked.sent+1, s.now(), false
		if err := s.returned(ctx); err != nil {
			return nil, err
		}
	}
	return s.challenge(ctx)
}

// returned waits until the page that asks is there again, in whatever document.
func (s *Session) returned(ctx context.Context) error {
	return s.until(ctx, "the page that asks, after the code was sent again", func(ctx context.Context) (bool, error) {
		found, err := s.look(ctx)
		if err != nil || len(found) == 0 {
			return false, err
		}
		if found[0].page.Name != s.asked.at.page.Name {
			return false, fmt.Errorf("%w", &Stuck{found[0].page.Name, "another page came when the code was sent again"})
		}
		s.asked.at = found[0]
		s.acted = spot{}
		return true, nil
	})
}

// Asking names the page of the recipe that asks now.
func (s *Session) Asking() string {
	if s.asked.at.page == nil {
		return ""
	}
	return s.asked.at.page.Name
}

// Seen are the addresses and titles of the documents in front, for whoever tries a recipe without its bank.
func (s *Session) Seen(ctx context.Context) (all []string) {
	w, err := s.window(ctx)
	if err != nil {
		return nil
	}
	frames, err := w.Frames(ctx)
	if err != nil {
		return nil
	}
	for _, frame := range frames {
		title := ""
		_ = w.Call(ctx, frame.ID, `() => document.title`, nil, &title)
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s", frame.Name, frame.URL, title)))
	}
	return all
}
