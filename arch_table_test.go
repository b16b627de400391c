package tributary_test

const (
	module  = "github.com/tributary-dev/tributary/"
	sdk     = "plugins/sdk"
	psd2    = "plugins/psd2"
	scraper = "plugins/scraper"
)

// room is what the files below one folder may import besides the standard
// library and the room itself. The longest folder that matches counts; a
// folder without a room is refused.
type room struct {
	folder string
	own    []string // our packages: "core/fault", or "core/..." with all below
	libs   []string // other modules, with all below
	tests  []string // other modules that only its tests may import
}

// anyTest is what every test may import of others.
var anyTest = []string{"github.com/stretchr/testify", "pgregory.net/rapid", "go.uber.org/goleak"}

var (
	ground = []string{"core/fault", "core/secret", "core/money", "core/ident", "core/event", "core/bank", "core/form", "core/picture"}
	inner  = []string{"core/...", "ports/..."}
)

// rooms is the house: cmd → adapters → ports → core, and nothing by default.
var rooms = []room{
	{folder: "."}, // doc.go and these tests

	{folder: "core/fault"}, {folder: "core/secret"},
	{folder: "core/picture", own: []string{"core/fault"}},
	{folder: "core/bank", own: []string{"core/fault"}},
	{folder: "core/ident", own: []string{"core/fault"}},
	{folder: "core/event", own: []string{"core/fault", "core/ident"}},
	{folder: "core/money", own: []string{"core/fault"}, libs: []string{"github.com/shopspring/decimal"}},
	{folder: "core/form", own: []string{"core/bank", "core/fault", "core/secret"}},

	{folder: "core/category", own: ground}, {folder: "core/client", own: ground},
	{folder: "core/connection", own: ground}, {folder: "core/consent", own: ground},
	{folder: "core/delivery", own: ground, tests: []string{"github.com/standard-webhooks/standard-webhooks"}}, {folder: "core/ledger", own: ground},
	{folder: "core/provider", own: ground}, {folder: "core/quota", own: ground}, {folder: "core/sandbox", own: ground}, {folder: "core/schedule", own: ground}, {folder: "core/synchronization", own: ground},
	{folder: "core/user", own: ground}, {folder: "core/widget", own: ground},
	{folder: "core/app", own: inner}, {folder: "core/app/notifying", own: inner, tests: []string{"github.com/standard-webhooks/standard-webhooks"}},
	{folder: "core/app/synchronizing", own: inner, libs: []string{"golang.org/x/sync/semaphore"}},

	{folder: "ports", own: inner},
	{folder: "ports/bus/bustest/natsbroker", own: inner, libs: []string{"github.com/nats-io/nats-server/v2"}},

	{folder: "adapters/argon", own: inner, libs: []string{"golang.org/x/crypto/argon2"}},
	{folder: "adapters/bunstore", own: append([]string{"migrations"}, inner...), libs: []string{
		"github.com/uptrace/bun", "github.com/pressly/goose/v3", "github.com/jackc/pgx/v5", "modernc.org/sqlite"}},
	{folder: "adapters/eventbus", own: inner, libs: []string{
		"github.com/ThreeDotsLabs/watermill", "github.com/ThreeDotsLabs/watermill-nats/v2", "github.com/nats-io/nats.go"}},
	{folder: "adapters/httpapi", own: inner, libs: []string{"github.com/danielgtaylor/huma/v2", "github.com/klauspost/compress/gzhttp"},
		tests: []string{"github.com/getkin/kin-openapi", "github.com/santhosh-tekuri/jsonschema/v6"}},
	{folder: "adapters/jobqueue", own: inner, libs: []string{"github.com/riverqueue/river"},
		tests: []string{"github.com/jackc/pgx/v5", "modernc.org/sqlite"}},
	{folder: "adapters/oauth", own: inner, libs: []string{"github.com/ory/fosite"},
		tests: []string{"golang.org/x/oauth2"}},
	{folder: "adapters/outbound", own: inner},
	{folder: "adapters/pluginhost", own: append([]string{sdk, sdk + "/..."}, inner...)},
	{folder: "adapters/sealbox", own: inner, libs: []string{"github.com/tink-crypto/tink-go/v2"}},
	{folder: "adapters/testbankhttp", own: inner},
	{folder: "adapters/webhookhttp", own: inner},
	{folder: "adapters/playground"}, // a page of its own, that knows the public API
	{folder: "adapters/widget", own: append([]string{"adapters/widget/pages", "sdk/js/widget"}, inner...), libs: []string{"github.com/a-h/templ", "golang.org/x/time", "golang.org/x/text"}, tests: []string{"golang.org/x/net"}},
	{folder: "adapters/telemetry", own: inner, libs: []string{"github.com/prometheus/client_golang", "go.opentelemetry.io/otel"}},

	{folder: "cmd/tributary", own: append([]string{"adapters/...", "migrations", "openapi"}, inner...),
		libs:  []string{"github.com/alecthomas/kong"},
		tests: []string{"github.com/getkin/kin-openapi", "github.com/goccy/go-yaml", "github.com/santhosh-tekuri/jsonschema/v6", "github.com/rogpeppe/go-internal", "modernc.org/sqlite", "github.com/standard-webhooks/standard-webhooks"}},
	{folder: "cmd/tributary/eidas"}, // certificates: the standard library alone
	{folder: "cmd/tributary/certificates", own: []string{"cmd/tributary/eidas"}},
	{folder: "cmd/tributary/setting", libs: []string{"github.com/goccy/go-yaml"}},
	{folder: "cmd/tributary/measure", own: append([]string{"cmd/tributary/certificates", "cmd/tributary/demo", "cmd/tributary/measure/aspsp", "adapters/pluginhost", "adapters/bunstore", "adapters/eventbus",
		psd2 + "/oidc", psd2 + "/operator", psd2 + "/signature"}, inner...), libs: []string{"github.com/jackc/pgx/v5", "modernc.org/sqlite"}},
	{folder: "cmd/tributary/measure/aspsp", libs: []string{"github.com/go-jose/go-jose/v4"}}, // a bank knows nothing of its readers
	{folder: "cmd/tributary/measure/flood", own: []string{sdk, sdk + "/serve"}},              // a plugin, to be measured
	{folder: "cmd/tributary/browser", own: []string{"ports/store/storetest/pgcluster"}, tests: []string{"github.com/go-rod/rod"}},
	{folder: "cmd/tributary/upgrade", own: []string{"migrations", "ports/store/storetest/pgcluster"},
		tests: []string{"github.com/pressly/goose/v3", "github.com/jackc/pgx/v5", "modernc.org/sqlite"}},
	{folder: "cmd/tributary/crash", own: []string{"ports/store/storetest/pgcluster"}, libs: []string{"github.com/anishathalye/porcupine"}},
	{folder: "cmd/tributary/crash/call"},                                             // what an application sees of us: JSON
	{folder: "cmd/tributary/crash/check", own: []string{"cmd/tributary/crash/call"}}, // and so the checker
	{folder: "cmd/tributary/crash/load", own: []string{"cmd/tributary/crash/..."}},
	{folder: "cmd/tributary/crash/point", own: inner},
	{folder: "cmd/tributary/crash/server", own: append([]string{"cmd/tributary/crash/point", "cmd/tributary/node", "cmd/tributary/sandbox", "cmd/tributary/setting"}, inner...)},
	{folder: "cmd/tributary/crash/world", own: []string{"cmd/tributary/crash/call", "ports/store/storetest/pgcluster"},
		libs: []string{"github.com/jackc/pgx/v5", "modernc.org/sqlite"}},
	{folder: "cmd/tributary/simulate", own: append([]string{"adapters/bunstore", "adapters/pluginhost"}, inner...)},
	{folder: "cmd/tributary/simulate/life"}, // the truth knows nothing of the code under test
	{folder: "cmd/tributary/simulate/judge", own: append([]string{"cmd/tributary/simulate/life"}, inner...)},
	{folder: "cmd/tributary/simulate/play", own: append([]string{"cmd/tributary/simulate/life", "adapters/bunstore", "adapters/sealbox"}, inner...)},
	{folder: "cmd/testbank", own: []string{"testbank", "testbank/..."}, libs: []string{"github.com/alecthomas/kong"}},

	{folder: "testbank", libs: []string{"github.com/go-jose/go-jose/v4", "github.com/goccy/go-yaml", "github.com/google/uuid", "github.com/shopspring/decimal", "github.com/skip2/go-qrcode", "golang.org/x/text"},
		tests: []string{"golang.org/x/net", "github.com/go-rod/rod"}},
	{folder: "migrations"},
	{folder: "openapi"},
	{folder: "sdk/js/widget"}, // an npm package, and what gives its script to the server

	{folder: sdk}, // what every provider team links: the standard library alone
	{folder: sdk + "/cmd", own: []string{sdk, sdk + "/..."}},
	{folder: sdk + "/examples", own: []string{sdk, sdk + "/serve"}},
	{folder: sdk + "/manifest", own: []string{sdk}},
	{folder: sdk + "/internal/contract", own: []string{sdk}},
	{folder: sdk + "/internal/launch", libs: []string{"github.com/hashicorp/go-plugin"}},
	{folder: sdk + "/internal/wire", own: []string{sdk, sdk + "/internal/contract"}, libs: []string{
		"google.golang.org/grpc", "google.golang.org/protobuf"}},
	{folder: sdk + "/serve", own: []string{sdk, sdk + "/internal/..."}, libs: []string{
		"github.com/hashicorp/go-plugin", "github.com/hashicorp/go-hclog", "google.golang.org/grpc"}},
	{folder: sdk + "/host", own: []string{sdk, sdk + "/internal/..."}, libs: []string{
		"github.com/hashicorp/go-plugin", "github.com/hashicorp/go-hclog", "google.golang.org/grpc"}},
	{folder: sdk + "/host/internal/faulty", own: []string{sdk, sdk + "/serve"}}, // a plugin, for the tests
	{folder: sdk + "/conformance", own: []string{sdk, sdk + "/internal/contract"}, libs: []string{
		"github.com/stretchr/testify"}},

	{folder: "plugins/testbank", own: []string{sdk, sdk + "/serve"}},

	{folder: "plugins/psd2", own: []string{sdk, sdk + "/serve", psd2 + "/..."}, tests: []string{"github.com/golang-jwt/jwt/v5"}}, // what chooses the bank and its dialect
	{folder: psd2 + "/bankhttp", own: []string{sdk, psd2 + "/catalogue", psd2 + "/operator", psd2 + "/signature"}},
	{folder: psd2 + "/berlin", own: []string{sdk, "plugins/amount", psd2 + "/bankhttp", psd2 + "/catalogue", psd2 + "/operator", "plugins/reading", psd2 + "/record", psd2 + "/refusal", "plugins/statement", psd2 + "/token"},
		libs: []string{"github.com/google/uuid"}},
	{folder: psd2 + "/catalogue", own: []string{"plugins/readable"}},
	{folder: psd2 + "/conformance", own: []string{sdk, psd2 + "/..."}, tests: []string{"github.com/getkin/kin-openapi", "github.com/go-jose/go-jose/v4", "github.com/golang-jwt/jwt/v5", "github.com/google/uuid"}},
	{folder: psd2 + "/oidc", own: []string{sdk, psd2 + "/bankhttp", psd2 + "/operator", psd2 + "/refusal"}, libs: []string{"github.com/go-jose/go-jose/v4"}, tests: []string{"github.com/golang-jwt/jwt/v5"}},
	{folder: psd2 + "/openbanking", own: []string{sdk, "plugins/amount", psd2 + "/bankhttp", psd2 + "/catalogue", psd2 + "/oidc", psd2 + "/operator", "plugins/reading", psd2 + "/record", psd2 + "/refusal", psd2 + "/token"},
		libs: []string{"github.com/google/uuid"}, tests: []string{"github.com/golang-jwt/jwt/v5"}},
	{folder: psd2 + "/operator", libs: []string{"github.com/goccy/go-yaml"}},
	{folder: psd2 + "/record", own: []string{sdk, "plugins/amount"}},                                                                           // every standard's records
	{folder: psd2 + "/refusal", own: []string{sdk}},                                                                                            // and every bank's no
	{folder: psd2 + "/scripted", own: []string{sdk, psd2 + "/operator", "cmd/tributary/eidas"}, libs: []string{"github.com/stretchr/testify"}}, // a bank for the dialects' tests
	{folder: psd2 + "/stet", own: []string{sdk, "plugins/amount", psd2 + "/bankhttp", psd2 + "/catalogue", psd2 + "/operator", "plugins/reading", psd2 + "/record", psd2 + "/refusal", psd2 + "/token"},
		libs: []string{"github.com/google/uuid"}},
	{folder: psd2 + "/signature"}, // bytes and keys: no bank

	{folder: "plugins/amount", libs: []string{"github.com/shopspring/decimal"}},
	{folder: "plugins/statement", own: []string{sdk, "plugins/amount"}},                                                  // files that banks tell rows in
	{folder: "plugins/reading", own: []string{sdk}},                                                                      // the order of a fetch: no bank
	{folder: "plugins/readable", libs: []string{"github.com/goccy/go-yaml", "github.com/santhosh-tekuri/jsonschema/v6"}}, // what plugins read from files that people write

	{folder: scraper, own: []string{sdk, sdk + "/serve", scraper + "/..."}, libs: []string{"github.com/goccy/go-yaml"}, tests: []string{"github.com/go-rod/rod"}}, // what chooses the bank and holds its sessions
	{folder: scraper + "/browser", own: []string{scraper + "/gate"}, libs: []string{"github.com/go-rod/rod", "github.com/ysmood/gson"}},
	{folder: scraper + "/bundle"}, // what was masked before it comes here
	{folder: scraper + "/fixture", own: []string{sdk}, libs: []string{"github.com/goccy/go-yaml", "golang.org/x/text"}},
	{folder: scraper + "/download", own: []string{sdk, "plugins/statement", scraper + "/notation"}, libs: []string{"golang.org/x/text"}},
	{folder: scraper + "/engine", own: []string{sdk, "plugins/reading", scraper + "/browser", scraper + "/bundle", scraper + "/download", scraper + "/gate", scraper + "/notation", scraper + "/recipe"}},
	{folder: scraper + "/recipes"},  // files
	{folder: scraper + "/notation"}, // texts: no page, no recipe
	{folder: scraper + "/recipe", own: []string{sdk, "plugins/readable", scraper + "/notation"}, libs: []string{"github.com/expr-lang/expr"}},
	{folder: scraper + "/gate"}, // hosts and connections: no recipe, no browser
	{folder: psd2 + "/token", own: []string{sdk, psd2 + "/bankhttp", psd2 + "/refusal"}, libs: []string{"golang.org/x/oauth2"}},
}

