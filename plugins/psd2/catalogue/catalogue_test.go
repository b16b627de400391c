package catalogue_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
)

var quirks = map[string]catalogue.Quirks{catalogue.BerlinGroup: {"swapped-dates": "mBank"}}

func example(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/example.yaml")
	require.NoError(t, err)
	return string(text)
}

func TestExample(t *testing.T) {
	t.Parallel()
	bank, err := catalogue.Parse("example.yaml", []byte(example(t)), quirks)
	require.NoError(t, err)
	require.Equal(t, "https://xs2a.bank.example/psd2", bank.Addresses.Base().String())
	require.ElementsMatch(t, []string{"xs2a.bank.example", "login.bank.example"}, bank.Hosts())
	require.Equal(t, "AIS:{consent}", bank.OAuth.Scope)
	require.True(t, bank.Has("swapped-dates"))
	require.True(t, bank.Prefers(catalogue.Redirect))
}

// Each mistake is told with the file and the line where it stands.
func TestMistakes(t *testing.T) {
	t.Parallel()
	for was, c := range map[string]struct{ becomes, complaint string }{
		"country: DE":                    {"country: Germany", "example.yaml:4: country: "},
		"id: example-bank":               {"id: Example Bank", "example.yaml:2: id: "},
		"standard: berlin-group":         {"standard: fax", "example.yaml:5: standard: "},
		"  api: https://":                {"  api: http://", "example.yaml:8: addresses.api: "},
		"hosts: [login.bank.example]":    {"hosts: [other.example]", "is not among addresses.hosts"},
		"[redirect, decoupled]":          {"[redirect, smoke-signals]", "example.yaml:11: sca.approaches.1: "},
		"psu_id: optional":               {"psu_id: maybe", "example.yaml:12: sca.psu_id: "},
		"with_balance: true":             {"with_money: true", "with_money"},
		"days: 180":                      {"days: many", "example.yaml:18: consent.days: "},
		"later_days: 90":                 {"days_later: 90", "example.yaml:20: history: "},
		"quirks: [swapped-dates]":        {"quirks: [upside-down]", "example.yaml:24: quirks: \"upside-down\" is not known"},
		"model: global":                  {"model: detailed", "example.yaml:18: consent.owner_names: "},
		"approaches: [redirect, decou":   {"approaches: [decoupled, embe", "example.yaml:"},
		"name: Example Bank":             {"name: [", "example.yaml:"},
		"kind: integrated":               {"kind: pre-step\n  scoop: x", "scoop"},
		"consent: {model: global, owner": {"consent: {owner", "example.yaml:18: consent: missing property 'model'"},
	} {
		text := strings.Replace(example(t), was, c.becomes, 1)
		require.NotEqual(t, example(t), text, was)
		_, err := catalogue.Parse("example.yaml", []byte(text), quirks)
		require.ErrorContains(t, err, c.complaint, was)
		require.ErrorContains(t, err, "example.yaml:", was)
	}
}

const french = `id: banque
name: Banque
country: FR
standard: stet
version: "1.4.0"
addresses: {api: "https://api.banque.example/stet/psd2"}
sca: {approaches: [redirect]}
oauth: {kind: pre-step, authorization: "https://api.banque.example/authorize", token: "https://api.banque.example/token", scope: aisp}
consent: {model: mixed}
signature: {}
`

// What one standard has and another has not is told, and what is left out is the standard's own.
func TestStandards(t *testing.T) {
	t.Parallel()
	bank, err := catalogue.Parse("banque.yaml", []byte(french), quirks)
	require.NoError(t, err)
	require.Equal(t, "v1", bank.Addresses.VersionPath)
	require.Equal(t, catalogue.KeyAddress, bank.Signature.Key)
	require.Equal(t, []string{"(request-target)", "date", "digest", "content-type", "content-length", "x-request-id", "psu-ip-address", "psu-user-agent"}, bank.Signature.Headers)
	for was, c := range map[string]struct{ becomes, complaint string }{
		"model: mixed":                 {"model: global", "banque.yaml:9: consent.model: global is not one of stet, which has full, mixed"},
		"approaches: [redirect]":       {"approaches: [decoupled]", "banque.yaml:7: sca.approaches: stet has redirect alone"},
		"kind: pre-step":               {"kind: integrated", "banque.yaml:8: oauth: stet needs tokens: its kind is pre-step"},
		"signature: {}":                {"accounts: {cards: true}", "banque.yaml:10: accounts.cards: stet has one list"},
		"standard: stet":               {"standard: berlin-group", "banque.yaml:9: consent.model: mixed is not one of berlin-group"},
		`psd2"}`:                       {`psd2", version_path: "v1/x"}`, "banque.yaml:6: addresses.version_path: "},
		"signature: {}\n":              {"signature: {key: name}\n", "banque.yaml:10: signature.key: "},
		"consent: {model: mixed}\nsig": {"consent: {model: mixed}\nquirks: [swapped-dates]\nsig", "is not known for stet"},
	} {
		text := strings.Replace(french, was, c.becomes, 1)
		require.NotEqual(t, french, text, was)
		_, err := catalogue.Parse("banque.yaml", []byte(text), quirks)
		require.ErrorContains(t, err, c.complaint, was)
	}
	text := strings.Replace(example(t), "  api: https", "  version_path: v2\n  api: https", 1)
	_, err = catalogue.Parse("example.yaml", []byte(text), quirks)
	require.ErrorContains(t, err, "addresses.version_path: berlin-group has one only")
}

