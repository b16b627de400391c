package openbanking

import (
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

// askConsent takes what a third party asks for.
func askConsent(c *call) {
	if !c.byItself() {
		return
	}
	if !isJSON(c.r.Header.Get("Content-Type")) {
		c.fail(&fault{http.StatusUnsupportedMediaType, headerInvalid, "The body is to be application/json in UTF-8.", "Content-Type"})
		return
	}
	intent, wrong := c.intent()
	if wrong != nil {
		c.fail(wrong)
		return
	}
	asked := c.x.bank.AskIntent(c.who, intent)
	c.w.Header().Set("Location", c.self()+"/"+asked.ID)
	c.tellConsent(http.StatusCreated, asked, c.self()+"/"+asked.ID)
}

// intent reads the body.
func (c *call) intent() (out bank.Intent, wrong *fault) {
	text, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, thirdparty.MaxBody))
	var body, data, risk map[string]json.RawMessage
	if err != nil || json.Unmarshal(text, &body) != nil || body == nil {
		return out, bad(format, "The body is to be a JSON object.", "")
	}
	switch {
	case body["Data"] == nil:
		return out, bad(fieldMissing, "Data is mandatory.", "Data")
	case json.Unmarshal(body["Data"], &data) != nil || data == nil:
		return out, bad(format, "Data is to be an object.", "Data")
	case body["Risk"] == nil:
		return out, bad(fieldMissing, "Risk is mandatory.", "Risk")
	case json.Unmarshal(body["Risk"], &risk) != nil || risk == nil:
		return out, bad(format, "Risk is to be an object.", "Risk")
	case len(risk) > 0:
		return out, bad(fieldUnexpected, "Risk is to be empty.", "Risk")
	case c.v.codes == nil && len(body) > 2:
		return out, bad(fieldUnexpected, "There is nothing beside Data and Risk.", "")
	case data["Permissions"] == nil:
		return out, bad(fieldMissing, "Permissions are mandatory.", "Data.Permissions")
	case json.Unmarshal(data["Permissions"], &out.Permissions) != nil:
		return out, bad(fieldInvalid, "Permissions are to be a list of texts.", "Data.Permissions")
	}
	if wrong := checkPermissions(out.Permissions); wrong != nil {
		return out, wrong
	}
	out.Version = c.v.name
	for name, field := range map[string]*time.Time{"ExpirationDateTime": &out.Expires, "TransactionFromDateTime": &out.From, "TransactionToDateTime": &out.To} {
		if data[name] != nil && json.Unmarshal(data[name], field) != nil {
			return out, bad(fieldInvalid, "It is to be a date and time with its zone.", "Data."+name)
		}
	}
	return out, c.bounded(out)
}

// bounded refuses dates that bound nothing.
func (c *call) bounded(i bank.Intent) *fault {
	now := c.x.bank.Now()
	switch {
	case !i.Expires.IsZero() && !i.Expires.After(now):
		return bad(fieldDate, "It is to lie in the future.", "Data.ExpirationDateTime")
	case c.x.switches().Expiry == config.OBExpiryDemanded && i.Expires.IsZero():
		return bad(fieldMissing, "A consent has to have an end.", "Data.ExpirationDateTime")
	case c.x.switches().Expiry != config.OBExpiryAny && i.Expires.After(now.AddDate(0, 0, 90)):
		return bad(fieldDate, "A consent lasts 90 days at most.", "Data.ExpirationDateTime")
	case !i.From.IsZero() && !i.To.IsZero() && i.From.After(i.To):
		return bad(fieldDate, "It is not to lie before the beginning.", "Data.TransactionToDateTime")
	}
	return nil
}

func readConsent(c *call) {
	if c.byItself() && c.knows() {
		found, err := c.x.bank.IntentOf(c.r.PathValue("consent"), c.who)
		switch {
		case err != nil:
			c.refused(err)
		case c.v.newer(found.Version):
			c.fail(&fault{http.StatusForbidden, consentMismatch, "The consent is of a newer version.", "ConsentId"})
		default:
			c.tellConsent(http.StatusOK, found, c.self())
		}
	}
}

func endConsent(c *call) {
	if c.byItself() && c.knows() {
		if err := c.x.bank.WithdrawIntent(c.r.PathValue("consent"), c.who); err != nil {
			c.refused(err)
			return
		}
		c.w.WriteHeader(http.StatusNoContent)
	}
}

// knows says that the consent is the caller's: one that nobody has is a bad request, that of another is forbidden.
func (c *call) knows() bool {
	whose, err := c.x.bank.IntentParty(c.r.PathValue("consent"))
	switch {
	case err != nil:
		c.refused(err)
	case whose != c.who:
		c.fail(&fault{http.StatusForbidden, consentMismatch, "The consent is of another.", "ConsentId"})
	default:
		return true
	}
	return false
}

// tellConsent tells how a consent stands.
func (c *call) tellConsent(status int, a bank.Authorisation, self string) {
	data := map[string]any{
		"ConsentId": a.ID, "CreationDateTime": second(a.Created), "Status": c.v.statuses[a.Status], "StatusUpdateDateTime": second(a.Changed), "Permissions": a.Permissions,
	}
	for name, at := range map[string]time.Time{"ExpirationDateTime": a.Expires, "TransactionFromDateTime": a.From, "TransactionToDateTime": a.To} {
		if !at.IsZero() {
			data[name] = at
		}
	}
	c.tell(status, data, map[string]any{"Risk": map[string]any{}, "Links": map[string]string{"Self": self}})
}

// second is a time as people write it.
func second(at time.Time) time.Time { return at.UTC().Truncate(time.Second) }
