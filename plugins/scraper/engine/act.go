package engine

import (
	"context"
	"net/url"
	"strings"

	"github.com/tributary-dev/tributary/plugins/scraper/browser"
	"github.com/tributary-dev/tributary/plugins/scraper/gate"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// do carries out actions one after the other. frame is where they are done unless they say otherwise.
func (s *Session) do(ctx context.Context, all []recipe.Action, frame string, scope recipe.Scope) error {
	for _, a := range all {
		if a.Flag != "" && !s.flags[a.Flag] {
			continue
		}
		if a.Frame == "" {
			a.Frame = frame
		}
		if err := s.one(ctx, a, scope); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) one(ctx context.Context, a recipe.Action, scope recipe.Scope) error {
	switch {
	case a.Go != nil:
		return s.goTo(ctx, *a.Go, scope)
	case a.Fill != nil:
		return s.fill(ctx, a, scope)
	case a.Choose != nil:
		return s.choose(ctx, a, scope)
	case a.Click != nil:
		return s.click(ctx, a, *a.Click, scope)
	case a.Keypad != nil:
		return s.keypad(ctx, a, *a.Keypad)
	case a.Wait != nil:
		wanted, err := a.Wait.Fill(scope, quoted)
		if err != nil {
			return &Stuck{s.step, err.Error()}
		}
		return s.await(ctx, "what to wait for", func(ctx context.Context) (bool, error) { return s.seenIn(ctx, a.Frame, wanted) })
	}
	w, err := s.window(ctx)
	if err != nil {
		return err
	}
	if a.Enter {
		if err := w.Enter(ctx); err != nil {
			return err
		}
		return w.Settle(ctx)
	}
	return w.Close(ctx)
}

// goTo navigates, but nowhere else than to the recipe's hosts.
func (s *Session) goTo(ctx context.Context, to recipe.Template, scope recipe.Scope) error {
	filled, err := to.Fill(scope, nil)
	if err != nil {
		return &Stuck{s.step, err.Error()}
	}
	w, err := s.window(ctx)
	if err != nil {
		return err
	}
	target, err := url.Parse(filled)
	if err == nil && !target.IsAbs() {
		var base *url.URL
		if base, err = s.base(ctx, w); err == nil {
			target = base.ResolveReference(target)
		}
	}
	if err != nil || target.Scheme != "http" && target.Scheme != "https" || !gate.Allowed(s.hosts, target.Host) {
		return &Stuck{s.step, "go: is no address of the recipe's hosts"}
	}
	return w.Go(ctx, target.String())
}

// base is what relative addresses are relative to.
func (s *Session) base(ctx context.Context, w *browser.Window) (*url.URL, error) {
	frames, err := w.Frames(ctx)
	if err != nil {
		return nil, err
	}
	if len(frames) > 0 && strings.HasPrefix(frames[0].URL, "http") {
		return url.Parse(frames[0].URL)
	}
	start, err := s.recipe.Start.Fill(s.scope(), nil)
	if err != nil {
		return nil, err
	}
	return url.Parse(start)
}

// target waits for an element that something is to be done with.
func (s *Session) target(ctx context.Context, a recipe.Action, click recipe.Click, scope recipe.Scope) (w *browser.Window, frame string, wanted recipe.Click, err error) {
	css, err := click.CSS.Fill(scope, quoted)
	if err != nil {
		return nil, "", wanted, &Stuck{s.step, err.Error()}
	}
	text, err := click.Text.Fill(scope, nil)
	if err != nil {
		return nil, "", wanted, &Stuck{s.step, err.Error()}
	}
	wanted = recipe.Click{CSS: recipe.Template(css), Text: recipe.Template(text)}
	try := func(ctx context.Context) (there bool, err error) {
		if w, err = s.window(ctx); err != nil {
			return false, err
		}
		if frame, there, err = s.frame(ctx, w, a.Frame); err != nil || !there {
			return false, err
		}
		var got sight
		err = w.Call(ctx, frame, `a => tributary.look(a)`, map[string]any{"want": element(wanted)}, &got)
		return got.Want, err
	}
	if a.Optional {
		there, err := try(ctx)
		if err == nil && !there {
			err = errAbsent
		}
		return w, frame, wanted, err
	}
	return w, frame, wanted, s.await(ctx, "the element "+string(click.CSS), try)
}

func element(c recipe.Click) map[string]string {
	return map[string]string{"css": string(c.CSS), "text": string(c.Text)}
}

func (s *Session) click(ctx context.Context, a recipe.Action, click recipe.Click, scope recipe.Scope) error {
	w, frame, wanted, err := s.target(ctx, a, click, scope)
	if err != nil {
		return present(err)
	}
	pressed, err := s.press(ctx, w, frame, wanted)
	if err == nil && !pressed && !a.Optional {
		return &Stuck{s.step, "the element " + string(click.CSS) + " went away"}
	}
	return err
}

// press clicks with the mouse where the element can be hit, and without where something lies over it.
func (s *Session) press(ctx context.Context, w *browser.Window, frame string, c recipe.Click) (bool, error) {
	var at struct {
		Found, Ok bool
		X, Y      float64
	}
	if err := w.Call(ctx, frame, `a => tributary.place(a)`, element(c), &at); err != nil || !at.Found {
		return false, err
	}
	if at.Ok {
		if err := w.Click(ctx, at.X, at.Y); err != nil {
			return false, err
		}
		return true, w.Settle(ctx)
	}
	var done bool
	if err := w.Call(ctx, frame, `a => tributary.click(a)`, element(c), &done); err != nil {
		return false, err
	}
	return done, w.Settle(ctx)
}

// fill types into a field, as a person does; where the page does not take that, it is put there.
func (s *Session) fill(ctx context.Context, a recipe.Action, scope recipe.Scope) error {
	value, err := s.value(*a.Fill, scope)
	if err != nil {
		return err
	}
	if value == "" && a.Fill.With != "" { // an optional credential that was left out
		return nil
	}
	w, frame, wanted, err := s.target(ctx, a, recipe.Click{CSS: a.Fill.In}, scope)
	if err != nil {
		return present(err)
	}
	if err := w.Call(ctx, frame, `a => tributary.focus(a)`, wanted.CSS, nil); err != nil {
		return err
	}
	if err := w.Type(ctx, value); err != nil {
		return err
	}
	var holds int
	if err := w.Call(ctx, frame, `a => tributary.holds(a)`, wanted.CSS, &holds); err != nil {
		return err
	}
	if holds == 0 && value != "" {
		return w.Call(ctx, frame, `a => tributary.put(a)`, []string{string(wanted.CSS), value}, nil)
	}
	return w.Call(ctx, frame, `a => tributary.leave(a)`, wanted.CSS, nil)
}

func (s *Session) value(f recipe.Fill, scope recipe.Scope) (string, error) {
	if f.With != "" {
		return s.secret(f.With), nil
	}
	text, err := f.Text.Fill(scope, nil)
	if err != nil {
		return "", &Stuck{s.step, err.Error()}
	}
	return text, nil
}

func (s *Session) choose(ctx context.Context, a recipe.Action, scope recipe.Scope) error {
	value, err := s.value(*a.Choose, scope)
	if err != nil {
		return err
	}
	w, frame, wanted, err := s.target(ctx, a, recipe.Click{CSS: a.Choose.In}, scope)
	if err != nil {
		return present(err)
	}
	var done bool
	if err := w.Call(ctx, frame, `a => tributary.choose(a)`, []string{string(wanted.CSS), value}, &done); err != nil {
		return err
	}
	if !done {
		return &Stuck{s.step, "the list " + string(a.Choose.In) + " does not have what is to be chosen"}
	}
	return w.Settle(ctx)
}

// await waits for something on the way to, or among, what is read. Pages that come in between are dealt with: once home
// was reached a bank may show terms, or want a new log-in.
func (s *Session) await(ctx context.Context, wanted string, try func(ctx context.Context) (bool, error)) error {
	return s.until(ctx, wanted+" is not there", func(ctx context.Context) (bool, error) {
		done, err := try(ctx)
		if done || err != nil {
			return done, err
		}
		found, err := s.look(ctx)
		if err != nil || len(found) == 0 || found[0].same(s.acted) || !s.entered {
			return false, err
		}
		return false, s.interrupted(ctx, found[0])
	})
}

// interrupted deals with a page that came in between.
func (s *Session) interrupted(ctx context.Context, at spot) error {
	switch at.page.Means {
	case recipe.Home:
		return nil
	case recipe.Passing:
		return s.pass(ctx, at)
	case recipe.LogIn:
		if s.logins >= maxLogins {
			return sdk.Fail(sdk.SessionLost, &Stuck{at.page.Name, "the session does not last"})
		}
		if err := s.again(ctx); err != nil {
			return err
		}
		return errAgain
	case recipe.Code, recipe.ChooseFactor, recipe.Approval:
		return sdk.Fail(sdk.ChallengeRequired, &Stuck{at.page.Name, "the bank asks while it is read"})
	}
	return s.refusedBy(at.page, s.says(ctx, at, at.page.Says))
}
