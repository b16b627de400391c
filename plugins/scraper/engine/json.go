package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/tributary-dev/tributary/plugins/scraper/browser"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
)

// forget lets go of earlier answers, so that the one that is waited for is new.
func (s *Session) forget(address string) {
	if pattern, err := regexp.Compile(address); err == nil {
		s.visit.Forget(pattern)
	}
}

// fromJSON waits for a text of this format and gives the rows in it.
func (s *Session) fromJSON(ctx context.Context, source recipe.Source) (rows []row, err error) {
	j := source.JSON
	err = s.await(ctx, "the JSON of "+j.CSS+j.Response, func(ctx context.Context) (bool, error) {
		text, found, err := s.jsonText(ctx, source)
		if err != nil || !found {
			return false, err
		}
		items, err := itemsOf(text, j.At)
		if errors.Is(err, errJSON) && j.Response == "" {
			return false, nil // still being written
		}
		if err != nil {
			return false, &Stuck{s.step, "the JSON has nothing at " + strconv.Quote(j.At)}
		}
		rows = nil
		for _, item := range items {
			rows = append(rows, s.partsOf(item, source))
		}
		return true, nil
	})
	return rows, err
}

func (s *Session) jsonText(ctx context.Context, source recipe.Source) (text []byte, found bool, err error) {
	if source.JSON.Response != "" {
		pattern, err := regexp.Compile(source.JSON.Response)
		if err != nil {
			return nil, false, err
		}
		return s.visit.Body(ctx, pattern)
	}
	var w *browser.Window
	if w, err = s.window(ctx); err != nil {
		return nil, false, err
	}
	frame, there, err := s.frame(ctx, w, source.Frame)
	if err != nil || !there {
		return nil, false, err
	}
	var raw string
	err = w.Call(ctx, frame, `a => tributary.raw(a)`, source.JSON.CSS, &raw)
	return []byte(raw), raw != "", err
}

var (
	errJSON  = errors.New("is no JSON")
	errPlace = errors.New("nothing is there")
)

const maxItems = 20_000

// itemsOf gives what is in the list at a place.
func itemsOf(text []byte, at string) ([]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var whole any
	if decoder.Decode(&whole) != nil {
		return nil, errJSON
	}
	found, ok := walk(whole, at)
	if !ok {
		return nil, errPlace
	}
	items, is := found.([]any)
	if !is || len(items) > maxItems {
		return nil, errPlace
	}
	return items, nil
}

// walk follows a path such as data.items.0.amount.
func walk(value any, path string) (any, bool) {
	if path == "" || path == "." {
		return value, true
	}
	for name := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			inner, there := v[name]
			if !there {
				return nil, false
			}
			value = inner
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			value = v[i]
		default:
			return nil, false
		}
	}
	return value, true
}

// partsOf takes the fields out of one item.
func (s *Session) partsOf(item any, source recipe.Source) row {
	out := row{}
	for name, field := range source.Fields {
		f := s.flagged(field)
		if f.Get == "" {
			continue
		}
		value, there := walk(item, f.Get)
		if !there || value == nil {
			out[name] = ""
			continue
		}
		switch v := value.(type) {
		case string:
			out[name] = v
		case json.Number:
			out[name] = v.String()
		case bool:
			out[name] = strconv.FormatBool(v)
		default:
			text, _ := json.Marshal(v)
			out[name] = string(text)
		}
	}
	return out
}
