package httpapi

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// patient lifts the time limit for reading a request that has been read. net/http
// watches the connection while a handler works, takes the limit's end for the
// caller's, and gives up the call: a server with a limit of 30 seconds would
// answer 503 to a reader that waits for 30.
func patient(ctx huma.Context, next func(huma.Context)) {
	_, w := humago.Unwrap(ctx)
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // a writer without limits needs none lifted
	next(ctx)
}
