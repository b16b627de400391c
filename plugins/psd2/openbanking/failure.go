package openbanking

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// problem is the standard's error body, which a bank may leave out.
type problem struct {
	Message string `json:"Message"`
	Errors  []struct {
		Code    string `json:"ErrorCode"`
		Message string `json:"Message"`
	} `json:"Errors"`
}

// codes are the words of 3.1.11 for the codes of 4.0 (OBExternalStatusReason1Code) that matter to account information.
var codes = map[string]string{
	"UK.OBIE.Field.Expected": "U001", "UK.OBIE.Field.Invalid": "U002", "UK.OBIE.Field.InvalidDate": "U003", "UK.OBIE.Field.Missing": "U004",
	"UK.OBIE.Field.Unexpected": "U005", "UK.OBIE.Header.Invalid": "U006", "UK.OBIE.Header.Missing": "U007",
	"UK.OBIE.Resource.ConsentMismatch": "U008", "UK.OBIE.Resource.InvalidConsentStatus": consentStatus, "UK.OBIE.Resource.InvalidFormat": "U010",
	"UK.OBIE.Resource.NotFound": "U011", "UK.OBIE.Reauthenticate": reauthenticate, "UK.OBIE.UnexpectedError": "U000",
}

const (
	consentStatus  = "U009"
	reauthenticate = "U028"
)

// meanings are what the codes say. A consent that does not match is one that does not cover what was asked for.
var meanings = map[string]refusal.Meaning{
	"U000": refusal.NotNow, "U001": refusal.Unreadable, "U002": refusal.Unreadable, "U003": refusal.Unreadable, "U004": refusal.Unreadable, "U005": refusal.Unreadable,
	"U006": refusal.Unreadable, "U007": refusal.Unreadable, "U008": refusal.Blocked, consentStatus: refusal.ConsentOver, "U010": refusal.Unreadable, "U011": refusal.Gone,
	reauthenticate: refusal.ConsentOver,
}

// refused reads a no. A body that cannot be read, or none, leaves the status to speak; so does a status that says more
// than the code.
func (d *Dialect) refused(answer bankhttp.Answer) *refusal.No {
	n := &refusal.No{Status: answer.Status, Means: refusal.OfStatus(answer.Status, true), RetryAt: refusal.RetryAt(answer.Header.Get("Retry-After"), d.Now())}
	var said problem
	_ = json.Unmarshal(answer.Body, &said)
	texts := []string{said.Message}
	for _, e := range said.Errors {
		texts = append(texts, e.Message)
		if code := coded(e.Code); n.Code == "" && code != "" {
			n.Code = code
		}
	}
	speaks := answer.Status == http.StatusBadRequest || answer.Status == http.StatusForbidden || answer.Status == http.StatusNotFound
	if means, known := meanings[n.Code]; known && speaks {
		n.Means = means
	}
	if d.Bank.Quota.Says(texts...) {
		n.Means = refusal.Exhausted
	}
	return n
}

// coded gives a code of 4.0 for a word of either version; empty for any other.
func coded(word string) string {
	if code, known := codes[strings.Replace(word, "UK.OB.", "UK.OBIE.", 1)]; known {
		return code
	}
	if _, known := meanings[word]; known {
		return word
	}
	return ""
}

// trace says by which number the bank finds a call again.
type trace struct {
	error
	interaction string
}

// Reference is what an operator tells the bank (sdk.Referenced).
func (t *trace) Reference() string { return t.interaction }

func (t *trace) Unwrap() error { return t.error }

// traced notes the number of a call in what it failed with; with the caller's own end nothing is noted.
func traced(err error, interaction string) error {
	if err == nil || interaction == "" {
		return err
	}
	if failure, is := errors.AsType[*sdk.Failure](err); is {
		if failure.Cause != nil {
			failure.Cause = &trace{failure.Cause, interaction}
		}
		return err
	}
	if _, is := errors.AsType[*refusal.No](err); is {
		return &trace{err, interaction}
	}
	return err
}

// played is the number of an interaction, which the bank has to play back. Where it has one of its own, that one is what it
// finds the call by.
func played(answer bankhttp.Answer, sent string) string {
	if own, err := uuid.Parse(answer.Header.Get("x-fapi-interaction-id")); err == nil {
		return own.String()
	}
	return sent
}
