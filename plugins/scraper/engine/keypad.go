package engine

import (
	"context"
	"fmt"
	"math/bits"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tributary-dev/tributary/plugins/scraper/browser"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
)

// key is one of a keypad.
type key struct {
	Ok    bool
	X, Y  float64
	Read  string
	Print string
}

// keypad clicks a secret on keys, wherever they are this time.
func (s *Session) keypad(ctx context.Context, a recipe.Action, k recipe.Keypad) error {
	var keys map[rune]key
	var w *browser.Window
	err := s.await(ctx, "a key for each digit, at "+k.Keys, func(ctx context.Context) (bool, error) {
		var frame string
		var there bool
		var err error
		if w, err = s.window(ctx); err != nil {
			return false, err
		}
		if frame, there, err = s.frame(ctx, w, a.Frame); err != nil || !there {
			return false, err
		}
		keys, err = s.keys(ctx, w, frame, k)
		return len(keys) == 10, err
	})
	if err != nil {
		return err
	}
	for n, digit := range []rune(s.secret(k.With)) {
		at, there := keys[digit]
		if !there || !at.Ok {
			return &Stuck{s.step, "a key of the keypad " + k.Keys + " cannot be clicked"}
		}
		if err := w.Click(ctx, at.X, at.Y); err != nil {
			return err
		}
		if err := w.Settle(ctx); err != nil { // a key may be a link to a script, which runs a little later
			return err
		}
		if err := s.marked(ctx, w, a.Frame, k.Shows, n+1); err != nil {
			return fmt.Errorf("%w: %w", errUntaken, err)
		}
	}
	return nil
}

// marked waits until the page has taken so many keys, where something shows it. A digit that is missing would cost the user
// one of few attempts.
func (s *Session) marked(ctx context.Context, w *browser.Window, named, shows string, keys int) error {
	if shows == "" {
		return nil
	}
	return s.until(ctx, "a key was pressed for which "+shows+" shows no mark", func(ctx context.Context) (bool, error) {
		frame, there, err := s.frame(ctx, w, named)
		if err != nil || !there {
			return false, err
		}
		var marks int
		err = w.Call(ctx, frame, `a => tributary.marks(a)`, shows, &marks)
		return marks == keys, err
	})
}

// keys finds which key is which digit.
func (s *Session) keys(ctx context.Context, w *browser.Window, frame string, k recipe.Keypad) (map[rune]key, error) {
	ask := map[string]any{"css": k.Keys, "prints": k.Pictures != nil}
	if k.Read != "" {
		ask["read"] = place(k.Read)
	}
	if k.Grid != nil {
		ask["grid"] = *k.Grid
	}
	var found []key
	if err := w.Call(ctx, frame, `a => tributary.keys(a)`, ask, &found); err != nil {
		return nil, err
	}
	out := map[rune]key{}
	for _, one := range found {
		digit := digitOf(one, k)
		if digit == 0 {
			continue
		}
		if _, twice := out[digit]; twice {
			return nil, nil // two keys with one digit: it is not understood
		}
		out[digit] = one
	}
	return out, nil
}

func digitOf(one key, k recipe.Keypad) rune {
	if k.Pictures != nil {
		return resembles(one.Print, k.Pictures)
	}
	text := one.Read
	if k.Match != "" {
		text = part1(k.Match, text)
	}
	if len(text) == 1 && text[0] >= '0' && text[0] <= '9' {
		return rune(text[0])
	}
	return 0
}

// part1 is the first group of a pattern, or all that it matches.
func part1(pattern, text string) string {
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return ""
	}
	found := compiled.FindStringSubmatch(text)
	if found == nil {
		return ""
	}
	if len(found) > 1 {
		return found[1]
	}
	return found[0]
}

// alike is by how many of 256 points two pictures of one digit may differ.
const alike = 48

// resembles finds the digit whose picture a fingerprint is nearest to, where it is near at all.
func resembles(seen string, pictures map[string]string) rune {
	best, digit := alike+1, rune(0)
	for name, picture := range pictures {
		if d := distance(seen, picture); d < best {
			best, digit = d, rune(name[0])
		}
	}
	return digit
}

func distance(a, b string) (points int) {
	if len(a) != len(b) {
		return 256
	}
	for i := range a {
		x, _ := strconv.ParseUint(a[i:i+1], 16, 8)
		y, _ := strconv.ParseUint(b[i:i+1], 16, 8)
		points += bits.OnesCount64(x ^ y)
	}
	return points
}

// Fingerprints gives those of keys, in their order, for whoever writes a recipe: of the page at an address of a site of files.
func Fingerprints(ctx context.Context, pool *browser.Pool, site http.Handler, path, selector string, grid *recipe.Grid) (prints []string, err error) {
	v, err := pool.Open(ctx, browser.Options{Library: library, Serve: site})
	if err != nil {
		return nil, err
	}
	defer v.Close()
	w, err := v.Window(ctx)
	if err != nil {
		return nil, err
	}
	if err := w.Go(ctx, "https://fixture.invalid/"+strings.TrimPrefix(path, "/")); err != nil {
		return nil, err
	}
	ask := map[string]any{"css": selector, "prints": true}
	if grid != nil {
		ask["grid"] = *grid
	}
	for {
		var found []key
		err := w.Call(ctx, "", `a => tributary.keys(a)`, ask, &found)
		if err == nil && len(found) > 0 && !slices.ContainsFunc(found, func(k key) bool { return k.Print == "" }) {
			for _, k := range found {
				prints = append(prints, k.Print)
			}
			return prints, nil
		}
		if err := v.Wait(ctx); err != nil {
			return nil, fmt.Errorf("no picture for each key %s: %w", selector, err)
		}
	}
}
