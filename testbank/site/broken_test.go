package site_test

import (
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank/config"
)

// breakable is how each page of each theme is asked for.
var breakable = map[string]map[config.SitePage]func(v *visitor, w *world) (*page, error){
	"modern": {
		config.PageLogIn:        func(v *visitor, _ *world) (*page, error) { return v.tries("/web/modern/login") },
		config.PageChallenge:    func(v *visitor, _ *world) (*page, error) { return v.tries("/web/modern/security") },
		config.PageAccounts:     func(v *visitor, _ *world) (*page, error) { return v.tries("/web/modern/accounts") },
		config.PageTransactions: func(v *visitor, _ *world) (*page, error) { return v.tries("/web/modern/accounts/plain-current") },
		config.PageDownload: func(v *visitor, _ *world) (*page, error) {
			return v.tries("/web/modern/accounts/plain-current/export?format=csv&days=all")
		},
	},
	"classic": {
		config.PageLogIn:     func(v *visitor, _ *world) (*page, error) { return v.tries("/web/classic/logon.do") },
		config.PageChallenge: func(v *visitor, _ *world) (*page, error) { return v.tries("/web/classic/secure.do") },
		config.PageAccounts:  func(v *visitor, _ *world) (*page, error) { return v.tries("/web/classic/comptes.do") },
		config.PageTransactions: func(v *visitor, _ *world) (*page, error) {
			return v.triesPosting(v.goes("/web/classic/comptes.do"), "mvts.do", url.Values{"cpt": {"1"}})
		},
		config.PageDownload: func(v *visitor, _ *world) (*page, error) {
			return v.triesPosting(v.goes("/web/classic/telech.do"), "telech.do", url.Values{"cpt": {"1"}, "format": {"ofx"}, "jours": {"all"}})
		},
	},
}

// TestBroken breaks each page in each way while customers are there, and mends it.
func TestBroken(t *testing.T) {
	t.Parallel()
	for theme, pages := range breakable {
		for kind, asks := range pages {
			t.Run(theme+" "+string(kind), func(t *testing.T) {
				t.Parallel()
				w := open(t, []byte(smallBank))
				v, login := visit(t, w.url), "plain"
				if kind == config.PageChallenge {
					login = "quick"
				}
				in := map[string]func(config.Persona) *page{"modern": v.modernLogIn, "classic": v.classicLogIn}[theme]
				if kind != config.PageLogIn {
					in(w.persona(login))
				}
				for _, fault := range config.Faults {
					w.admin(t, http.MethodPost, "site", `{"page": "`+string(kind)+`", "fault": "`+string(fault)+`"}`, nil)
					at, err := asks(v, w)
					switch fault {
					case config.FaultError:
						require.NoError(t, err)
						require.Equal(t, http.StatusInternalServerError, at.status)
					case config.FaultCutOff:
						require.ErrorIs(t, err, io.ErrUnexpectedEOF)
						require.Zero(t, w.longest())
					case config.FaultEndless:
						require.ErrorIs(t, err, io.ErrUnexpectedEOF)
						require.Equal(t, 10*time.Minute, w.longest())
					}
				}
				w.admin(t, http.MethodPost, "site", `{"page": "", "fault": ""}`, nil)
				at, err := asks(v, w)
				require.NoError(t, err)
				require.Equal(t, http.StatusOK, at.status)
			})
		}
	}
}

// TestBroken_between_two_pages breaks what the script asks for.
func TestBroken_between_two_pages(t *testing.T) {
	t.Parallel()
	w := open(t, []byte(smallBank))
	v := visit(t, w.url)
	v.modernLogIn(w.persona("plain"))
	const more = "/web/modern/api/accounts/plain-current/operations?page=2"
	require.Equal(t, http.StatusOK, v.goes(more).status)
	w.admin(t, http.MethodPost, "site", `{"page": "transactions", "fault": "error"}`, nil)
	require.Equal(t, http.StatusInternalServerError, v.goes(more).status)
	w.admin(t, http.MethodPost, "site", `{"fault": "cut_off"}`, nil)
	_, err := v.tries(more)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	w.admin(t, http.MethodPost, "site", `{"page": "", "fault": ""}`, nil)
	require.Equal(t, http.StatusBadRequest, v.goes(more+"x").status)
	require.Equal(t, http.StatusNotFound, v.goes("/web/modern/api/accounts/other/operations?page=1").status)
}

const brokenBank = `personas:
  - {login: stuck, password: stuck-pass1, holder: Ann, behaviours: [{kind: broken_page, page: log_in, fault: error}]}
  - {login: slow, password: slow-pass1, holder: Bob, behaviours: [{kind: slow, delay: 7s}]}
  - {login: fine, password: fine-pass1, holder: Cat}
`

func TestBroken_for_one_customer(t *testing.T) {
	t.Parallel()
	w := open(t, []byte(brokenBank))
	require.Equal(t, http.StatusInternalServerError, visit(t, w.url).modernLogIn(w.persona("stuck")).status)
	require.Equal(t, http.StatusInternalServerError, visit(t, w.url).classicLogIn(w.persona("stuck")).status)
	require.Equal(t, http.StatusOK, visit(t, w.url).modernLogIn(w.persona("fine")).status)
	require.Zero(t, w.longest())
	require.Equal(t, http.StatusOK, visit(t, w.url).classicLogIn(w.persona("slow")).status)
	require.Equal(t, 7*time.Second, w.longest())
}

// TestSwitch takes what makes sense, and an outage is told on pages.
func TestSwitch(t *testing.T) {
	t.Parallel()
	w := open(t, []byte(smallBank))
	for _, body := range []string{`{"markup": 3}`, `{"theme": "new"}`, `{"page": "accounts"}`, `{"fault": "error"}`, `{"page": "x", "fault": "error"}`, `{"more": 1}`} {
		response, err := (&http.Client{Transport: &http.Transport{}}).Post(w.url+"/api/admin/site", "application/json", jsonBody(body))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusBadRequest, response.StatusCode, body)
	}
	v := visit(t, w.url)
	require.Equal(t, "/web/modern/login", v.goes("/web/").at.Path)
	w.admin(t, http.MethodPost, "site", `{"theme": "classic", "bot_wall": true}`, nil)
	require.Equal(t, "/web/classic/", v.goes("/web/").at.Path)
	require.Contains(t, v.classicLogIn(w.persona("plain")).text(), "ACCÈS REFUSÉ")
	require.Equal(t, http.StatusForbidden, v.modernLogIn(w.persona("plain")).status)
	require.Zero(t, w.stats(t, "plain")["logins"], "nobody's password was looked at")
	w.admin(t, http.MethodPost, "outage", `{"down": true}`, nil)
	for path, text := range map[string]string{"/web/modern/login": "Maintenance en cours", "/web/classic/centre.do": "SERVICE FERMÉ"} {
		at := v.goes(path)
		require.Equal(t, http.StatusServiceUnavailable, at.status)
		require.Contains(t, at.text(), text)
	}
	w.admin(t, http.MethodPost, "outage", `{"down": false}`, nil)
	require.Equal(t, http.StatusOK, v.goes("/web/modern/login").status)
}
