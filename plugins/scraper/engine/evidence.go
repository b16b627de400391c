package engine

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/scraper/browser"
	"github.com/tributary-dev/tributary/plugins/scraper/bundle"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// showing is how long it may take to look at a page that failed.
const showing = 10 * time.Second

// Evidence gives what may be kept of what is in the window in front. Where the visit is over the page itself is masked, and
// a picture taken of it; else a copy is, and the session goes on. It is called by who uses the session.
// Of every text only the words remain that stand in the recipe, which anybody may read; digits become ones, so that
// what was a day or an amount still is one.
func (s *Session) Evidence(ctx context.Context, failed error, over bool) (bundle.Bundle, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), showing)
	defer cancel()
	b := bundle.Bundle{Bank: s.recipe.Bank.ID, Version: s.recipe.Version, Step: s.step, Reason: reason(failed), Refused: s.visit.Refused(), At: s.now()}
	var failure *sdk.Failure
	if errors.As(failed, &failure) {
		b.Failure = string(failure.Code)
	}
	for flag, on := range s.flags {
		if on {
			b.Flags = append(b.Flags, flag)
		}
	}
	slices.Sort(b.Flags)
	for _, x := range s.visit.Exchanges() {
		b.Network = append(b.Network, bundle.Exchange{Address: s.masked(x.Address), Kind: x.Kind, Status: x.Status, Failed: x.Failed, Bytes: x.Bytes})
	}
	w, err := s.window(ctx)
	if err != nil {
		return b, err
	}
	if err := s.documents(ctx, w, &b, over); err != nil || !over {
		return b, err
	}
	b.Picture, err = w.Picture(ctx, nil)
	return b, err
}

// documents masks every document and keeps it. One that cannot be masked is not kept, and then there is no picture either.
func (s *Session) documents(ctx context.Context, w *browser.Window, b *bundle.Bundle, over bool) error {
	frames, err := w.Frames(ctx)
	if err != nil {
		return err
	}
	for _, frame := range frames {
		var text string
		if err := w.Call(ctx, frame.ID, `a => tributary.mask(a)`, map[string]any{"keep": s.recipe.Words, "live": over}, &text); err != nil {
			return err
		}
		b.Documents = append(b.Documents, bundle.Document{Name: frame.Name, URL: s.masked(bare(frame.URL)), HTML: s.without(text)})
	}
	return nil
}

var numbers = regexp.MustCompile(`[0-9]{3,}`)

// without takes out what was given, wherever a page has put it: into an address, say.
func (s *Session) without(text string) string {
	for _, secret := range s.given() {
		text = strings.ReplaceAll(text, secret, strings.Repeat("x", len(secret)))
	}
	return text
}

func (s *Session) masked(address string) string { return masked(s.without(address)) }

// masked hides the numbers of an address.
func masked(address string) string {
	return numbers.ReplaceAllStringFunc(address, func(digits string) string { return strings.Repeat("1", len(digits)) })
}

// bare is an address without query.
func bare(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return parsed.Scheme + "://" + parsed.Host + parsed.EscapedPath()
}

// reason is what of a failure stands in the recipe.
func reason(failed error) string {
	var stuck *Stuck
	var row *unread
	switch {
	case errors.As(failed, &stuck):
		return stuck.Error()
	case errors.As(failed, &row):
		return row.Error()
	}
	return ""
}
