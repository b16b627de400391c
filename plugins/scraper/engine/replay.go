package engine

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/tributary-dev/tributary/plugins/scraper/bundle"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Finding is what a recipe makes of a bundle.
type Finding struct {
	// Pages are those that are seen, in the order of the recipe.
	Pages []string
	// Source is the part that was being read, Rows how many rows are found there now, and Problem why they are not read.
	Source  string
	Rows    int
	Problem string
}

// Replay holds a recipe against the documents of a bundle. The bank is not asked: they are all that there is.
func Replay(ctx context.Context, c Config, b bundle.Bundle) (f Finding, err error) {
	if len(b.Documents) == 0 {
		return f, errors.New("the bundle has no document")
	}
	c.Serve = replayed(b)
	target, err := url.Parse(b.Documents[0].URL)
	if err != nil {
		return f, err
	}
	c.Recipe.Hosts = append(c.Recipe.Hosts, target.Host)
	c.Recipe.Timeouts.Page = min(c.Recipe.Timeouts.Page, 3)
	s, err := Open(ctx, c, Opening{Left: &Left{Flags: b.Flags}})
	if err != nil {
		return f, err
	}
	defer s.Close()
	w, err := s.window(ctx)
	if err != nil {
		return f, err
	}
	if err := w.Go(ctx, target.String()); err != nil {
		return f, err
	}
	s.step = "replay"
	var found []spot
	err = s.until(ctx, "a page", func(ctx context.Context) (bool, error) {
		found, err = s.look(ctx)
		return len(found) > 0, err
	})
	var stuck *Stuck
	if err != nil && !errors.As(err, &stuck) {
		return f, err
	}
	for _, at := range found {
		f.Pages = append(f.Pages, at.page.Name)
	}
	return f, s.reread(ctx, b, &f)
}

// reread tries the source that was being read.
func (s *Session) reread(ctx context.Context, b bundle.Bundle, f *Finding) error {
	kind, number, _ := strings.Cut(b.Step, ".")
	i, err := strconv.Atoi(number)
	sources := map[string][]recipe.Source{"accounts": s.recipe.Accounts, "transactions": s.recipe.Transactions}[kind]
	if err != nil || i >= len(sources) || sources[i].Each == "" {
		return nil //nolint:nilerr // it was not a source, or not of the page
	}
	f.Source = b.Step
	scope := s.scope()
	scope.Account = detail{}
	now, err := s.rows(ctx, sources[i], scope, shown{}, false)
	if err != nil {
		f.Problem = err.Error()
		return nil //nolint:nilerr // it is the finding
	}
	f.Rows = len(now.Rows)
	for n, raw := range now.Rows {
		scope.Row = raw
		if counts, err := sources[i].Where.Holds(scope); err != nil || !counts {
			continue
		}
		if kind == "accounts" {
			_, _, err = source{s}.account(sources[i], raw, n+1, scope)
		} else {
			_, err = parts{session: s, source: sources[i], raw: raw, scope: scope, number: n + 1}.transaction(sdk.Account{})
		}
		if err != nil {
			f.Problem = err.Error()
			return nil //nolint:nilerr // it is the finding
		}
	}
	return nil
}

// replayed answers with the documents of a bundle, and with nothing else.
func replayed(b bundle.Bundle) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := masked(bare(r.URL.String()))
		for _, document := range b.Documents {
			if document.URL == asked {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				_, _ = w.Write([]byte(document.HTML))
				return
			}
		}
		http.NotFound(w, r)
	})
}
