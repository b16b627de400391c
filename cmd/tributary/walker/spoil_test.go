package walker

import (
	"encoding/json"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf16"

	"pgregory.net/rapid"
)

func mapKeys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

// texts are what breaks readers of text, loggers, databases and terminals.
var texts = []string{
	marker, "", " ", "\x00" + marker, marker + "\r\nSet-Cookie: a=b", "\x1b[31m" + marker, "\u202e" + marker, "\ufeff" + marker, "\xff\xfe" + marker,
	"' OR 1=1 -- " + marker, "<script>" + marker, "${jndi:" + marker + "}", "../../" + marker, "%00" + marker, "%2e%2e%2f" + marker, "null", "true", "NaN",
	"-0", "1e400", "99999999999999999999", "0x10", "🏦" + marker, "e\u0301" + marker, strings.Repeat(marker, 2000), "2026-02-30", "9999-12-31", "0000-00-00", "me",
	"-1", "31", "x", marker + ".", "[" + marker + "]", "*", "%", "_", `\`, `"`, "\t", "ſ", "K", "\U000e0041" + marker,
}

func text(t *rapid.T) string {
	if rapid.IntRange(0, 4).Draw(t, "free") == 0 {
		return rapid.String().Draw(t, "text")
	}
	return rapid.SampledFrom(texts).Draw(t, "text")
}

// values are JSON that no schema of ours asks for.
var values = []string{
	`null`, `true`, `0`, `-1`, `1.5`, `1e400`, `-0`, `99999999999999999999999`, `""`, `"` + marker + `"`, `[]`, `{}`, `[null]`, `{"":null}`, `[[[[[[]]]]]]`,
	`"\u0000` + marker + `"`, `"\ud800` + marker + `"`, `"\r\n` + marker + `"`, `{"` + "a" + `":"` + marker + `"}`, `["` + marker + `"]`,
	`"` + strings.Repeat(marker, 2000) + `"`, strings.Repeat(`[`, 500) + strings.Repeat(`]`, 500), strings.Repeat(`{"a":`, 200) + `1` + strings.Repeat(`}`, 200),
}

// body is JSON that the schema allows, or what became of it.
func (f fuzzed) body(t *rapid.T, spoil bool) string {
	content := f.RequestBody.Value.Content["application/json"]
	tree := any(f.object(t, content.Schema.Value))
	if !spoil {
		return encoded(tree)
	}
	for range rapid.IntRange(1, 3).Draw(t, "mutations") {
		tree = mutate(t, tree)
	}
	return bend(t, encoded(tree))
}

func encoded(tree any) string {
	text, err := json.Marshal(tree)
	if err != nil {
		return "{}" // a number that JSON cannot tell was put in; the text is bent elsewhere
	}
	return string(text)
}

// mutate changes one thing somewhere in a tree.
func mutate(t *rapid.T, tree any) any {
	switch node := tree.(type) {
	case map[string]any:
		if len(node) > 0 && rapid.IntRange(0, 3).Draw(t, "deeper") > 0 {
			name := rapid.SampledFrom(slices.Sorted(mapKeys(node))).Draw(t, "name")
			if rapid.IntRange(0, 5).Draw(t, "drop") == 0 {
				delete(node, name)
				return node
			}
			node[name] = mutate(t, node[name])
			return node
		}
		if rapid.Bool().Draw(t, "add") {
			node[rapid.SampledFrom([]string{"id", "user_id", "__proto__", "", "a.b", "ID", "Email", "email ", "$ref", "créé", strings.Repeat("n", 500)}).Draw(t, "extra")] = any(json.RawMessage(rapid.SampledFrom(values).Draw(t, "value")))
			return node
		}
	case []any:
		if len(node) > 0 && rapid.Bool().Draw(t, "item") {
			i := rapid.IntRange(0, len(node)-1).Draw(t, "index")
			node[i] = mutate(t, node[i])
			return node
		}
		if len(node) > 0 && rapid.Bool().Draw(t, "many") {
			return slices.Repeat(node, 300)
		}
	case string:
		if rapid.Bool().Draw(t, "text?") {
			return text(t)
		}
	}
	return json.RawMessage(rapid.SampledFrom(values).Draw(t, "value"))
}

// bend damages the text itself, mostly not at all.
func bend(t *rapid.T, body string) string {
	switch rapid.IntRange(0, 20).Draw(t, "bend") {
	case 0:
		return body[:rapid.IntRange(0, len(body)).Draw(t, "cut")]
	case 1:
		return body + rapid.SampledFrom([]string{"}", "x", body, "\x00", " ", "\n//" + marker}).Draw(t, "tail")
	case 2:
		return "\ufeff" + body
	case 3:
		wide := []byte{0xfe, 0xff}
		for _, unit := range utf16.Encode([]rune(body)) {
			wide = append(wide, byte(unit>>8), byte(unit))
		}
		return string(wide)
	case 4: // a key twice
		return strings.Replace(body, "{", `{"user_id":"`+marker+`","user_id":null,`, 1)
	case 5:
		return string(rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "noise"))
	case 6:
		return rapid.SampledFrom(values).Draw(t, "other")
	case 7:
		return strings.ReplaceAll(body, `"`, `'`)
	case 8:
		return strings.Replace(body, ":", ":\xff", 1)
	case 9:
		return ""
	}
	return body
}

// spoilHeaders sets what a client can set wrong. What net/http itself refuses
// before us is not among it.
func spoilHeaders(t *rapid.T, h http.Header) {
	odd := []string{marker, "", "\xff" + marker, strings.Repeat(marker, 1000), "*/*;q=2", "text/" + marker, "999.1.1.1", "::1", "fe80::1%" + marker, "1.2.3.4, 5.6.7.8", "fr-FR,en;q=NaN", ";;;", `"` + marker + `"`}
	for range rapid.IntRange(1, 3).Draw(t, "headers") {
		name := rapid.SampledFrom([]string{
			"Content-Type", "Accept", "Accept-Language", "Accept-Encoding", "X-Request-Id", "Psu-Ip-Address", "Psu-User-Agent", "User-Agent", "If-Match", "If-None-Match",
			"Idempotency-Key", "Prefer", "X-Forwarded-For", "X-Http-Method-Override", "Range", "Expect", "Cookie", "Origin",
		}).Draw(t, "header")
		value := rapid.SampledFrom(odd).Draw(t, "odd")
		if name == "X-Request-Id" {
			value += " is not fit" // a fit one comes back
		}
		h.Set(name, value)
	}
	if rapid.IntRange(0, 5).Draw(t, "encoding") == 0 {
		h.Set("Content-Encoding", rapid.SampledFrom([]string{"gzip", "br", "identity", marker}).Draw(t, "coding"))
	}
	if rapid.IntRange(0, 5).Draw(t, "type") == 0 {
		h.Set("Content-Type", rapid.SampledFrom([]string{"application/json; charset=utf-16", "application/json;" + marker, "text/json", "application/merge-patch+json", "multipart/form-data"}).Draw(t, "kind"))
	}
}
