package widget

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/picture"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

var logoAddress = regexp.MustCompile(`<img src="(/widget/logos/[^"]+)" alt="" width="40" height="20"`)

func TestLogo_of_a_bank(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a := r.opens(site())
	require.Contains(t, a.page, `aria-hidden="true">O </span>`)
	require.NotContains(t, a.page, "<img", "there is none")
	logo := provider.NewLogo(picture.Picture{PNG: []byte("pixels"), Width: 40, Height: 20})
	r.Banks.Draws(logo)

	a.get("/widget/" + a.id)
	at := "/widget/logos/oak/" + logo.Hash + "/logo.png"
	seen := func() {
		t.Helper()
		found := logoAddress.FindStringSubmatch(a.page)
		require.NotNil(t, found, a.page)
		require.Equal(t, at, found[1])
	}
	seen()
	require.Regexp(t, `aria-hidden="true">O <img`, a.page, "letters stand for it until it is there")
	var told struct{ All []map[string]any }
	require.NoError(t, json.Unmarshal(a.get("/widget/"+a.id+"/banks").Body.Bytes(), &told))
	require.Equal(t, at, told.All[0]["logo"])
	a.moves(widget.Choose, url.Values{"provider": {usecasetest.Bank}})
	seen() // beside the client, whom it is shared with
	a.moves(widget.Accept, nil)
	seen()

	stranger := &agent{rig: r}
	given := stranger.get(at)
	require.Equal(t, "pixels", given.Body.String())
	require.Equal(t, "image/png", given.Header().Get("Content-Type"))
	require.Equal(t, "public, max-age=31536000, immutable", given.Header().Get("Cache-Control"))
	require.Equal(t, "cross-origin", given.Header().Get("Cross-Origin-Resource-Policy"), "clients show it too")
	require.Equal(t, "nosniff", given.Header().Get("X-Content-Type-Options"))
	require.Contains(t, given.Header().Get("Content-Security-Policy"), "default-src 'none'")

	r.Banks.Draws(provider.NewLogo(picture.Picture{PNG: []byte("other pixels"), Width: 40, Height: 20}))
	for _, none := range []string{at, "/widget/logos/elm/" + logo.Hash + "/logo.png", "/widget/logos/oak/" + logo.Hash + "/logo.svg"} {
		require.Equal(t, http.StatusNotFound, stranger.get(none).Code, "what a browser keeps for ever never changes: %s", none)
	}
	r.Banks.Draws(nil)
	require.Equal(t, http.StatusNotFound, stranger.get(at).Code)
}
