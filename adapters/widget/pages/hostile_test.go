package pages

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// evils are what banks, plugins, clients and users may say: markup that ends whatever
// it is put into, and an address that is a program.
var evils = []string{`"'></p></title></script><script>canary()</script><img src=x onerror=canary()><a href="javascript:canary()">x</a>`, "javascript:canary()", "data:text/html,<script>canary()</script>"}

// spoil puts a text wherever a value has one, however deep.
func spoil(v reflect.Value, evil string, depth int) {
	if depth > 9 || !v.CanSet() || v.Type() == reflect.TypeFor[secret.String]() {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(evil)
	case reflect.Pointer:
		if v.Type().Elem().PkgPath() == "time" {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		spoil(v.Elem(), evil, depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			spoil(v.Field(i), evil, depth+1)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(evil))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		spoil(v.Index(0), evil, depth+1)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		if v.Type().Key().Kind() == reflect.String && v.Type().Elem().Kind() == reflect.String {
			for _, locale := range widget.Locales() {
				v.SetMapIndex(reflect.ValueOf(locale).Convert(v.Type().Key()), reflect.ValueOf(evil).Convert(v.Type().Elem()))
			}
		}
	}
}

// spoilt is a frame of which everything that others say is a text; what it is that is
// shown is ours.
func spoilt(page widget.Page, evil, locale string) Frame {
	f := Frame{}
	spoil(reflect.ValueOf(&f.Visit).Elem(), evil, 0)
	spoil(reflect.ValueOf(&f.Banks).Elem(), evil, 0)
	spoil(reflect.ValueOf(&f.Reviewed).Elem(), evil, 0)
	spoil(reflect.ValueOf(&f.Search).Elem(), evil, 0)
	f.Visit.Page, f.Locale, f.Action, f.Style, f.Script, f.Older, f.Logo = page, locale, "/widget/wid_1", "/style.css", "/script.js", "/widget/wid_1?older=1", "/logo.png"
	f.Visit.Session.Order.RedirectURL, f.Visit.Session.Order.CancelURL = "https://app.example/back", "https://app.example/back" // which are registered
	f.Around = widget.Embedding{Mode: widget.InFrame, Parent: "https://app.example"}
	f.Told, f.Teller, f.Session = evil, "/around.js", "wid_1"
	f.Kept, f.Wrong = map[string]string{evil: evil}, map[string]bool{evil: true}
	return f
}

// active is what a browser would do because of what others said.
func active(t *testing.T, page string) (found []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains([]string{"iframe", "object", "embed", "base", "style", "frame"}, n.Data) || n.Data == "script" && n.FirstChild != nil {
			found = append(found, n.Data)
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			address := slices.Contains([]string{"href", "src", "action", "formaction", "srcset", "poster", "data"}, a.Key)
			switch {
			case strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc":
				found = append(found, n.Data+" "+a.Key)
			case address && (strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:text") || value == "x"):
				found = append(found, n.Data+" "+a.Key+"="+a.Val)
			}
		}
	}
	return found
}

func drawn(t *testing.T, f Frame) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, Page(f).Render(t.Context(), &out))
	return out.String()
}

