package admin

import (
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// stepBody is one step of the play, with its instant by the bank's clock.
type stepBody struct {
	At       time.Time    `json:"at"`
	Do       config.Move  `json:"do"`
	Attended bool         `json:"attended"`
	Login    string       `json:"login"`
	Password string       `json:"password"` // as it is at that time
	By       config.By    `json:"by"`
	Ends     string       `json:"ends"`
	Because  string       `json:"because,omitempty"`
	Expect   []expectBody `json:"expect"`
}

type expectBody struct {
	Account  string       `json:"account"`
	Status   string       `json:"status"`
	Name     string       `json:"name,omitempty"`
	Booked   config.Count `json:"booked"`
	Pending  config.Count `json:"pending"`
	Other    config.Count `json:"other"`
	Added    config.Count `json:"added"`
	Changed  config.Count `json:"changed"`
	Removed  config.Count `json:"removed"`
	Doubtful int          `json:"duplicate_candidates"`
	Doubled  int          `json:"doubled"`
	SameAs   int          `json:"same_as"`
	Balance  string       `json:"balance,omitempty"`
	Defect   string       `json:"defect,omitempty"`
}

// scenario answers with the play of the configuration, whose format and meaning package config tells. Passwords in it
// are as public as those of the personas.
func (a *API) scenario(w http.ResponseWriter, r *http.Request) {
	steps := []stepBody{}
	for _, s := range a.bank.File.Play {
		at := a.bank.Instant(s.On, s.At)
		body := stepBody{
			At: at.UTC(), Do: s.Do, Attended: !s.Absent, Login: s.Login, Password: a.bank.PasswordOn(s.Login, s.On),
			By: s.By, Ends: s.Ends, Because: s.Because, Expect: []expectBody{},
		}
		for _, e := range s.Expect {
			body.Expect = append(body.Expect, expectBody{
				Account: e.Account, Status: e.Status, Name: e.Name, Booked: e.Booked, Pending: e.Pending, Other: e.Other, Added: e.Added,
				Changed: e.Changed, Removed: e.Removed, Doubtful: e.Doubtful.Of, Doubled: e.Doubled.Of,
				SameAs: e.SameAs.Of, Balance: e.Balance, Defect: e.Defect,
			})
		}
		steps = append(steps, body)
	}
	if len(steps) == 0 {
		reply.Error(w, r, &bank.Refusal{Code: bank.NotFound, Message: "This configuration is no scenario."})
		return
	}
	reply.JSON(w, http.StatusOK, map[string]any{"steps": steps})
}
