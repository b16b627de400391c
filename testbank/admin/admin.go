// Package admin owns what the outside of the play may do with the bank: see everything it knows, move its clock, count
// what customers caused, and hold requests. It is for tests and the sandbox; a bank that holds real data has no such
// thing.
//
//	GET  /healthz                              {"status": "ok", "instance": "..."}: another one knows nothing of before
//	GET  /api/admin/truth                      all that the bank knows as of its day, per persona (?login= for one); see truth.go
//	GET  /api/admin/scenario                   the play of the configuration, if it has one; see scenario.go
//	GET  /api/admin/personas                   logins, passwords and challenges, as the configuration has them
//	GET  /api/admin/personas/{login}/stats     {"logins": 1, "codes_sent": 0, "wrong_passwords": 0, ...}
//	POST /api/admin/personas/{login}/forgive   locks, accepted terms, changed passwords and spent quota are as at the start
//	POST /api/admin/personas/{login}/end-tokens
//	                                           access tokens end before their time; consents and refresh tokens live on
//	GET  /api/admin/clock                      {"now": "...", "today": "...", "offset_seconds": 0}
//	POST /api/admin/clock                      {"now": "2026-03-14T08:00:00Z"} or {"offset_seconds": 86400}
//	POST /api/admin/hold                       {"path_prefix": "/api/accounts", "skip": 0}: later requests there wait
//	GET  /api/admin/held                       {"waiting": 2}
//	POST /api/admin/outage                     {"down": true}: everything but these routes is 503 until it is up again
//	GET  /api/admin/site                       how the web site is: {"theme", "markup", "bot_wall", "page", "fault"}
//	POST /api/admin/site                       changes what is named of it, for everybody; see site.go
//	     /api/admin/configurations             further banks below /b/{id}/, at the root only; see the README
//	POST /api/admin/release                    lets them go on
package admin

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/site/desk"
)

// API serves the admin routes.
type API struct {
	bank     *bank.Bank
	hold     *Hold
	outage   *Outage
	site     *desk.Switch
	instance string
}

// Mount adds the admin routes.
func Mount(mux *http.ServeMux, b *bank.Bank, hold *Hold, outage *Outage, site *desk.Switch) {
	a := &API{bank: b, hold: hold, outage: outage, site: site, instance: rand.Text()}
	mux.HandleFunc("GET /healthz", a.health)
	mux.HandleFunc("GET /api/admin/truth", a.truth)
	mux.HandleFunc("GET /api/admin/scenario", a.scenario)
	mux.HandleFunc("GET /api/admin/personas", a.personas)
	mux.HandleFunc("GET /api/admin/personas/{login}/stats", a.stats)
	mux.HandleFunc("POST /api/admin/personas/{login}/forgive", a.forgive)
	mux.HandleFunc("POST /api/admin/personas/{login}/end-tokens", a.endTokens)
	mux.HandleFunc("GET /api/admin/clock", a.clock)
	mux.HandleFunc("POST /api/admin/clock", a.moveClock)
	mux.HandleFunc("POST /api/admin/hold", a.holdPath)
	mux.HandleFunc("GET /api/admin/held", a.held)
	mux.HandleFunc("POST /api/admin/release", a.release)
	mux.HandleFunc("POST /api/admin/outage", a.switchOff)
	mux.HandleFunc("GET /api/admin/site", a.webSite)
	mux.HandleFunc("POST /api/admin/site", a.changeSite)
}

func (a *API) health(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, map[string]string{"status": "ok", "instance": a.instance})
}

func (a *API) personas(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, map[string]any{"personas": Personas(a.bank.File)})
}

func (a *API) forgive(w http.ResponseWriter, r *http.Request) {
	if !a.bank.Forgive(r.PathValue("login")) {
		reply.NotFound(w, r)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (a *API) endTokens(w http.ResponseWriter, r *http.Request) {
	if !a.bank.EndTokens(r.PathValue("login")) {
		reply.NotFound(w, r)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (a *API) stats(w http.ResponseWriter, r *http.Request) {
	stats, known := a.bank.Stats(r.PathValue("login"))
	if !known {
		reply.NotFound(w, r)
		return
	}
	reply.JSON(w, http.StatusOK, stats)
}

func (a *API) clock(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, map[string]any{
		"now": a.bank.Now().UTC(), "today": a.bank.Today().Format(time.DateOnly),
		"offset_seconds": int64(a.bank.Offset().Seconds()),
	})
}

// maxOffset is how far the clock can be moved, in seconds: about thirty years.
const maxOffset = 30 * 366 * 86400

func (a *API) moveClock(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Now           *time.Time `json:"now"`
		OffsetSeconds *int64     `json:"offset_seconds"`
	}
	err := reply.Read(w, r, &body)
	switch {
	case err != nil:
	case (body.Now == nil) == (body.OffsetSeconds == nil):
		err = &bank.Refusal{Code: bank.InvalidRequest, Message: "Send either now or offset_seconds."}
	case body.OffsetSeconds != nil && (*body.OffsetSeconds > maxOffset || *body.OffsetSeconds < -maxOffset):
		err = &bank.Refusal{Code: bank.InvalidRequest, Message: "The clock moves by thirty years at most."}
	case body.Now != nil && (body.Now.Year() < 1970 || body.Now.Year() > 2100):
		err = &bank.Refusal{Code: bank.InvalidRequest, Message: "The clock knows the years 1970 to 2100."}
	case body.Now != nil:
		a.bank.SetClock(*body.Now)
	default:
		a.bank.MoveClock(time.Duration(*body.OffsetSeconds) * time.Second)
	}
	if err != nil {
		reply.Error(w, r, err)
		return
	}
	a.clock(w, r)
}

// Persona is what someone has to know to log in.
type Persona struct {
	Login       string                 `json:"login"`
	Password    string                 `json:"password"`
	Challenge   config.ChallengeKind   `json:"challenge"`
	Code        string                 `json:"code,omitempty"`
	Description string                 `json:"description"`
	Behaviours  []config.BehaviourKind `json:"behaviours,omitempty"`
}

// Personas lists who can log in, in the order of the file.
func Personas(file *config.File) []Persona {
	personas := make([]Persona, len(file.Personas))
	for i, p := range file.Personas {
		personas[i] = Persona{
			Login: p.Login, Password: p.Password, Challenge: p.Challenge.Kind, Code: cmp.Or(p.Challenge.Code, p.Challenge.Answer), Description: p.Description,
		}
		for _, b := range p.Behaviours {
			personas[i].Behaviours = append(personas[i].Behaviours, b.Kind)
		}
	}
	return personas
}
