package openbanking

import (
	"mime"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

// call is one request of a third party.
type call struct {
	x *Interface
	v version
	w http.ResponseWriter
	r *http.Request
	// who calls, by the certificate of the connection, and shows which token.
	who, token string
}

// served answers one method of an address.
type served func(c *call)

const interaction = "x-fapi-interaction-id"

// at serves an address of a version: each method that it has, and 405 for the others.
func (x *Interface) at(mux *http.ServeMux, v version, path string, methods map[string]served) {
	handler := func(w http.ResponseWriter, r *http.Request) {
		c := &call{x: x, v: v, w: w, r: r, token: reply.Bearer(r)}
		wrong := c.interacts()
		answer, has := methods[r.Method]
		switch {
		case !has:
			for method := range methods {
				w.Header().Add("Allow", method)
			}
			c.fail(&fault{http.StatusMethodNotAllowed, unexpected, "The endpoint has no such method.", ""})
		case !acceptable(r.Header.Get("Accept")):
			c.fail(&fault{http.StatusNotAcceptable, headerInvalid, "The bank answers with application/json in UTF-8 alone.", "Accept"})
		case !c.comes():
			c.fail(noToken)
		case wrong != nil:
			c.fail(wrong)
		default:
			answer(c)
		}
	}
	mux.HandleFunc(v.path+path, handler)
	mux.HandleFunc(v.path+path+"/{$}", handler) // the standard's own examples of links end so
}

// elsewhere answers addresses that the standard has not, or that the bank has not.
func (x *Interface) elsewhere(w http.ResponseWriter, r *http.Request) {
	c := &call{x: x, v: versions[0], w: w, r: r}
	for _, v := range versions {
		if strings.HasPrefix(r.URL.Path, v.path+"/") {
			c.v = v
		}
	}
	_ = c.interacts()
	c.fail(noPath)
}

// comes reads who calls. Without a certificate no token is worth anything.
func (c *call) comes() bool {
	who, doubt := thirdparty.Caller(c.x.bank, c.r)
	c.who = who
	return doubt == "" && c.token != ""
}

// date is how the standard writes dates in headers.
var date = regexp.MustCompile(`^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} (GMT|UTC)$`)

// interacts plays the id of the call back, or gives it one, and checks the headers that speak of the customer.
func (c *call) interacts() *fault {
	id, header := c.r.Header.Get(interaction), c.r.Header
	wrong := uuid.Validate(id) != nil || len(id) != 36
	if id == "" || wrong && c.x.switches().Interactions == config.OBInteractionsUUID {
		c.w.Header().Set(interaction, uuid.NewString())
	} else {
		c.w.Header().Set(interaction, id)
	}
	address := header.Get("x-fapi-customer-ip-address")
	_, err := netip.ParseAddr(address)
	switch {
	case id != "" && wrong && c.x.switches().Interactions == config.OBInteractionsUUID:
		return bad(headerInvalid, "It is to be a UUID.", interaction)
	case address != "" && err != nil:
		return bad(headerInvalid, "It is to be an IP address.", "x-fapi-customer-ip-address")
	case header.Get("x-fapi-auth-date") != "" && !date.MatchString(header.Get("x-fapi-auth-date")):
		return bad(headerInvalid, "It is to be a date such as Sun, 10 Sep 2017 19:43:31 UTC.", "x-fapi-auth-date")
	}
	return nil
}

// attended says that the customer is there.
func (c *call) attended() bool { return c.r.Header.Get("x-fapi-customer-ip-address") != "" }

// acceptable reports whether JSON in UTF-8 is among what a caller takes.
func acceptable(accept string) bool {
	if accept == "" {
		return true
	}
	for kind := range strings.SplitSeq(accept, ",") {
		media, params, err := mime.ParseMediaType(kind)
		charset := params["charset"]
		if err == nil && slices.Contains([]string{"*/*", "application/*", "application/json"}, media) && params["q"] != "0" && (charset == "" || strings.EqualFold(charset, "utf-8")) {
			return true
		}
	}
	return false
}

// isJSON reports whether a body calls itself JSON in UTF-8.
func isJSON(kind string) bool {
	media, params, err := mime.ParseMediaType(kind)
	return err == nil && media == "application/json" && (params["charset"] == "" || strings.EqualFold(params["charset"], "utf-8"))
}

// self is the address of the call, as the third party knows it.
func (c *call) self() string { return reply.Base(c.r) + c.r.URL.RequestURI() }

// tell answers with data, as the standard wraps it.
func (c *call) tell(status int, data any, more map[string]any) {
	body := map[string]any{"Data": data, "Links": map[string]string{"Self": c.self()}, "Meta": map[string]any{"TotalPages": 1}}
	for key, value := range more {
		body[key] = value
	}
	say(c.w, status, body)
}
