package engine

import (
	"context"
	"errors"
	"strings"

	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

const (
	maxSteps  = 40 // pages between the start and home
	maxLogins = 2  // of one session: the second after the bank has ended it
)

var (
	// errAbsent: an optional element is not there.
	errAbsent = errors.New("not there")
	// errAgain: the bank had to be entered again, and what was begun is begun again.
	errAgain = errors.New("begin again")
	// errUntaken: a key of a keypad was pressed and not taken, and what was to be sent was not.
	errUntaken = errors.New("a key was not taken")
)

func present(err error) error {
	if errors.Is(err, errAbsent) {
		return nil
	}
	return err
}

// Enter goes to the bank and as far as it gets without the user: to home (a nil challenge), or to what the user is asked.
func (s *Session) Enter(ctx context.Context) (*sdk.Challenge, error) {
	s.using.Lock()
	defer s.using.Unlock()
	if !s.attended && !s.resumed && s.mayNotEnter() {
		return nil, sdk.Fail(sdk.ChallengeRequired, &Stuck{"start", "the bank would ask for a code, and nobody is there"})
	}
	challenge, err := s.begin(ctx)
	if errors.Is(err, errUntaken) { // pressed again it might be there twice, where it was taken late: a new page knows of none
		s.acted, s.tried = spot{}, map[string]bool{}
		challenge, err = s.begin(ctx)
	}
	return challenge, err
}

// begin goes to the bank's first page and on from there.
func (s *Session) begin(ctx context.Context) (*sdk.Challenge, error) {
	s.step = "start"
	if err := s.goTo(ctx, s.recipe.Start, s.scope()); err != nil {
		return nil, s.typed(err)
	}
	return s.onward(ctx)
}

// mayNotEnter says whether a log-in would make the bank ask for a code.
func (s *Session) mayNotEnter() bool {
	return s.recipe.Unattended == recipe.Never || s.recipe.Unattended == recipe.KnownDevice && !s.known
}

// onward goes from page to page.
func (s *Session) onward(ctx context.Context) (*sdk.Challenge, error) {
	at, err := s.advance(ctx)
	if err != nil {
		return nil, s.typed(err)
	}
	if at.page.Means == recipe.Home {
		s.entered, s.asked, s.acted, s.tried = true, question{}, spot{}, map[string]bool{}
		return nil, nil
	}
	challenge, err := s.ask(ctx, at)
	return challenge, s.typed(err)
}

// advance gives the next page that is home or asks something.
func (s *Session) advance(ctx context.Context) (at spot, err error) {
	var course []string
	for range maxSteps {
		s.step = "the pages"
		if at, err = s.where(ctx); err != nil {
			return at, err
		}
		s.step, course = at.page.Name, append(course, at.page.Name)
		switch at.page.Means {
		case recipe.Home:
			return at, nil
		case recipe.Code, recipe.ChooseFactor, recipe.Approval:
			if !s.attended {
				return at, sdk.Fail(sdk.ChallengeRequired, &Stuck{at.page.Name, "the bank asks, and nobody is there"})
			}
			return at, nil
		case recipe.LogIn:
			err = s.logIn(ctx, at)
		case recipe.Passing:
			err = s.pass(ctx, at)
		default:
			err = s.refusedBy(at.page, s.says(ctx, at, at.page.Says))
		}
		if err != nil {
			return at, err
		}
	}
	return at, &Stuck{at.page.Name, "the pages go in circles: … " + strings.Join(course[maxSteps-4:], ", ")}
}

// logIn gives the credentials, once. A log-in page that comes back, or says so, has refused them: they are not given again,
// which might lock the user out.
func (s *Session) logIn(ctx context.Context, at spot) error {
	if len(s.credentials) == 0 {
		return sdk.Fail(sdk.SessionLost, &Stuck{at.page.Name, "the bank has ended the session"})
	}
	if !s.tried[at.page.Name] {
		s.tried[at.page.Name] = true
		return s.pass(ctx, at)
	}
	if !at.wrong && at.page.Wrong != nil { // loaded anew: it may say why in a moment
		seen := s.until(ctx, "whether it was wrong", func(ctx context.Context) (bool, error) { return s.seenIn(ctx, at.page.Frame, *at.page.Wrong) })
		if seen != nil {
			return &Stuck{at.page.Name, "it comes back and does not say that anything was wrong"}
		}
	}
	failure := sdk.Fail(sdk.AuthFailed, &Stuck{at.page.Name, "the credentials are refused"})
	failure.Fields = at.page.Fields
	if says := s.says(ctx, at, at.page.Says); says != "" {
		failure.Message = sdk.Text{"en": says, s.recipe.Locale.Language: says}
	}
	return failure
}

// pass does what is done on a page.
func (s *Session) pass(ctx context.Context, at spot) error {
	if at.page.Sends && !s.attended {
		return sdk.Fail(sdk.ChallengeRequired, &Stuck{at.page.Name, "to go on would have a code sent, and nobody is there"})
	}
	if at.page.Sends && at.page.Means == recipe.Passing {
		if s.tried[at.page.Name] {
			return &Stuck{at.page.Name, "it comes back, and to go on would have a second code sent"}
		}
		s.tried[at.page.Name] = true
	}
	s.acted = at
	return s.do(ctx, at.page.Do, at.page.Frame, s.scope())
}

// again enters the bank once more, after it has ended the session.
func (s *Session) again(ctx context.Context) error {
	s.acted, s.tried, s.logins = spot{}, map[string]bool{}, s.logins+1
	if len(s.credentials) == 0 || s.recipe.Unattended == recipe.Never {
		return sdk.Fail(sdk.SessionLost, &Stuck{s.step, "the bank has ended the session"})
	}
	at, err := s.advance(ctx)
	if err != nil {
		return err
	}
	if at.page.Means != recipe.Home {
		return sdk.Fail(sdk.ChallengeRequired, &Stuck{at.page.Name, "the bank asks while it is read"})
	}
	s.acted, s.tried = spot{}, map[string]bool{}
	return nil
}
