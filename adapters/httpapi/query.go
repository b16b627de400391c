package httpapi

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tributary-dev/tributary/core/fault"
)

var (
	errQuery = fault.New(fault.Invalid, "malformed_query", "The query is not well-formed.")
	// A small body could become a huge one: nothing is unpacked here.
	errCoding   = fault.New(fault.Invalid, "unsupported_content_encoding", "The body has to be sent as it is, not compressed.")
	errText     = fault.New(fault.Invalid, "invalid_request", "The request is not acceptable; errors says where.")
	errRepeated = fault.New(fault.Invalid, "repeated_parameter", "A parameter of the query is given more than once.")
)

// tidy keeps two habits of huma from showing. It answers in whatever type a
// caller accepts, also under short names of its own; here it is JSON, or a stream
// where there is one.
// The query is for tidyQuery.
func tidy(ctx huma.Context, next func(huma.Context)) {
	r, out := humago.Unwrap(ctx)
	if !streams(r.Header.Get("Accept")) {
		r.Header.Del("Accept")
	}
	if coding := strings.Join(r.Header.Values("Content-Encoding"), ","); coding != "" && !strings.EqualFold(coding, "identity") && r.Method != http.MethodGet && r.Method != http.MethodDelete {
		out.Header().Set("Accept-Encoding", "identity") // RFC 9110, 12.5.3
		newProblem(callOf(ctx.Context()).id, http.StatusUnsupportedMediaType, errCoding).send(out)
		return
	}
	tidyQuery(ctx, next)
}

// tidyQuery refuses what has two meanings, and rewrites the rest in one form:
// huma's reader takes a name without a value for "true" at the end of a query,
// and for nothing elsewhere.
func tidyQuery(ctx huma.Context, next func(huma.Context)) {
	r, out := humago.Unwrap(ctx)
	if r.URL.RawQuery == "" {
		next(ctx)
		return
	}
	id := callOf(ctx.Context()).id
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		newProblem(id, statuses[fault.Invalid], errQuery).send(out)
		return
	}
	if err := checkQuery(values); err != nil {
		newProblem(id, statuses[fault.Invalid], err).send(out)
		return
	}
	r.URL.RawQuery = values.Encode()
	next(ctx)
}

// checkQuery also keeps texts out that a database cannot hold.
func checkQuery(values url.Values) *fault.Error {
	for name, given := range values {
		if len(given) > 1 {
			return errRepeated.With(fault.At("query."+name, "is given more than once"))
		}
		if !utf8.ValidString(given[0]) || strings.IndexFunc(given[0], unicode.IsControl) >= 0 {
			return errText.With(fault.At("query."+name, "holds a character that is not allowed"))
		}
	}
	return nil
}
