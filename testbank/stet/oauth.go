package stet

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

const (
	aisp     = "aisp"
	extended = "extended_transaction_history"
	// recent is how many days of rows can be read without the scope for more.
	recent = 90
	// consentDays is the longest that an authentication lasts; the bank shortens it to what its file allows.
	consentDays = 180
)

// authorize leads a browser to the bank's page. What is wrong is told to the third party, but for an address that is none:
// nobody is sent there.
func (x *Interface) authorize(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	back := query.Get("redirect_uri")
	if bank.CheckReturnURL(back) != nil || query.Get("client_id") == "" {
		reply.JSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_request"})
		return
	}
	scopes := strings.Fields(query.Get("scope"))
	wrong := ""
	switch method := query.Get("code_challenge_method"); {
	case query.Get("response_type") != "code":
		wrong = "unsupported_response_type"
	case !slices.Contains(scopes, aisp) || slices.ContainsFunc(scopes, func(s string) bool { return s != aisp && s != extended }):
		wrong = "invalid_scope"
	case (query.Get("code_challenge") == "") != (method == "") || method != "" && method != "S256":
		wrong = "invalid_request"
	}
	if wrong != "" {
		http.Redirect(w, r, returned(back, query.Get("state"), wrong), http.StatusSeeOther)
		return
	}
	asked := bank.Request{
		ThirdParty: query.Get("client_id"), ReturnURL: back, RefuseURL: back, ValidUntil: x.bank.Today().AddDate(0, 0, consentDays),
		Tokens: true, Whole: true, Lasting: x.ways.Refresh == config.STETKept,
	}
	if !slices.Contains(scopes, extended) {
		asked.Recent = recent
	}
	agreed, err := x.bank.Ask(asked)
	if err == nil {
		err = x.bank.Authorise(agreed.ID, asked.ThirdParty, back, query.Get("state"), query.Get("code_challenge"))
	}
	if err != nil {
		reply.JSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_request"})
		return
	}
	http.Redirect(w, r, reply.Prefix(r)+"/redirect/authorize/"+agreed.ID, http.StatusSeeOther)
}

// returned is where a browser goes with an error of RFC 6749, section 4.1.2.1.
func returned(back, state, wrong string) string {
	target, _ := url.Parse(back) // it was parsed before
	query := target.Query()
	query.Set("error", wrong)
	if state != "" {
		query.Set("state", state)
	}
	target.RawQuery = query.Encode()
	return target.String()
}

// token gives tokens to the company whose certificate the connection shows.
func (x *Interface) token(w http.ResponseWriter, r *http.Request) {
	who, known := thirdparty.Client(w, r, x.bank)
	if !known {
		return
	}
	tokens, err := thirdparty.Exchange(x.bank, r.PostForm, who)
	switch {
	case err != nil:
		thirdparty.RefuseToken(w, err)
	case x.hostile(w, r, tokens.Login, "token"):
	default:
		thirdparty.GiveToken(w, tokens, aisp)
	}
}
