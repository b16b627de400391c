package widget

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/picture"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
)

// wears registers a look of Acme's.
func (r *rig) wears(t widget.Theme) {
	r.t.Helper()
	t.ClientID = r.Acme.ID
	require.NoError(r.t, t.Check())
	r.Update(func(ctx context.Context, tx store.Tx) error { return tx.Themes().Put(ctx, t) })
}

var themeAddress = regexp.MustCompile(`/widget/themes/[^"]+`)

func TestTheme_is_what_the_client_registered(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	plain := r.opens(site())
	require.NotContains(t, plain.page, "/widget/themes/", "there is none")
	r.wears(widget.Theme{
		Name: "default", DisplayName: "Oak & Co", Accent: "#ffcc00", Font: widget.SerifFont, Corners: widget.SquareCorners,
		Logo: &picture.Picture{PNG: []byte("pixels"), Width: 40, Height: 40},
	})
	r.wears(widget.Theme{Name: "night", Accent: "#223344", AccentDark: "#99ccff", Logo: &picture.Picture{PNG: []byte("more pixels"), Width: 400, Height: 40}})
	plain.get("/widget/" + plain.id)
	found := themeAddress.FindAllString(plain.page, -1)
	require.Len(t, found, 2, "a visit that is under way has it too")
	require.Contains(t, plain.page, "Oak &amp; Co never sees your bank password")
	require.NotContains(t, plain.page, r.Acme.Name)

	style := plain.get(found[0])
	require.Equal(t, "text/css; charset=utf-8", style.Header().Get("Content-Type"))
	require.Contains(t, style.Header().Get("Cache-Control"), "immutable")
	require.Contains(t, style.Body.String(), "--fill: #ffcc00; --fill-hover: #ffd426; --on-fill: #000000;")
	require.Contains(t, style.Body.String(), "--radius: 0px;")
	require.Contains(t, style.Body.String(), "Charter")
	logo := plain.get(found[1])
	require.Equal(t, "image/png", logo.Header().Get("Content-Type"))
	require.Equal(t, "pixels", logo.Body.String())
	require.Contains(t, plain.page, `class="logo" src="`+found[1]+`" alt="" width="40" height="40"`, "the name stands beside it")

	o := site()
	o.Theme = "night"
	a := r.opens(o)
	require.Contains(t, a.page, `alt="`+r.Acme.Name+`" width="400"`, "what is wide says the name")
	require.Contains(t, a.get(themeAddress.FindString(a.page)).Body.String(), "--fill: #99ccff;")

	r.wears(widget.Theme{Name: "default", Accent: "#0000ff"})
	require.Equal(t, http.StatusNotFound, plain.get(found[0]).Code, "what a browser keeps for ever never changes")
	require.Equal(t, http.StatusNotFound, plain.get(found[1]).Code)
	for _, none := range []string{"x/default", "cli_00000000000000000000000000/default", string(r.Other.ID) + "/default", string(r.Acme.ID) + "/none"} {
		require.Equal(t, http.StatusNotFound, plain.get("/widget/themes/"+none+"/0/theme.css").Code, none)
	}
	require.Equal(t, http.StatusNotFound, plain.get(fmt.Sprintf("/widget/themes/%s/default/x/theme.js", r.Acme.ID)).Code)
}

// TestRefusal_has_the_look: whoever is not let in is still at the client's, where we
// know whose link it was; and learns nothing else of the visit.
func TestRefusal_has_the_look_of_the_client(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.wears(widget.Theme{
		Name: "default", DisplayName: "Oak & Co", Accent: "#ffcc00", Logo: &picture.Picture{PNG: []byte("pixels"), Width: 40, Height: 40},
	})
	o := site()
	o.Locale = "fr"
	id, link := r.order(o)
	require.Equal(t, http.StatusSeeOther, (&agent{rig: r, id: id}).get(link).Code)
	refused := func(id string, ask func(*agent) int) (page string, looks []string) {
		stranger := &agent{rig: r, id: id}
		require.Contains(t, []int{http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests}, ask(stranger))
		return stranger.page, themeAddress.FindAllString(stranger.page, -1)
	}
	gets := func(address string) func(*agent) int {
		return func(a *agent) int { return a.get(address).Code }
	}
	ways := map[string]func(*agent) int{
		"Ce lien a déjà été utilisé":       gets(link),
		"Revenez là où vous avez commencé": gets("/widget/" + id),
		"Cela n&#39;a pas fonctionné":      func(a *agent) int { return a.do(a.formOf(url.Values{"form": {"forged"}})).Code },
		"Trop de tentatives": func(a *agent) (code int) {
			for range guessesAtOnce + 1 {
				code = a.get(link + "x").Code
			}
			return code
		},
	}
	for _, says := range slices.Sorted(maps.Keys(ways)) { // the last of them is held back from then on
		page, looks := refused(id, ways[says])
		require.Contains(t, page, "<h1>"+says, "in the language that was ordered")
		require.Len(t, looks, 2, says)
		require.Contains(t, page, "Oak &amp; Co")
		require.Contains(t, page, `class="logo"`)
		require.NotContains(t, page, "<form", says)
		require.NotContains(t, page, r.Ana.Email, says)
	}
	unknown, looks := refused(id, gets("/widget/wid_00000000000000000000000000"))
	require.Empty(t, looks, "nobody knows whose it would be")
	require.NotContains(t, unknown, "Oak")
	require.Contains(t, unknown, "This page does not exist")
	require.Contains(t, unknown, "go back to the application and")
	page, _ := refused(id, func(a *agent) int { // from somewhere else
		w := httptest.NewRequest(http.MethodGet, link, http.NoBody)
		w.RemoteAddr = "198.51.100.7:1234"
		return a.do(w).Code
	})
	require.Contains(t, page, "Retournez à Oak &amp; Co et")
	r.Acme.Disabled = true
	r.register()
	page, looks = refused(id, gets("/widget/"+id))
	require.Empty(t, looks, "who is no client any more is not named")
	require.NotContains(t, page, "Oak")
}

// TestSchemes: what the rule of contrast takes the pages for is what they are.
func TestSchemes_are_those_of_the_style_sheet(t *testing.T) {
	t.Parallel()
	blocks := regexp.MustCompile(`(?s):root \{(.*?)\n\s*\}`).FindAllSubmatch(pieces["widget.css"].plain, -1)
	require.Len(t, blocks, 2)
	for i, s := range []widget.Scheme{widget.Light, widget.Dark} {
		for name, want := range map[string]widget.Colour{"paper": s.Paper, "raised": s.Raised, "ground": s.Ground, "ink": s.Ink, "soft": s.Faint} {
			require.Contains(t, string(blocks[i][1]), fmt.Sprintf("--%s: %s;", name, want))
		}
	}
	// And what a theme sets, the pages have; all that hangs on a colour is told by tokens.
	set := regexp.MustCompile(`--[a-z-]+:`).FindAllString(styleOf(widget.Theme{Accent: "#123456", Font: widget.SerifFont, Corners: widget.RoundCorners}), -1)
	require.Len(t, set, 14)
	for _, token := range set {
		require.Contains(t, string(pieces["widget.css"].plain), " "+token, "the pages know it")
	}
	for _, font := range widget.Fonts() {
		require.NotEmpty(t, families[font], font)
	}
	for _, corners := range widget.AllCorners() {
		require.NotEmpty(t, radii[corners], corners)
	}
	require.Equal(t, families[widget.SystemFont], regexp.MustCompile(`--font: (.*);`).FindStringSubmatch(string(pieces["widget.css"].plain))[1])
}
