package httpapi

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/tributary-dev/tributary/core/fault"
)

// huma keeps these for the whole process, so they are set once, before any API
// is made: its own answers repeat values, and the whole body where a property
// is unknown.
func init() {
	huma.DefaultArrayNullable = false
	huma.ValidateStrictCasing = true
	huma.NewErrorWithContext = func(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
		return rejection(callOf(ctx.Context()).id, status, errs)
	}
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError { return rejection("", status, errs) }
}

var (
	errUnknownParameter = fault.New(fault.Invalid, "unknown_parameter", "The query has a parameter that this call does not take.")
	errUnknownProperty  = fault.New(fault.Invalid, "unknown_property", "The body has a property that this call does not take.")
	errUnreadableBody   = fault.New(fault.Invalid, "unreadable_body", "The body could not be read to its end.")
)

// rejection translates what huma found wrong with a request.
func rejection(requestID string, status int, errs []error) *problem {
	if status == http.StatusInternalServerError { // all other failures are translated by refuse
		return newProblem(requestID, http.StatusBadRequest, errUnreadableBody)
	}
	if status == http.StatusBadRequest && slices.ContainsFunc(errs, tooComplex) {
		return newProblem(requestID, statuses[errCrowded.Kind], errCrowded)
	}
	e := refusalFor(status)
	if status != http.StatusUnprocessableEntity {
		return newProblem(requestID, status, e)
	}
	details := detailsOf(errs)
	for _, detail := range details {
		switch detail.Message {
		case unknownParameter:
			e = errUnknownParameter
		case validation.MsgUnexpectedProperty:
			e = errUnknownProperty
		}
	}
	return newProblem(requestID, status, e.With(details...))
}

// tooComplex finds what crowded refused: huma keeps only its words.
func tooComplex(err error) bool {
	var d huma.ErrorDetailer
	return errors.As(err, &d) && d.ErrorDetail().Message == errCrowded.Error()
}

const unknownParameter = "unknown query parameter"

// maxDetails bounds an answer: a body can hold a hundred thousand mistakes.
const maxDetails = 20

func detailsOf(errs []error) []fault.Detail {
	var details []fault.Detail
	for _, err := range errs {
		var d huma.ErrorDetailer
		if errors.As(err, &d) {
			detail := d.ErrorDetail()
			location := secretMap.ReplaceAllString(detail.Location, "$1")
			details = append(details, fault.At(shown(location), harmless(detail.Message)))
		}
	}
	slices.SortFunc(details, func(a, b fault.Detail) int { return strings.Compare(a.Location+a.Message, b.Location+b.Message) })
	details = slices.Compact(details)
	return details[:min(maxDetails, len(details))]
}

// sentences of huma that hold nothing but what the schema says.
var schemaSentence = regexp.MustCompile(`^(expected |unexpected property$|unknown query parameter$|required \w+ parameter is missing$|invalid (integer|float|boolean)$)`)

// harmless lets only messages through that cannot hold a value.
func harmless(message string) string {
	if schemaSentence.MatchString(message) {
		return message
	}
	return "is not acceptable"
}

var (
	// named is what a location may look like to be shown.
	named = regexp.MustCompile(`^[A-Za-z0-9_.\[\]-]{1,120}$`)
	// A caller chooses the names in these maps, and may have swapped name and value.
	secretMap = regexp.MustCompile(`^(.*\b(?:credentials|answers))\..*$`)
)

// shown cuts a location down to what is fit to be shown.
func shown(location string) string {
	if named.MatchString(location) {
		return location
	}
	parent, _, _ := strings.Cut(location, ".")
	if named.MatchString(parent) {
		return parent
	}
	return "request"
}
