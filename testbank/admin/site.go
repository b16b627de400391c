package admin

import (
	"net/http"
	"slices"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/site/desk"
)

func (a *API) webSite(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, a.site.State())
}

// changeSite changes the web site while customers are on it: a release ("markup": 2), a bot wall before every log-in, or a
// page that breaks for everybody ("page" and "fault", as of a persona's broken_page; both empty to mend it).
func (a *API) changeSite(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Theme  *config.Theme    `json:"theme"`
		Markup *int             `json:"markup"`
		Wall   *bool            `json:"bot_wall"`
		Page   *config.SitePage `json:"page"`
		Fault  *config.Fault    `json:"fault"`
	}
	err := reply.Read(w, r, &body)
	if err == nil {
		err = a.site.Change(func(state *desk.State) error {
			taken(&state.Theme, body.Theme)
			taken(&state.Markup, body.Markup)
			taken(&state.Wall, body.Wall)
			taken(&state.Page, body.Page)
			taken(&state.Fault, body.Fault)
			return sensible(*state)
		})
	}
	if err != nil {
		reply.Error(w, r, err)
		return
	}
	a.webSite(w, r)
}

func taken[V any](into, given *V) {
	if given != nil {
		*into = *given
	}
}

func sensible(s desk.State) error {
	page := slices.Contains(config.SitePages, s.Page) && slices.Contains(config.Faults, s.Fault)
	if (s.Theme == config.Modern || s.Theme == config.Classic) && (s.Markup == 1 || s.Markup == 2) && (page || s.Page == "" && s.Fault == "") {
		return nil
	}
	return &bank.Refusal{Code: bank.InvalidRequest, Message: "theme is modern or classic, markup 1 or 2, page and fault those of broken_page, or both empty."}
}