const british = `id: bank
name: Bank
country: GB
standard: open-banking-uk
version: "3.1.11"
addresses: {api: "https://ob.bank.example", hosts: [auth.bank.example]}
sca: {approaches: [redirect]}
oauth: {kind: openid, issuer: "https://auth.bank.example"}
consent: {model: permissions}
`

func TestTheUnitedKingdom(t *testing.T) {
	t.Parallel()
	bank, err := catalogue.Parse("bank.yaml", []byte(british), quirks)
	require.NoError(t, err)
	require.Equal(t, "v3.1", bank.Addresses.VersionPath)
	require.Equal(t, 90, bank.Consent.Days)
	require.Equal(t, catalogue.OAuth{Kind: "openid", Issuer: "https://auth.bank.example", Scope: "openid accounts", Response: "code id_token", Proof: "private_key_jwt"}, *bank.OAuth)
	require.Equal(t, []string{"ReadAccountsDetail", "ReadBalances", "ReadTransactionsCredits", "ReadTransactionsDebits", "ReadTransactionsDetail"}, bank.Consent.Permissions)
	bank, err = catalogue.Parse("bank.yaml", []byte(strings.NewReplacer("3.1.11", "4.0", "permissions}", "permissions, owner_names: true}").Replace(british)), quirks)
	require.NoError(t, err)
	require.Equal(t, "v4.0", bank.Addresses.VersionPath)
	require.Contains(t, bank.Consent.Permissions, "ReadParty")
	for was, c := range map[string]struct{ becomes, complaint string }{
		"hosts: [auth.bank.example]": {"hosts: [login.bank.example]", "bank.yaml:8: oauth.issuer: auth.bank.example is not among addresses.hosts"},
		"kind: openid":               {"kind: integrated", "bank.yaml:8: oauth"},
		`, issuer: "https://auth`:    {`, authorization: "https://auth`, "bank.yaml:8: oauth: missing property 'issuer'"},
		"model: permissions":         {"model: permissions, permissions: [ReadBalances]", "bank.yaml:9: consent.permissions: nothing can be read without accounts"},
		"model: permissions}":        {"model: permissions, permissions: [ReadAccountsBasic, ReadTransactionsDetail]}", "need a detail (Basic or Detail) and a direction"},
		"consent: {":                 {"signature: {}\nconsent: {", "bank.yaml:9: signature: open-banking-uk signs what is said to the authorisation server alone"},
		"sca: {":                     {"accounts: {reports: camt}\nsca: {", "bank.yaml:7: accounts.reports: open-banking-uk has one list"},
	} {
		text := strings.Replace(british, was, c.becomes, 1)
		require.NotEqual(t, british, text, was)
		_, err := catalogue.Parse("bank.yaml", []byte(text), quirks)
		require.ErrorContains(t, err, c.complaint, was)
	}
	_, err = catalogue.Parse("example.yaml", []byte(strings.Replace(example(t), "kind: integrated", "kind: openid\n  issuer: https://login.bank.example", 1)), quirks)
	require.ErrorContains(t, err, "oauth.kind: openid is of open-banking-uk")
}

func TestAllMistakesAtOnce(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("country: DE", "country: D", "name: Example Bank", `name: ""`).Replace(example(t))
	_, err := catalogue.Parse("example.yaml", []byte(text), quirks)
	require.ErrorContains(t, err, "example.yaml:3: name: ")
	require.ErrorContains(t, err, "example.yaml:4: country: ")
}

func TestLoad(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	banks, err := catalogue.Load(fstest.MapFS{
		"b.yaml": file(strings.Replace(example(t), "id: example-bank", "id: other-bank", 1)), "a.yaml": file(example(t)), "README.md": file("no bank"),
	}, quirks)
	require.NoError(t, err)
	require.Equal(t, []string{"example-bank", "other-bank"}, []string{banks[0].ID, banks[1].ID})

	_, err = catalogue.Load(fstest.MapFS{"a.yaml": file(example(t)), "b.yaml": file(example(t)), "c.yaml": file("id: [")}, quirks)
	require.ErrorContains(t, err, `b.yaml: the id "example-bank" is already that of a.yaml`)
	require.ErrorContains(t, err, "c.yaml:1: ")
	_, err = catalogue.Load(fstest.MapFS{}, quirks)
	require.ErrorContains(t, err, "holds no *.yaml")
	_, err = catalogue.Load(fstest.MapFS{"a.yaml": file(strings.Repeat("# much\n", 10_000))}, quirks)
	require.ErrorContains(t, err, "larger than")
}

// Schema and structure name the same properties, and each property says what it is.
func TestSchemaAndStructureAgree(t *testing.T) {
	t.Parallel()
	var schema map[string]any
	require.NoError(t, json.Unmarshal(catalogue.Schema(), &schema))
	agree(t, "", schema, reflect.TypeFor[catalogue.Bank]())
}

func agree(t *testing.T, place string, schema map[string]any, structure reflect.Type) {
	t.Helper()
	properties, _ := schema["properties"].(map[string]any)
	var named []string
	for i := range structure.NumField() {
		field := structure.Field(i)
		name := field.Tag.Get("yaml")
		named = append(named, name)
		inner, known := properties[name].(map[string]any)
		require.True(t, known, "%s.%s is not in the schema", place, name)
		kind := field.Type
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		if kind.Kind() == reflect.Struct {
			agree(t, place+"."+name, inner, kind)
		}
	}
	require.Len(t, properties, len(named), "%s: the schema has properties that the structure lacks", place)
	require.Equal(t, false, schema["additionalProperties"], place)
}