// TestEveryPage_takes_what_others_say_for_text, wherever it stands: names and logos of
// banks, labels and choices of fields, messages, pictures and addresses of plugins,
// names of accounts, of the client and of the user, and what was typed.
func TestEveryPage_takes_what_others_say_for_text(t *testing.T) {
	t.Parallel()
	said := map[widget.Page]bool{}
	check := func(name string, f Frame) {
		page := drawn(t, f)
		require.Empty(t, active(t, page), "%s: %s", name, page)
		if strings.Contains(page, "canary") {
			said[f.Visit.Page] = true
		}
		require.NotContains(t, page, evils[0])
	}
	for _, evil := range evils {
		for _, locale := range widget.Locales() {
			for _, page := range widget.Pages() {
				f := spoilt(page, evil, locale)
				kinds, fields, results := []connection.ChallengeType{connection.Form}, fieldTypes[:1], widget.Results()[:1]
				switch page {
				case widget.Answer: // one that is a redirect is the page Visit
					kinds, fields = slices.DeleteFunc(connection.ChallengeTypes(), func(k connection.ChallengeType) bool { return k == connection.Redirect }), fieldTypes
				case widget.Identify, widget.AddChannel:
					fields = fieldTypes
				case widget.Over:
					results = widget.Results()
				}
				for _, kind := range kinds {
					for _, field := range fields {
						for _, result := range results {
							f.Visit.Diagnosis.Asked.Type, f.Visit.Session.Outcome = kind, &widget.Outcome{Result: result}
							f.Visit.Diagnosis.Asked.Fields[0].Type, f.Visit.Ways[0].CredentialFields[0].Type = field, field
							check(fmt.Sprint(page, kind, field, result), f)
						}
					}
				}
			}
			for _, notice := range []*Notice{Used, Elsewhere, Unknown, Often, Failed} {
				f := Frame{Locale: locale, Notice: notice, Visit: usecase.Visit{Dress: usecase.Dress{ClientName: evil}}}
				check("notice", f)
			}
		}
	}
	for _, page := range widget.Pages() {
		require.True(t, said[page], "%s says nothing of it: what was checked?", page)
	}
}

// TestActive finds what it is there to find.
func TestActive_finds_what_is_wrong(t *testing.T) {
	t.Parallel()
	for _, wrong := range append([]string{`<a href=" JavaScript:x">x</a>`, `<p onclick=x>`, `<p style=x>`, `<iframe>`, `<base href=/>`, `<img src="data:text/html,x">`}, evils[0]) {
		require.NotEmpty(t, active(t, wrong), wrong)
	}
	require.Empty(t, active(t, `<script src="/script.js"></script><img src="data:image/png;base64,x"><a href="/">javascript:</a>`))
}

var fieldTypes = []form.FieldType{form.Text, form.Password, form.Number, form.Date, form.List, form.Hidden, form.Keypad}

// TestField: each kind is asked for by what is made for it, and known by its label.
func TestField_of_each_kind(t *testing.T) {
	t.Parallel()
	f := Frame{Locale: "fr", Kept: map[string]string{"asked": "kept"}, Visit: usecase.Visit{
		Session: widget.New("wid_1", "cli_1", "usr_1", widget.Order{}, secret.New("l"), time.Time{}), Page: widget.Identify, Provider: provider.Provider{ID: "oak", Name: "Oak"},
	}}
	for kind, want := range map[form.FieldType]string{
		form.Text: `<input id="way0.asked" name="way0.asked" type="text" value="kept"`, form.Password: `<input id="way0.asked" name="way0.asked" type="password"`,
		form.Number: `<input id="way0.asked" name="way0.asked" type="text" inputmode="numeric" value="kept"`, form.Date: `<input id="way0.asked" name="way0.asked" type="date" value="kept"`,
		form.List: `<option value="kept" selected>Gardé</option>`, form.Keypad: `<div class="keypad" data-keys="Touches" data-erase="Effacer"><input id="way0.asked" name="way0.asked" type="password" inputmode="numeric"`,
	} {
		f.Visit.Ways = []provider.Channel{{CredentialFields: []form.Field{
			{Name: "asked", Type: kind, Label: bank.Text{"en": "Asked", "fr": "Demandé"}, Required: true, Values: []form.Choice{{Value: "kept", Label: bank.Text{"fr": "Gardé"}}}},
			{Name: "ours", Type: form.Hidden, Label: bank.Text{"fr": "Caché"}},
		}}}
		page := drawn(t, f)
		require.Contains(t, page, want, kind)
		require.Regexp(t, `<label for="way0.asked">Demandé\s*</label>`, page, kind)
		require.NotContains(t, page, "Caché", "what is hidden is not asked for")
		if kind == form.Password || kind == form.Keypad {
			require.NotContains(t, page, "kept", "a secret is not shown again")
		}
	}
}
