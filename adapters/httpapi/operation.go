package httpapi

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// operation is one call of the API: its address, its words, and who may make it.
type operation struct {
	ID, Method, Path, Tag, Summary, Text string
	// Status of success; 0 is 200.
	Status int
	Who    who
	// Creates says that the call takes an Idempotency-Key.
	Creates bool
	// Tagged says that the answer has an ETag, and If-None-Match is heard.
	Tagged bool
	// Guarded says that the handler is behind guard, and If-Match is heard.
	Guarded bool
	// Within is how long the call itself may take; 0 is ordinary.
	Within time.Duration
	// Worded says that the answer holds texts in the caller's language.
	Worded bool
	// Document says that the body may be the text of a document instead of JSON.
	Document bool
	// Answers are the forms of a body that the handler writes by itself.
	Answers func(huma.Registry) map[string]*huma.MediaType
	// Errors beyond those that every call can give.
	Errors []int
}

// who may make a call: any one of the scopes is enough.
type who struct {
	client, user []client.Scope
	noUser       bool
}

// anyToken is enough for what is the same for everybody.
var anyToken = who{}

func holding(scopes ...client.Scope) who { return who{client: scopes, user: scopes} }

func clientHolding(scope client.Scope) who {
	return who{client: []client.Scope{scope}, noUser: true}
}

func byMode(inClientMode, inUserMode client.Scope) who {
	return who{client: []client.Scope{inClientMode}, user: []client.Scope{inUserMode}}
}

// MaxBody bounds a body, in bytes.
const MaxBody = 1 << 20

// api is what operations are registered on.
type api struct {
	huma.API
	*server
}

// add registers an operation. The handler gets an input that fits the schema
// and a principal that may make the call.
func add[I, O any](a api, op operation, handle func(context.Context, usecase.Principal, *I) (*O, error)) {
	described := describe(op)
	described.Middlewares = huma.Middlewares{varying(op.Worded), a.authenticate(op.Who), tidy}
	if op.Answers != nil {
		described.Responses = map[string]*huma.Response{"200": {Description: http.StatusText(http.StatusOK), Content: op.Answers(a.OpenAPI().Components.Schemas)}}
	}
	if op.Document {
		described.Middlewares = append(described.Middlewares, asText)
	}
	if op.Creates {
		described.Middlewares = append(described.Middlewares, a.once)
	}
	if op.Tagged || op.Guarded {
		described.Middlewares = append(described.Middlewares, tagged)
	}
	if op.Guarded {
		described.Middlewares = append(described.Middlewares, conditioned)
	}
	huma.Register(a.API, described, func(ctx context.Context, in *I) (*O, error) {
		ctx, end := within(ctx, op.Within)
		defer end()
		out, err := handle(ctx, principalOf(ctx), in)
		if err != nil {
			return nil, a.refuse(ctx, late(ctx, err))
		}
		return out, nil
	})
	if op.Document {
		describeDocument(a.OpenAPI(), op)
	}
}

func describe(op operation) huma.Operation {
	described := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Tags: []string{op.Tag}, Summary: op.Summary, Description: op.Text,
		DefaultStatus: op.Status, Security: security(op.Who), RejectUnknownQueryParameters: true,
		// One byte more: huma refuses a body that reaches the bound.
		MaxBodyBytes: MaxBody + 1, BodyReadTimeout: bodyTimeout,
		Errors: append([]int{http.StatusUnauthorized, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable}, op.Errors...),
	}
	if op.Creates {
		described.Parameters = []*huma.Param{keyParameter()}
		described.Errors = append(described.Errors, http.StatusConflict)
	}
	describeConditions(&described, op)
	if op.Tag == tagSandbox {
		described.Extensions = map[string]any{"x-sandbox-only": true}
	}
	if op.Who.restricted() {
		described.Errors = append(described.Errors, http.StatusForbidden)
	}
	if op.Method == http.MethodPost || op.Method == http.MethodPut || op.Method == http.MethodPatch {
		described.Errors = append(described.Errors, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	return described
}

func keyParameter() *huma.Param {
	longest := 257
	return &huma.Param{
		Name: keyHeader, In: "header", Example: "5f0c1f1e-8f0b-4f35-a3a6-0c9b7b1a2d3e",
		Description: "Makes it safe to send the call again: within 24 hours the same key and request get the same answer, with the header " + replayedHeader +
			". 409 idempotency_in_flight while the first is at work, 422 idempotency_mismatch for another request.",
		Schema: &huma.Schema{Type: huma.TypeString, MaxLength: &longest},
	}
}

func (w who) restricted() bool { return w.noUser || len(w.client)+len(w.user) > 0 }

// security lists one alternative for each scope that is enough.
func security(w who) []map[string][]string {
	alternatives := []map[string][]string{}
	var seen []client.Scope
	for _, scope := range append(slices.Clone(w.client), w.user...) {
		if !slices.Contains(seen, scope) {
			seen = append(seen, scope)
			alternatives = append(alternatives, map[string][]string{scheme: {string(scope)}})
		}
	}
	if len(alternatives) == 0 {
		return []map[string][]string{{scheme: {}}}
	}
	return alternatives
}
