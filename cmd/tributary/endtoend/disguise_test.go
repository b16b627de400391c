package endtoend

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"
)

// disguises are the forms in which a secret could lie about.
func disguises(secret string) map[string][]byte {
	raw := []byte(secret)
	quoted, _ := json.Marshal(secret)
	logged := strconv.Quote(secret)
	forms := map[string][]byte{
		"raw": raw, "json": bytes.TrimSuffix(bytes.TrimPrefix(quoted, []byte(`"`)), []byte(`"`)), "logged": []byte(logged[1 : len(logged)-1]), "hex": []byte(hex.EncodeToString(raw)),
		"HEX": []byte(strings.ToUpper(hex.EncodeToString(raw))), "query": []byte(url.QueryEscape(secret)),
		"path": []byte(url.PathEscape(secret)), "utf-16": wide(secret, false), "UTF-16": wide(secret, true),
	}
	for offset := range 3 {
		name := string(rune('0' + offset))
		forms["base64 at "+name] = within(base64.StdEncoding, raw, offset)
		forms["base64url at "+name] = within(base64.URLEncoding, raw, offset)
	}
	return forms
}

// within gives the letters that do not depend on what stands around the secret
// in a longer text that was encoded as a whole.
func within(encoding *base64.Encoding, secret []byte, offset int) []byte {
	encoded := encoding.EncodeToString(append(make([]byte, offset), secret...))
	first, last := (offset*8+5)/6, (offset+len(secret))*8/6
	return []byte(encoded[first:last])
}

// wide is UTF-16, with the high byte first or last.
func wide(text string, high bool) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		if high {
			out = append(out, byte(unit>>8), byte(unit))
			continue
		}
		out = append(out, byte(unit), byte(unit>>8))
	}
	return out
}

// reveals names the disguises of a secret that a text holds.
func reveals(text []byte, secret string) []string {
	var found []string
	for name, form := range disguises(secret) {
		if bytes.Contains(text, form) {
			found = append(found, name)
		}
	}
	return found
}
