package walker

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAChangeTellsTheTagOfTheNewState changes everything that can be changed:
// with the tag of each answer one can change it again, and reading it gives the
// same tag, also when it comes compressed.
func TestAChangeTellsTheTagOfTheNewState(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.settle(t, h.register(t, "Acme"), "c4nary")
	changed := 0
	for _, o := range operations(t) {
		if o.method != http.MethodPatch || document(t).Paths.Value(o.path).Get.Responses.Status(http.StatusNotModified) == nil {
			continue
		}
		changed++
		target, body := v.target(t, o), v.content(t, o, true)
		first := h.call(o.method, target, v.client, body)
		tag := first.Header().Get("ETag")
		require.NotEmpty(t, tag, o.OperationID)
		require.Equal(t, tag, h.call(http.MethodGet, target, v.client, "").Header().Get("ETag"), o.OperationID)
		for _, named := range []string{tag, strings.TrimSuffix(tag, `"`) + `-gzip"`, `"another"`} {
			r := httptest.NewRequest(o.method, target, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+v.client)
			r.Header.Set("If-Match", named)
			w := httptest.NewRecorder()
			h.api.ServeHTTP(w, r)
			want := 200
			if named == `"another"` {
				want = 412
			}
			require.Equal(t, want, w.Code, "%s %s: %s", o.OperationID, named, w.Body)
		}
	}
	require.GreaterOrEqual(t, changed, 3)
}
