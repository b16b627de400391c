package walker

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// marker stands in every spoilt value; no refusal may repeat it.
const marker = "f00zz"

// draw makes one request of an operation, good or spoilt.
func (f fuzzed) draw(t *rapid.T) *http.Request {
	spoil := rapid.IntRange(0, 3).Draw(t, "spoil") // which part; 0 spoils nothing
	target, body, token := f.target, f.content, f.owner.client
	if rapid.IntRange(0, 9).Draw(t, "known") > 0 {
		target, body = f.place(t, spoil == 1)+f.parameters(t, spoil == 1), ""
		if f.takes() {
			body = f.body(t, spoil == 2)
		}
		token = rapid.SampledFrom([]string{f.owner.user, f.owner.client, f.owner.client}).Draw(t, "token")
	}
	r := httptest.NewRequest(f.method, "/", strings.NewReader(body))
	if parsed, err := url.ParseRequestURI(target); err == nil {
		r.URL, r.RequestURI = parsed, target
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if spoil == 3 {
		spoilHeaders(t, r.Header)
	}
	return r
}

// place is the path: about the owner's things, nobody's, or nonsense.
func (f fuzzed) place(t *rapid.T, spoil bool) string {
	if !strings.Contains(f.path, "{") {
		return f.path
	}
	id := rapid.SampledFrom(f.ids()).Draw(t, "id")
	if f.method == http.MethodDelete && rapid.Bool().Draw(t, "fresh") {
		id = f.fresh(id)
	}
	channel := rapid.SampledFrom([]string{usecasetest.Embedded, usecasetest.Redirect}).Draw(t, "channel")
	if spoil {
		id = url.PathEscape(text(t))
	}
	return strings.NewReplacer("{id}", id, "{channel_definition_id}", channel).Replace(f.path)
}

func (f fuzzed) ids() []string {
	own, none := f.owner.belongings, nobodys()
	switch f.section() {
	case "users":
		return []string{own.user, none.user, "me"}
	case "connections":
		return []string{own.idle, own.asking, none.idle}
	case "synchronizations":
		return []string{own.run, none.run}
	case "accounts":
		return []string{own.account, none.account}
	case "transactions":
		return []string{own.transaction, none.transaction}
	case "queues":
		return []string{own.queue, none.queue}
	case "webhooks":
		return []string{own.webhook, none.webhook}
	case "widget_sessions":
		return []string{own.visit, none.visit}
	case "category_rules":
		return []string{own.rule, none.rule}
	case "consents":
		return []string{own.consent, none.consent}
	case "sandbox":
		return []string{own.configuration, none.configuration}
	}
	return []string{usecasetest.Bank, "elm"}
}

// fresh makes a thing that can be deleted, where a call makes such.
func (f fuzzed) fresh(otherwise string) string {
	made, bodies := "/v1/"+f.section(), map[string]string{
		"sandbox": `{"text":"# ` + otherwise + `"}`,
		"users":   `{"external_id":"` + f.ids()[0] + `"}`, "queues": `{}`, "webhooks": `{"url":"https://fresh.example/"}`, "category_rules": `{"text":"shop","category_id":"food.groceries"}`,
		"connections": `{"user_id":"` + f.owner.belongings.user + `","provider_id":"oak","channels":[{"channel_definition_id":"oak-redirect"}]}`,
	}
	body, can := bodies[f.section()]
	if !can {
		return otherwise
	}
	if f.section() == "sandbox" {
		made += "/testbank_configurations"
	}
	var got struct{ ID string }
	w := f.call(http.MethodPost, made, f.owner.client, body)
	if json.Unmarshal(w.Body.Bytes(), &got) != nil || got.ID == "" {
		return otherwise
	}
	return got.ID
}

// parameters is the query.
func (f fuzzed) parameters(t *rapid.T, spoil bool) string {
	var parts []string
	for _, p := range f.Parameters {
		if p.Value.In != openapi3.ParameterInQuery || rapid.IntRange(0, 3).Draw(t, "given") != 0 {
			continue
		}
		value := f.parameter(t, p.Value)
		if spoil && rapid.Bool().Draw(t, "spoilt") {
			value = text(t)
		}
		if p.Value.Name == "wait" && !slices.Contains([]string{"-1", "31", "x", ""}, value) {
			value = "0" // nobody waits here
		}
		parts = append(parts, p.Value.Name+"="+url.QueryEscape(value))
	}
	if spoil {
		parts = append(parts, rapid.SampledFrom([]string{"", "unknown=" + marker, "limit=1&limit=2", "%zz=" + marker, "a;b", "=" + marker, "&&", "limit", "cursor=%00", "%ff=%fe"}).Draw(t, "extra"))
	}
	if len(parts) == 0 {
		return ""
	}
	return "?" + strings.Join(parts, "&")
}

func (f fuzzed) parameter(t *rapid.T, p *openapi3.Parameter) string {
	value := f.value(t, p.Name, p.Schema.Value)
	if s, is := value.(string); is {
		return s
	}
	encoded, _ := json.Marshal(value) // a number or a truth
	return string(encoded)
}

// hints are values that mean something, by name of property or parameter.
func (f fuzzed) hints() map[string][]any {
	own, none := f.owner.belongings, nobodys()
	return map[string][]any{
		"user_id": {own.user, none.user}, "connection_id": {own.idle, own.asking, none.idle}, "account_id": {own.account, none.account},
		"provider_id": {usecasetest.Bank, "elm"}, "channel_definition_id": {usecasetest.Embedded, usecasetest.Redirect}, "id": {own.challenge, none.challenge},
		"email": {"zoe@example.org", "not an address", own.user + "@example.org"}, "password": {"passw0rd", "short"}, "types": {[]string{"user.created"}, []string{}},
		"credentials": {map[string]string{"login": "1234", "password": "x"}, map[string]string{}}, "answers": {map[string]string{"code": "1"}},
		"min_amount": {"-10.00", "1e9", "12,30"}, "max_amount": {"10", "0.000000000001"}, "from": {"2026-03-01"}, "to": {"2026-02-30", "2026-03-31"},
		"category_id": {"food.groceries", "food", ""}, "category": {"food", "food.groceries", "none"}, "cursor": {f.owner.cursors[f.path]}, "country": {"FR", "fr"}, "seq": {1, 0, 9007199254740991},
		"after": {0, 1, 1 << 60}, "text": {f.owner.canary, "%_'\"\\"}, "name": {"Mine"}, "wait": {0},
		"configuration_id": {own.configuration, none.configuration, ""}, "login": {"guest", "ann", "nobody"}, "advance": {"24h", "-1h", "9999999h", "-"},
		"url": {published, "https://router.private/", "https://web.example/wrong", "ftp://x"}, "now": {"2026-03-14T08:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"},
	}
}

// value is one that the schema allows.
func (f fuzzed) value(t *rapid.T, name string, s *openapi3.Schema) any {
	if hinted := f.hints()[name]; len(hinted) > 0 && rapid.IntRange(0, 3).Draw(t, "hinted") > 0 {
		return rapid.SampledFrom(hinted).Draw(t, name)
	}
	switch {
	case len(s.Enum) > 0:
		return rapid.SampledFrom(s.Enum).Draw(t, name)
	case s.Type.Is("object"):
		return f.object(t, s)
	case s.Type.Is("array"):
		all := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			all = append(all, f.value(t, name, s.Items.Value))
		}
		return all
	case s.Type.Is("boolean"):
		return rapid.Bool().Draw(t, name)
	case s.Type.Is("integer"):
		return integer(t, s)
	case s.Format == "date":
		return rapid.StringMatching(`20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9])`).Draw(t, name)
	case s.Pattern != "":
		return rapid.StringMatching(s.Pattern).Draw(t, name)
	}
	return rapid.StringN(0, 40, 200).Draw(t, name)
}

func integer(t *rapid.T, s *openapi3.Schema) int64 {
	low, high := int64(-1<<40), int64(1<<40)
	if s.Min != nil {
		low = int64(*s.Min)
	}
	if s.Max != nil {
		high = int64(*s.Max)
	}
	return rapid.Int64Range(low, high).Draw(t, "number")
}

func (f fuzzed) object(t *rapid.T, s *openapi3.Schema) map[string]any {
	all := map[string]any{}
	for _, name := range slices.Sorted(mapKeys(s.Properties)) {
		if slices.Contains(s.Required, name) || rapid.Bool().Draw(t, name+"?") {
			all[name] = f.value(t, name, s.Properties[name].Value)
		}
	}
	if values := s.AdditionalProperties.Schema; values != nil {
		for range rapid.IntRange(0, 3).Draw(t, "entries") {
			all[rapid.StringN(0, 10, 40).Draw(t, "key")] = f.value(t, "", values.Value)
		}
	}
	return all
}
