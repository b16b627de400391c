package engine

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/tributary-dev/tributary/plugins/scraper/browser"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
)

// glance is how often a page is looked at that tells nothing.
const glance = 100 * time.Millisecond

// spot is a page of the recipe, as it is seen in a document.
type spot struct {
	page  *recipe.Page
	frame string // of DevTools
	doc   string
	wrong bool // what was given was refused
}

// same reports whether it is still the document on which something was done already.
func (s spot) same(other spot) bool {
	return s.page != nil && other.page != nil && s.page.Name == other.page.Name && s.doc == other.doc
}

// sight is what the script answers.
type sight struct {
	Doc, URL        string
	Ready           bool
	Pages, Overlays []bool
	Want, Empty     bool
}

type seen struct {
	CSS   string `json:"css,omitempty"`
	Not   string `json:"not,omitempty"`
	Text  string `json:"text,omitempty"`
	Title string `json:"title,omitempty"`
}

func seenOf(s recipe.Seen) seen { return seen{s.CSS, s.Not, s.Text, s.Title} }

// window is the one in front.
func (s *Session) window(ctx context.Context) (*browser.Window, error) { return s.visit.Window(ctx) }

// frame finds a frame by its name or a pattern of its address; the window's own document is "".
func (s *Session) frame(ctx context.Context, w *browser.Window, named string) (id string, found bool, err error) {
	if named == "" {
		return "", true, nil
	}
	frames, err := w.Frames(ctx)
	if err != nil {
		return "", false, err
	}
	pattern, err := regexp.Compile(named)
	for _, f := range frames {
		if f.Name == named || err == nil && f.Name == "" && pattern.MatchString(f.URL) || err == nil && len(named) > 3 && pattern.MatchString(f.URL) {
			return f.ID, true, nil
		}
	}
	return "", false, nil
}

// look sees which pages there are in the window in front, and clicks away what lies over them.
func (s *Session) look(ctx context.Context) (found []spot, err error) {
	w, err := s.window(ctx)
	if err != nil {
		return nil, err
	}
	frames := map[string][]int{}
	for i, p := range s.recipe.Pages {
		frames[p.Frame] = append(frames[p.Frame], i)
	}
	spots := map[int]spot{}
	for named, pages := range frames {
		if err := s.lookIn(ctx, w, named, pages, spots); err != nil {
			return nil, err
		}
	}
	for i := range s.recipe.Pages {
		if at, is := spots[i]; is {
			found = append(found, at)
		}
	}
	return found, nil
}

func (s *Session) lookIn(ctx context.Context, w *browser.Window, named string, pages []int, spots map[int]spot) error {
	frame, there, err := s.frame(ctx, w, named)
	if err != nil || !there {
		return err
	}
	ask := map[string]any{}
	var wanted, over []seen
	for _, i := range pages {
		wanted = append(wanted, seenOf(s.recipe.Pages[i].Seen))
	}
	if named == "" {
		for _, o := range s.recipe.Overlays {
			over = append(over, seenOf(o.Seen))
		}
	}
	ask["pages"], ask["overlays"] = wanted, over
	var got sight
	if err := s.call(ctx, w, frame, `a => tributary.look(a)`, ask, &got); err != nil {
		return err
	}
	for n, on := range got.Overlays {
		if on {
			if _, err := s.press(ctx, w, frame, s.recipe.Overlays[n].Click); err != nil {
				return err
			}
		}
	}
	for n, on := range got.Pages {
		page := &s.recipe.Pages[pages[n]]
		if on && got.Ready && matches(page.Seen.URL, got.URL) {
			spots[pages[n]] = spot{page: page, frame: frame, doc: got.Doc}
		}
	}
	return nil
}

// call asks something of a document, of which it is of no use to know a part.
func (s *Session) call(ctx context.Context, w *browser.Window, frame, script string, ask, into any) error {
	if err := w.Call(ctx, frame, script, ask, into); err != nil {
		return err
	}
	return w.Torn(frame)
}

func matches(pattern, text string) bool {
	if pattern == "" {
		return true
	}
	compiled, err := regexp.Compile(pattern)
	return err == nil && compiled.MatchString(text)
}

// seenIn looks for one thing in a frame.
func (s *Session) seenIn(ctx context.Context, named string, wanted recipe.Seen) (bool, error) {
	w, err := s.window(ctx)
	if err != nil {
		return false, err
	}
	frame, there, err := s.frame(ctx, w, named)
	if err != nil || !there {
		return false, err
	}
	var got sight
	if err := s.call(ctx, w, frame, `a => tributary.look(a)`, map[string]any{"pages": []seen{seenOf(wanted)}}, &got); err != nil {
		return false, err
	}
	return got.Ready && len(got.Pages) == 1 && got.Pages[0] && matches(wanted.URL, got.URL), nil
}

// until tries something as often as anything may have changed, as long as a page may take.
func (s *Session) until(ctx context.Context, wanted string, try func(ctx context.Context) (bool, error)) error {
	within, cancel := context.WithTimeout(ctx, s.recipe.Timeouts.PageWithin())
	defer cancel()
	for {
		done, err := try(within)
		if errors.Is(err, browser.ErrRefused) {
			done, err = false, nil // a document was replaced just then
		}
		if done || err != nil && within.Err() == nil {
			return err
		}
		if err == nil {
			err = s.pause(within, glance)
		}
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case within.Err() != nil:
			return &Stuck{s.step, wanted}
		case err != nil:
			return err
		}
	}
}

// pause waits until something may have changed, or a while.
func (s *Session) pause(ctx context.Context, long time.Duration) error {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-s.visit.Changed():
		return nil
	case <-s.visit.Done():
		return s.visit.Err()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// where finds out where we are, and waits for that while a page on which something was done is still there.
func (s *Session) where(ctx context.Context) (at spot, err error) {
	err = s.until(ctx, "none of the pages is seen", func(ctx context.Context) (bool, error) {
		found, err := s.look(ctx)
		if err != nil || len(found) == 0 {
			return false, err
		}
		at = found[0]
		if s.acted.page == nil || at.page.Name != s.acted.page.Name {
			return true, nil
		}
		if at.page.Wrong != nil {
			at.wrong, err = s.seenIn(ctx, at.page.Frame, *at.page.Wrong)
		}
		if !at.same(s.acted) && at.page.Means != recipe.LogIn {
			at.wrong = true // it came back
		}
		return at.wrong || !at.same(s.acted), err
	})
	var stuck *Stuck
	if errors.As(err, &stuck) && at.page != nil {
		return at, &Stuck{at.page.Name, "the page does not go away after what is done there"}
	}
	return at, err
}

// says reads what a page tells the user.
func (s *Session) says(ctx context.Context, at spot, selector string) string {
	if selector == "" {
		return ""
	}
	w, err := s.window(ctx)
	if err != nil {
		return ""
	}
	var text string
	if err := w.Call(ctx, at.frame, `a => tributary.text(a)`, selector, &text); err != nil {
		return ""
	}
	return s.discreet(text)
}

// at names a part of the recipe.
func part(kind string, i int) string { return fmt.Sprintf("%s.%d", kind, i) }
