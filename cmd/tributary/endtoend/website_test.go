package endtoend

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWebSite_is_read_like_any_bank: a person gives credentials and a code, which a page of the bank's site waits for in a real
// browser; the next run needs nobody, because the bank knows the browser; and all that is held is what the bank tells.
func TestWebSite_is_read_like_any_bank(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, texted("anna", "123456")), plugins: pluginFolder(t, "testbank", "scraper")})
	user := s.asClient(t).enrol(t, "ana")
	l := user.connectTo(t, "testbank-modern", "testbank-modern-embedded", map[string]string{"login": "anna", "password": "anna-pass1"})
	asked := l.asked(t, "")
	l.answer(t, asked, map[string]string{"code": "000000"}).want(t, http.StatusAccepted)
	again := l.asked(t, asked.text(t, ".id"))
	require.Contains(t, again.text(t, ".message"), "incorrect")
	l.answer(t, again, map[string]string{"code": "123456"}).want(t, http.StatusAccepted)
	l.succeeds(t)
	l.equalsTruth(t, "anna")
	l.synchronize(t).succeeds(t)
	l.equalsTruth(t, "anna")

	wrong := user.connectTo(t, "testbank-classic", "testbank-classic-embedded", map[string]string{"login": "anna", "password": "wrong"})
	wrong.fails(t, "AUTH_FAILED")
}
