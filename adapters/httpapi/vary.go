package httpapi

import (
	"github.com/danielgtaylor/huma/v2"
)

// varying names the headers that an answer depends on (RFC 9110, 12.5.5): who
// asks, and the language where it holds texts. Accept-Encoding is named by
// compressed. Nothing of ours may be stored by a cache, but one that does so
// all the same keeps apart what has to be.
func varying(worded bool) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		ctx.AppendHeader("Vary", "Authorization")
		if worded {
			ctx.AppendHeader("Vary", "Accept-Language")
		}
		next(ctx)
	}
}
