package httpapi

import (
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tributary-dev/tributary/core/client"
)

// Tags group operations in the document.
const (
	tagUsers            = "users"
	tagProviders        = "providers"
	tagConnections      = "connections"
	tagConsents         = "consents"
	tagSynchronizations = "synchronizations"
	tagAccounts         = "accounts"
	tagTransactions     = "transactions"
	tagQueues           = "queues"
	tagWebhooks         = "webhooks"
	tagWidget           = "widget"
	tagSandbox          = "sandbox"
)

const scheme = "oauth2"

// Version of the API's document.
const Version = "1.0.0"

// Spec gives the OpenAPI document in both versions that tools read: 3.1 and
// 3.0.3. It needs no use cases, and is the same, byte for byte, every time.
func Spec() (yaml31, yaml30 []byte, err error) { return (&server{}).spec() }

// spec is Spec for a server that may have less to describe.
func (s *server) spec() (yaml31, yaml30 []byte, err error) {
	described, _ := s.assemble()
	if yaml31, err = described.OpenAPI().YAML(); err != nil {
		return nil, nil, err
	}
	yaml30, err = described.OpenAPI().DowngradeYAML()
	return yaml31, yaml30, err
}

// assemble registers every operation.
func (s *server) assemble() (huma.API, *http.ServeMux) {
	mux := http.NewServeMux()
	a := api{API: humago.New(mux, document()), server: s}
	a.users()
	a.providers()
	a.connections()
	a.challenges()
	a.diagnoses()
	a.quotas()
	a.consents()
	a.synchronizations()
	a.accounts()
	a.transactions()
	a.feed()
	a.corrections()
	a.categories()
	a.rules()
	a.queues()
	a.webhooks()
	a.events()
	a.widgetSessions()
	if s.Environment != production {
		a.sandbox()
	}
	finishDocument(a.OpenAPI())
	return a.API, mux
}

func document() huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Tributary", Version: Version, Description: overview,
			},
			Servers: []*huma.Server{{URL: "/", Description: "The server that gives this document."}},
			Tags:    tags(),
			Components: &huma.Components{
				Schemas:         huma.NewMapRegistry("#/components/schemas/", schemaName),
				SecuritySchemes: map[string]*huma.SecurityScheme{scheme: oauth()},
			},
		},
		Formats:       map[string]huma.Format{"application/json": format, "json": format},
		DefaultFormat: "application/json",
	}
}

const overview = `Bank-account aggregation: connect a user's banks, keep accounts and transactions up to date, read them in one form.

A user's token reaches that user's resources. A client's token works in client mode: the same calls, for any of its users;
a write names its user_id, a list may. What is out of reach is answered like what does not exist.

Every answer that is not a success is a problem (RFC 9457) with a stable code and a request_id. Texts for users come in the
language of Accept-Language (en, fr). Answers of a kibibyte or more are compressed for whoever accepts gzip; a body has to
come as it is. Unknown query parameters and body properties are refused by name; clients, in turn,
have to accept properties that they do not know.`

func tags() []*huma.Tag {
	return []*huma.Tag{
		{Name: tagUsers, Description: "The people who own the data."},
		{Name: tagProviders, Description: "The catalogue of banks and institutions."},
		{Name: tagConnections, Description: "One user at one provider, and what is asked of the user."},
		{Name: tagSynchronizations, Description: "Runs that refresh a connection."},
		{Name: tagAccounts, Description: "Accounts with balances."},
		{Name: tagTransactions, Description: "Movements on accounts, and their categories."},
		{Name: tagQueues, Description: "Events, read until they are acknowledged."},
		{Name: tagWebhooks, Description: "Events, sent until somebody took them (Standard Webhooks)."},
		{Name: tagWidget, Description: "The pages in which users connect their banks."},
		{Name: tagSandbox, Description: "What only a sandbox has (x-sandbox-only): a server in production answers 404 to all of it."},
	}
}

var scopeWords = map[client.Scope]string{
	client.UsersCreate: "Create users.", client.UsersManage: "Read, change and erase users.", client.Profile: "Read the user's own profile.",
	client.ProfileEdit: "Change or erase the user's own profile.", client.ConnectionsRead: "Read connections, challenges and synchronizations.",
	client.ConnectionsManage: "Create, change and delete connections; answer challenges.",
	client.ConnectionsSync:   "Start and cancel synchronizations; answer challenges.", client.AccountsRead: "Read accounts.",
	client.AccountsManage: "Change and delete accounts.", client.TransactionsRead: "Read transactions.",
	client.TransactionsManage: "Change transactions.", client.EventsRead: "Read events.", client.WebhooksManage: "Manage webhooks.",
	client.Widget: "Open the widget.",
}

