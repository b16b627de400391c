package widget

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/tributary-dev/tributary/adapters/widget/pages"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// key tells one page of a visit from another: a browser that sees another key
// asks for the page again.
func key(visit usecase.Visit) string {
	at := fmt.Sprint(visit.Page, visit.Session.Progress)
	if asked := visit.Diagnosis.Asked; asked != nil {
		at += string(asked.ID)
	}
	for _, held := range visit.Holdings {
		at += string(held.Diagnosis.Connection.Status)
	}
	if c := visit.Diagnosis.Connection; c != nil && !visit.Seen.Running {
		at += string(c.Status) + string(c.LastSynchronizationID)
	}
	return digest(at)
}

// details tells what a bank says of one question from what it says later, when it
// has sent a code again: worth asking for, unless somebody is typing.
func details(visit usecase.Visit) string {
	asked := visit.Diagnosis.Asked
	if asked == nil {
		return ""
	}
	return digest(fmt.Sprint(asked.Message, asked.ExpiresAt.Unix(), asked.Resend))
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// pulse tells a page that waits whether it still is the one, and how far the
// bank is.
func (s *server) pulse(w http.ResponseWriter, r *http.Request) {
	visit, err := s.Visits.Watch(r.Context(), s.visitor(r))
	if err != nil {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	s.tell(w, r, map[string]any{"key": key(visit), "details": details(visit), "stage": pages.StageOf(visit)})
}

// banks answers the search while it is typed.
func (s *server) banks(w http.ResponseWriter, r *http.Request) {
	found, err := s.Visits.Banks(r.Context(), s.visitor(r), searchOf(r))
	if err != nil {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	s.tell(w, r, map[string]any{"popular": listed(found.Popular), "all": listed(found.All), "more": found.More})
}

// searchOf is what a user looks for.
func searchOf(r *http.Request) usecase.BankSearch {
	return usecase.BankSearch{Text: r.URL.Query().Get("q"), Country: r.URL.Query().Get("country")}
}

func listed(banks []provider.Provider) []map[string]any {
	list := []map[string]any{}
	for _, bank := range banks {
		list = append(list, map[string]any{
			"id": bank.ID, "name": bank.Name, "country": bank.Country, "letters": pages.Letters(bank.Name), "hue": pages.Hue(bank.ID), "logo": pages.LogoAddress(bank),
			"down": bank.Health() == provider.Down,
		})
	}
	return list
}

func (s *server) tell(w http.ResponseWriter, r *http.Request, what any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(what); err != nil {
		s.Logger.DebugContext(r.Context(), "answer not delivered", "error", err)
	}
}
