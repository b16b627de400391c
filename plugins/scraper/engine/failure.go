package engine

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/tributary-dev/tributary/plugins/scraper/browser"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Stuck is a visit that does not go on as the recipe says. It quotes the recipe, and nothing of the page.
type Stuck struct {
	// At is the part of the recipe: a page's name, or a place such as transactions.0.
	At string
	// Wanted is what was not found.
	Wanted string
}

func (s *Stuck) Error() string { return fmt.Sprintf("at %s: %s", s.At, s.Wanted) }

// codes say what pages mean that end a visit.
var codes = map[string]sdk.Code{
	recipe.Wrong: sdk.AuthFailed, recipe.Locked: sdk.AccountLocked, recipe.PasswordChange: sdk.PasswordChangeRequired, recipe.UserAction: sdk.UserActionRequired,
	recipe.Maintenance: sdk.ProviderUnavailable, recipe.Blocked: sdk.Blocked, recipe.Busy: sdk.RateLimited, recipe.Refused: sdk.Refused, recipe.Expired: sdk.ChallengeExpired,
}

// typed makes an error a failure of the contract.
func (s *Session) typed(err error) error {
	var failure *sdk.Failure
	var stuck *Stuck
	var unreachable *browser.Unreachable
	switch {
	case err == nil || errors.As(err, &failure):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, browser.ErrGone) && s.entered, errors.Is(err, browser.ErrClosed) && s.entered:
		return sdk.Fail(sdk.SessionLost, err)
	case errors.Is(err, browser.ErrGone), errors.Is(err, browser.ErrClosed):
		return sdk.Fail(sdk.Technical, err)
	case errors.As(err, &unreachable):
		return sdk.Fail(sdk.ProviderUnavailable, err)
	case errors.Is(err, browser.ErrHostile):
		return sdk.Fail(sdk.BadData, err)
	case errors.Is(err, browser.ErrSelector):
		return sdk.Fail(sdk.BadData, &Stuck{s.step, "a selector (CSS, or XPath where it begins with /) is not valid"})
	case errors.As(err, &stuck):
		return sdk.Fail(s.stuckBy(), err)
	}
	return sdk.Fail(sdk.Technical, err)
}

// stuckBy tells a site that is not there, or does not come to an end, from one that has changed, by what it answered.
func (s *Session) stuckBy() sdk.Code {
	code := sdk.BadData
	for _, document := range s.visit.Documents() {
		switch {
		case document.Status == http.StatusTooManyRequests:
			return sdk.RateLimited
		case document.Status >= http.StatusInternalServerError, !document.Whole():
			code = sdk.ProviderUnavailable
		}
	}
	return code
}

// refusedBy is the failure that a page means.
func (s *Session) refusedBy(page *recipe.Page, says string) *sdk.Failure {
	failure := sdk.Fail(codes[page.Means], &Stuck{page.Name, "the page means " + page.Means})
	if says != "" {
		failure.Message = sdk.Text{"en": says, s.recipe.Locale.Language: says}
	}
	switch page.Means {
	case recipe.Wrong:
		failure.Fields = page.Fields
	case recipe.Locked, recipe.PasswordChange, recipe.UserAction: // it waits for the user behind the bank's log-in, in any browser
		if url, err := s.recipe.Start.Fill(s.scope(), nil); err == nil {
			failure.URL = url
		}
	}
	return failure
}