func oauth() *huma.SecurityScheme {
	scopes := map[string]string{}
	for _, scope := range client.Scopes() {
		scopes[string(scope)] = scopeWords[scope]
	}
	flow := func() *huma.OAuthFlow { return &huma.OAuthFlow{TokenURL: "/oauth/token", Scopes: scopes} }
	return &huma.SecurityScheme{
		Type: "oauth2", Description: "client_credentials gives a client's token, password a user's.",
		Flows: &huma.OAuthFlows{ClientCredentials: flow(), Password: flow()},
	}
}

// schemaName names a schema after its type: userView is User, a page of it UserList.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	if inner, ok := strings.CutPrefix(name, "List"); ok && inner != "" {
		return strings.TrimSuffix(inner, "View") + "List"
	}
	return strings.TrimSuffix(name, "View")
}

// refusals are the words for the statuses of problems.
var refusals = map[int]string{
	http.StatusBadRequest:            "The body is not well-formed JSON.",
	http.StatusUnauthorized:          "The access token is missing, unknown, revoked or expired.",
	http.StatusForbidden:             "The token, or the client, may not make this call.",
	http.StatusNotFound:              "There is no such thing, or it is out of reach.",
	http.StatusConflict:              "Something stands in the way; subject may name it.",
	http.StatusPreconditionFailed:    "It has changed since the state that If-Match names.",
	http.StatusRequestEntityTooLarge: "The body is larger than 1 MiB.",
	http.StatusUnsupportedMediaType:  "The body is not application/json, or is compressed.",
	http.StatusUnprocessableEntity:   "The request is not acceptable; errors says where.",
	http.StatusTooManyRequests:       "The client makes too many calls; try again after Retry-After seconds.",
	http.StatusInternalServerError:   "Something went wrong on our side.",
	http.StatusServiceUnavailable:    "Not possible now; try again after Retry-After seconds.",
}

// finishDocument puts in what huma does not: words for refusals, an answer for
// any other status, and room for new properties in what we answer.
func finishDocument(doc *huma.OpenAPI) {
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil {
				finishOperation(op)
			}
		}
	}
	taken := map[string]bool{}
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Post, item.Put, item.Patch} {
			if op != nil && op.RequestBody != nil {
				collect(doc.Components.Schemas, op.RequestBody.Content["application/json"].Schema, taken)
			}
		}
	}
	for name, schema := range doc.Components.Schemas.Map() {
		if closed, ok := schema.AdditionalProperties.(bool); ok && !closed && !taken[name] {
			schema.AdditionalProperties = nil
		}
	}
}

func finishOperation(op *huma.Operation) {
	problems := op.Responses[strconv.Itoa(http.StatusInternalServerError)].Content
	for status, text := range refusals {
		if response := op.Responses[strconv.Itoa(status)]; response != nil {
			response.Description = text
			response.Headers = headersOf(status)
		}
	}
	if op.Responses[notModified] != nil || op.Method == http.MethodPatch {
		op.Responses[strconv.Itoa(http.StatusOK)].Headers = map[string]*huma.Param{"ETag": tagHeader()}
	}
	op.Responses["default"] = &huma.Response{Description: "Any other refusal.", Content: problems}
}

func headersOf(status int) map[string]*huma.Param {
	text := func(words string) *huma.Param {
		return &huma.Param{Description: words, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	switch status {
	case http.StatusUnauthorized:
		return map[string]*huma.Param{"WWW-Authenticate": text("RFC 6750.")}
	case http.StatusConflict:
		return map[string]*huma.Param{"Retry-After": text("Seconds, where time alone clears the way.")}
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		return map[string]*huma.Param{"Retry-After": text("Seconds.")}
	}
	return nil
}

// collect names the schemas that a request body is made of.
func collect(registry huma.Registry, schema *huma.Schema, taken map[string]bool) {
	if schema == nil {
		return
	}
	if name, ok := strings.CutPrefix(schema.Ref, "#/components/schemas/"); ok && !taken[name] {
		taken[name] = true
		collect(registry, registry.SchemaFromRef(schema.Ref), taken)
	}
	collect(registry, schema.Items, taken)
	for _, property := range schema.Properties {
		collect(registry, property, taken)
	}
	if values, ok := schema.AdditionalProperties.(*huma.Schema); ok {
		collect(registry, values, taken)
	}
}
