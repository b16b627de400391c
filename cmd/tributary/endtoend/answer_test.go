package endtoend

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/stretchr/testify/require"
)

// answer is what the API said to one call.
type answer struct {
	call   string
	status int
	header http.Header
	body   []byte
}

// at finds a value by a path such as .channels[0].status; .data.# counts.
func (a answer) at(t tester, path string) any {
	t.Helper()
	var value any
	require.NoError(t, json.Unmarshal(a.body, &value), "%s: %s", a.call, a.body)
	for _, step := range strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune(".[]", r) }) {
		value = into(value, step)
	}
	return value
}

func into(value any, step string) any {
	switch v := value.(type) {
	case map[string]any:
		return v[step]
	case []any:
		if step == "#" {
			return len(v)
		}
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(v) {
			return v[i]
		}
	}
	return nil
}

// text is the value at a path as text; null is empty.
func (a answer) text(t tester, path string) string {
	t.Helper()
	return plainText(a.at(t, path))
}

func plainText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case map[string]any, []any:
		text, _ := json.Marshal(v)
		return string(text)
	}
	return fmt.Sprint(value)
}

// want fails unless the call had that status.
func (a answer) want(t tester, status int) answer {
	t.Helper()
	require.Equal(t, status, a.status, "%s: %s", a.call, a.body)
	return a
}

// refused fails unless the answer is a problem with that status and code.
func (a answer) refused(t tester, status int, code string) answer {
	t.Helper()
	a.want(t, status)
	require.Equal(t, "application/problem+json", a.header.Get("Content-Type"), a.call)
	require.Equal(t, code, a.text(t, ".code"), "%s: %s", a.call, a.body)
	require.Equal(t, strconv.Itoa(status), a.text(t, ".status"))
	require.Equal(t, a.header.Get("X-Request-Id"), a.text(t, ".request_id"))
	return a
}

func (a answer) decode(t tester, into any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(a.body, into), "%s: %s", a.call, a.body)
}
