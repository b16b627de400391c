package recipe_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
)

func example(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/example.yaml")
	require.NoError(t, err)
	return string(text)
}

func TestExample(t *testing.T) {
	t.Parallel()
	r, err := recipe.Parse("example.yaml", []byte(example(t)))
	require.NoError(t, err)
	require.Equal(t, recipe.Template("#cookies .refuse"), r.Overlays[0].Click.CSS)
	require.Equal(t, "@data-id", r.Accounts[0].Fields["id"].Get)
	require.Equal(t, []string{"base_url"}, r.Lacks(nil))
	hosts, err := r.Reach(map[string]string{"base_url": "http://127.0.0.1:8080/web"})
	require.NoError(t, err)
	require.Equal(t, []string{"www.bank.example", "*.static.bank.example", "127.0.0.1:8080"}, hosts)
	start, err := r.Start.Fill(recipe.Scope{Settings: map[string]string{"base_url": "https://x.example"}}, nil)
	require.NoError(t, err)
	require.Equal(t, "https://x.example/login", start)
}

// Each mistake is told with the file, the line and the column where it stands, and what was expected.
func TestMistakes(t *testing.T) {
	t.Parallel()
	for was, c := range map[string]struct{ becomes, complaint string }{
		"recipe: 1\n":                   {"recipe: 2\n", "example.yaml:2:1: recipe: this program reads version 1"},
		"country: FR":                   {"country: France", "example.yaml:4:46: bank.country: "},
		"zone: Europe/Paris":            {"zone: Europe/Pariss", "bank.zone: is no time zone"},
		`"sun 02:00-04:00"`:             {`"at night"`, "bank.maintenance: "},
		"decimal: \",\"":                {"decimal: \";\"", "locale.decimal: value must be one of"},
		"dates: [DD/MM/YYYY":            {"dates: [MM/YYYY", "locale.dates.0: a pattern of days has"},
		"read: \"@alt\", ":              {"", "pages.0.do.1.keypad: wants either read"},
		"with: login}":                  {"with: user}", `pages.0.do.0.fill.with: "user" is no credential of this recipe`},
		"means: code":                   {"means: coed", "pages.1.means: value must be one of 'log-in', 'code'"},
		"      - enter: true":           {"      - {enter: true, click: a}", "pages.1.do.1: wants exactly one of"},
		"fields: [login, password]":     {"fields: [login, pin]", `pages.0.fields.1: "pin" is no credential`},
		"means: home":                   {"means: maintenance", "pages: no page means home"},
		"seen: {text: en maintenance}":  {"seen: {}", "pages.2.seen: "},
		"      name: td.name":           {"      nom: td.name", "accounts.0.fields.nom: is not known; known are id, iban"},
		`map: {Livret: SAVINGS`:         {`map: {Livret: SAVING`, `"SAVING" is not among account_types`},
		`where: row.date != ""`:         {`where: row.date !=`, "transactions.0.where: is no expression: "},
		`when: account.link`:            {`when: accuont.link`, "transactions.0.when: is no expression: "},
		"flag: ids-without-date":        {"flag: ids-without-days", `"ids-without-days" is not among flags; known are ids-without-date`},
		"    each: \"table.rows tr\"\n": {"", "transactions.0: wants exactly one of each (rows of the page), json and download"},
		"match: \"[0-9]\"":              {"match: \"[0-9\"", "pages.0.do.1.keypad.match: is no pattern (RE2)"},
		"format: csv":                   {"format: xls", "transactions.1.download.format: value must be one of 'csv'"},
		"debit: Débit, credit: Crédit":  {"label: x", "example.yaml:"},
		"{go: \"{{ account.link }}\"}":  {"{go: \"{{ account. }}\"}", "transactions.0.do.0.go: is no expression"},
		"name: Example Bank":            {"name: [", "example.yaml:"},
		"debit: Débit":                  {"debit: {column: Débit}", "transactions.1.fields.debit.column: is one of a table of the page: it goes with each"},
		"for: [CHECKINGS]":              {"for: [LOAN]", "transactions.0.for.0: LOAN is not among account_types"},
	} {
		text := strings.Replace(example(t), was, c.becomes, 1)
		require.NotEqual(t, example(t), text, was)
		_, err := recipe.Parse("example.yaml", []byte(text))
		require.ErrorContains(t, err, c.complaint, was)
		require.Regexp(t, `^example\.yaml:\d+:\d+: `, err.Error(), was)
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	all, err := recipe.Load(fstest.MapFS{"a.yaml": file(example(t)), "b.yaml": file(strings.Replace(example(t), "id: example-bank", "id: other", 1)), "README.md": file("")})
	require.NoError(t, err)
	require.Len(t, all, 2)
	_, err = recipe.Load(fstest.MapFS{"a.yaml": file(example(t)), "b.yaml": file(example(t)), "c.yaml": file("bank: [")})
	require.ErrorContains(t, err, `b.yaml: the id "example-bank" is already that of a.yaml`)
	require.ErrorContains(t, err, "c.yaml:1:")
	_, err = recipe.Load(fstest.MapFS{})
	require.ErrorContains(t, err, "holds no *.yaml")
}

func TestExpressions_are_bounded(t *testing.T) {
	t.Parallel()
	for _, wild := range []string{`map(1..100000000, {# * 2})`, `reduce(1..1000000, #acc + "xxxxxxxxxxxxxxxxxxxxxxxxxx", "")`, `repeat("x", 1000000000)`} {
		_, err := recipe.Expression(wild).Value(recipe.Scope{})
		require.Error(t, err, wild)
	}
	_, err := recipe.Expression(`row.a + env("HOME")`).Value(recipe.Scope{})
	require.Error(t, err)
	got, err := recipe.Template(`[data-id="{{ account.id }}"]`).Fill(recipe.Scope{Account: map[string]string{"id": "7"}}, nil)
	require.NoError(t, err)
	require.Equal(t, `[data-id="7"]`, got)
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	for get, want := range map[string][2]string{
		"td.a": {"td.a", ""}, "td a@href": {"td a", "href"}, "@id": {"", "id"}, `a[href*="@"]`: {`a[href*="@"]`, ""}, "./td[2]/@title": {"./td[2]/@title", ""}, ".": {".", ""},
	} {
		selector, attribute := recipe.Split(get)
		require.Equal(t, want, [2]string{selector, attribute}, get)
	}
}

// Schema and structures name the same properties, and each says what it is.
func TestSchemaAndStructuresAgree(t *testing.T) {
	t.Parallel()
	var schema map[string]any
	require.NoError(t, json.Unmarshal(recipe.Schema(), &schema))
	definitions := schema["$defs"].(map[string]any)
	agree(t, "", schema, definitions, reflect.TypeFor[recipe.Recipe](), 0)
}

func agree(t *testing.T, at string, schema, definitions map[string]any, structure reflect.Type, depth int) {
	t.Helper()
	if name, is := schema["$ref"].(string); is {
		schema = definitions[strings.TrimPrefix(name, "#/$defs/")].(map[string]any)
	}
	if depth > 8 {
		return
	}
	properties, _ := schema["properties"].(map[string]any)
	named := 0
	for i := range structure.NumField() {
		field := structure.Field(i)
		name := field.Tag.Get("yaml")
		if name == "-" {
			continue
		}
		named++
		inner, known := properties[name].(map[string]any)
		require.True(t, known, "%s.%s is not in the schema", at, name)
		require.NotEmpty(t, inner["description"], "%s.%s does not say what it is", at, name)
		kind := field.Type
		for kind.Kind() == reflect.Pointer || kind.Kind() == reflect.Slice {
			if kind.Kind() == reflect.Slice {
				inner, _ = resolve(inner, definitions)["items"].(map[string]any)
			}
			kind = kind.Elem()
		}
		if kind.Kind() == reflect.Struct {
			agree(t, at+"."+name, inner, definitions, kind, depth+1)
		}
	}
	require.Len(t, properties, named, "%s: the schema has properties that the structure lacks", at)
	require.Equal(t, false, schema["additionalProperties"], at)
}

func resolve(schema, definitions map[string]any) map[string]any {
	if name, is := schema["$ref"].(string); is {
		return definitions[strings.TrimPrefix(name, "#/$defs/")].(map[string]any)
	}
	return schema
}
