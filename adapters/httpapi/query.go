package httpapi

import (
	"net/url"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tributary-dev/tributary/core/fault"
)

var (
	errQuery    = fault.New(fault.Invalid, "malformed_query", "The query is not well-formed.")
	errRepeated = fault.New(fault.Invalid, "repeated_parameter", "A parameter of the query is given more than once.")
)

// tidyQuery rewrites the query in one form. huma looks parameters up with a
// reader of its own that takes "limit&user_id=x" for one name, while its check
// for unknown names takes it for two: a filter would silently not be applied.
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
	for name, given := range values {
		if len(given) > 1 {
			newProblem(id, statuses[fault.Invalid], errRepeated.With(fault.At("query."+name, "is given more than once"))).send(out)
			return
		}
	}
	r.URL.RawQuery = values.Encode()
	next(ctx)
}
