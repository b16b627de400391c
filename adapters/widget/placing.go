package widget

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/tributary-dev/tributary/adapters/widget/pages"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type aroundKey struct{}

// place lets around a page what its client registered. That goes for every answer
// on the way, a redirect too, since by the first one that forbids it a popup loses
// the page that opened it.
func (s *server) place(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		around, err := s.Visits.Embedding(r.Context(), r.PathValue("id"))
		if err != nil {
			s.Logger.ErrorContext(r.Context(), "page without what is around it", "error", err)
		}
		outer := r
		r = r.WithContext(context.WithValue(r.Context(), aroundKey{}, around))
		h := w.Header()
		h.Set("Content-Security-Policy", policy(nil, framers(r)))
		if around.Mode == widget.InPopup {
			h.Set("Cross-Origin-Opener-Policy", "unsafe-none")
		}
		next(w, r)
		outer.Pattern = r.Pattern
	}
}

func aroundOf(r *http.Request) widget.Embedding {
	around, _ := r.Context().Value(aroundKey{}).(widget.Embedding)
	return around
}

// framers are who may frame an answer: nobody what a browser shows by itself.
func framers(r *http.Request) []string {
	if r.Header.Get("Sec-Fetch-Dest") == "document" {
		return nil
	}
	return aroundOf(r).Framers
}

// ending is what the page around is told when a visit is over, as JSON.
func ending(visit usecase.Visit) string {
	if visit.Page != widget.Over {
		return ""
	}
	told := map[string]any{"connection_ids": append([]ident.Connection{}, visit.Session.Progress.Made...)}
	for name, value := range visit.Session.Told() {
		told[name] = value
	}
	text, _ := json.Marshal(told) // of texts alone
	return string(text)
}

// refusals are what the page around is told where there is no visit to show.
var refusals = map[*pages.Notice]string{pages.Used: "link_used", pages.Elsewhere: "other_browser", pages.Unknown: "unknown"}

func refusal(notice *pages.Notice) string {
	if refusals[notice] == "" { // it may work in a moment
		return ""
	}
	text, _ := json.Marshal(map[string]string{"error": refusals[notice]})
	return string(text)
}