// exception lets the tests below a folder import what its room may not, for a
// reason that a reader accepts.
type exception struct{ folder, imports, reason string }

var testExceptions = []exception{
	{"adapters/webhookhttp", "adapters/outbound/...", "webhooks are sent by the client that refuses private addresses"},
	{"adapters/webhookhttp", "core/app/notifying", "that nobody waits for a dead endpoint is said of sockets and the dispatcher together"},
	{"adapters/widget", "core/app/...", "pages are tried on the use cases themselves: what they refuse has to reach the browser"},
	{"plugins/testbank", "testbank/...", "the provider of the test bank is tried against that bank itself"},
	{"adapters/testbankhttp", "testbank/...", "what the sandbox tells the test bank is tried against that bank itself"},
	{sdk + "/examples", sdk + "/host", "an example is proven by the host that would load it"},
	{sdk + "/examples", sdk + "/conformance", "an example shows how a provider is held to the contract"},
	{"plugins/testbank", sdk + "/conformance", "every provider is held to the contract"},
	{"cmd/testbank", "cmd/tributary/eidas", "third parties show the bank certificates with the attributes of PSD2"},
	{psd2, "cmd/tributary/eidas", "a bank and we show each other certificates with the attributes of PSD2"},
	{psd2, "cmd/tributary/measure/aspsp", "the dialects are measured with banks that cost next to nothing"},
	{psd2 + "/conformance", "testbank/...", "the plugin is tried against the test bank, and both are held to the standard's description"},
	{psd2, psd2 + "/scripted", "dialects are tried with a bank that answers by a script"},
	{psd2, sdk + "/conformance", "every provider is held to the contract"},
	{psd2, sdk + "/host", "the contract is held by a real process"},
	{scraper, "testbank/...", "recipes of the test bank are tried against its web site"},
	{scraper, sdk + "/conformance", "every provider is held to the contract"},
	{scraper, sdk + "/host", "the contract is held by a real process"},
	{"plugins/testbank", sdk + "/host", "what the bank refuses has to arrive through a real process"},
}

// crowded names are rooms where everything lands that nobody named.
var crowded = []string{"util", "utils", "common", "helper", "helpers", "models", "types", "base", "shared", "misc"}

// Sizes in lines; a file of tests may hold more of them, none may be longer.
const (
	fileLimit, testFileLimit = 400, 800
	functionLimit            = 60
)
