package engine

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
)

// row is what was read of one row, by field.
type row map[string]string

const maxPages = 50

// read goes where a source is and gives its rows, page by page, as long as more wants them. Where the bank ends the session
// on the way it is entered once more, and the source is read from its beginning.
func (s *Session) read(ctx context.Context, at string, source recipe.Source, scope recipe.Scope, more func([]row) (bool, error)) error {
	for attempt := 0; ; attempt++ {
		s.step = at
		err := s.readOnce(ctx, source, scope, more)
		if errors.Is(err, errAgain) && attempt == 0 {
			continue
		}
		return err
	}
}

func (s *Session) readOnce(ctx context.Context, source recipe.Source, scope recipe.Scope, more func([]row) (bool, error)) error {
	if source.JSON != nil && source.JSON.Response != "" {
		s.forget(source.JSON.Response)
	}
	if err := s.do(ctx, source.Do, source.Frame, scope); err != nil {
		return err
	}
	if source.JSON != nil {
		rows, err := s.fromJSON(ctx, source)
		if err != nil {
			return err
		}
		_, err = more(rows)
		return err
	}
	return s.pages(ctx, source, scope, more)
}

// shown are the rows of one page.
type shown struct {
	Doc   string
	Ready bool
	Rows  []row
	// Lacks are the fields whose column the table does not have.
	Lacks []string
}

// pages reads the rows of a page and of those that follow.
func (s *Session) pages(ctx context.Context, source recipe.Source, scope recipe.Scope, more func([]row) (bool, error)) error {
	var before shown
	limit := maxPages
	if source.More != nil && source.More.Pages > 0 {
		limit = source.More.Pages
	}
	for n := 0; ; n++ {
		now, err := s.rows(ctx, source, scope, before, n > 0)
		if err != nil {
			return err
		}
		fresh := now.Rows
		if source.More != nil && source.More.Adds && now.Doc == before.Doc {
			fresh = fresh[min(len(before.Rows), len(fresh)):]
		}
		wanted, err := more(fresh)
		if err != nil || !wanted || source.More == nil {
			return err
		}
		if n+1 >= limit {
			return errCut
		}
		another, err := s.another(ctx, source, scope)
		if err != nil || !another {
			return err
		}
		before = now
	}
}

// errCut: there are more pages than are read.
var errCut = errors.New("more pages than are read")

// rows waits until there are rows, others than before, or until it is seen that there are none.
func (s *Session) rows(ctx context.Context, source recipe.Source, scope recipe.Scope, before shown, further bool) (now shown, err error) {
	each, err := source.Each.Fill(scope, quoted)
	if err != nil {
		return now, &Stuck{s.step, err.Error()}
	}
	fields := map[string][]any{}
	for name, field := range source.Fields {
		if f := s.flagged(field); f.Placed() {
			selector, attribute := recipe.Split(f.Get)
			fields[name] = []any{selector, attribute, f.Column}
		}
	}
	var lacks []string // when it was looked at last: the time may be over in the middle of a look
	err = s.await(ctx, "a row "+string(source.Each), func(ctx context.Context) (bool, error) {
		w, err := s.window(ctx)
		if err != nil {
			return false, err
		}
		frame, there, err := s.frame(ctx, w, source.Frame)
		if err != nil || !there {
			return false, err
		}
		now = shown{}
		if err := s.call(ctx, w, frame, `a => tributary.rows(a)`, map[string]any{"each": each, "fields": fields}, &now); err != nil || !now.Ready {
			return false, err
		}
		lacks = now.Lacks
		if len(now.Rows) == 0 && source.Empty != nil {
			return s.seenIn(ctx, source.Frame, *source.Empty)
		}
		return len(now.Rows) > 0 && len(lacks) == 0 && (!further || now.Doc != before.Doc || !reflect.DeepEqual(now.Rows, before.Rows)), nil
	})
	var stuck *Stuck
	if errors.As(err, &stuck) && len(lacks) > 0 {
		slices.Sort(lacks)
		return now, &Stuck{s.step, "no column of the table has the heading of " + strings.Join(lacks, ", ")}
	}
	return now, err
}

// another has further rows shown, where there are some.
func (s *Session) another(ctx context.Context, source recipe.Source, scope recipe.Scope) (bool, error) {
	a := recipe.Action{Frame: source.Frame, Optional: true}
	w, frame, wanted, err := s.target(ctx, a, source.More.Click, scope)
	if errors.Is(err, errAbsent) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var usable bool
	if err := w.Call(ctx, frame, `a => tributary.usable(a)`, element(wanted), &usable); err != nil || !usable {
		return false, err
	}
	return s.press(ctx, w, frame, wanted)
}

// flagged is what a field is for this session.
func (s *Session) flagged(f recipe.Field) recipe.Field {
	for f.If != nil {
		if !s.flags[f.If.Flag] {
			f.If = nil
			return f
		}
		f = f.If.Then
	}
	return f
}
