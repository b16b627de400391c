package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// logoFile writes a logo to a file.
func logoFile(t *testing.T, width, height int) string {
	t.Helper()
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	p.Set(1, 1, color.Black)
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, p))
	name := filepath.Join(t.TempDir(), "logo.png")
	require.NoError(t, os.WriteFile(name, out.Bytes(), 0o600))
	return name
}

func TestTheme_is_registered_and_seen(t *testing.T) {
	t.Parallel()
	data := folder(t)
	id := string(does[clientShape](t, "client", "create", "--data", data, "--name", "Budget app").ID)
	theme := func(args ...string) themeShape {
		return does[themeShape](t, append([]string{"client", "theme", "--data", data, id}, args...)...)
	}
	none := call(t, nil, "client", "theme", "--data", data, id)
	require.Equal(t, 1, none.status)
	require.Contains(t, none.log, "theme_not_found")

	terms := filepath.Join(t.TempDir(), "terms.txt")
	require.NoError(t, os.WriteFile(terms, []byte("Be good.\n"), 0o600))
	made := theme("--accent", "#ffcc00", "--logo", logoFile(t, 64, 32), "--corners", "slight", "--terms-header", "Terms", "--terms-body", terms)
	require.Equal(t, "default", made.Name)
	require.Equal(t, &logoShape{64, 32, made.Logo.Bytes}, made.Logo)
	require.Equal(t, "#000000", made.Light.OnButton)
	require.True(t, made.Light.TextAdjusted)
	require.GreaterOrEqual(t, made.Light.TextOnPaper, 4.5)
	require.Equal(t, "Be good.", made.TermsBody)

	kept := theme("--font", "serif", "--none", "terms", "--none", "corners")
	require.Equal(t, "#ffcc00", kept.Accent, "what is not named stays")
	require.Equal(t, made.Logo, kept.Logo)
	require.EqualValues(t, "round", kept.Corners)
	require.Empty(t, kept.TermsHeader+kept.TermsBody)
	require.Equal(t, kept, theme(), "shown")
	shown := call(t, nil, "client", "theme", "--data", data, id).out
	require.Contains(t, shown, `(Budget app), theme "default"`)
	require.Contains(t, shown, "buttons #ffcc00 with #000000 (13.8:1), text ")
	require.Contains(t, shown, "moved to be readable")

	for why, args := range map[string][]string{
		"accent is no colour":      {"--accent", "red; } body { display: none"},
		"font is none":             {"--font", "https://fonts.example/x.woff"},
		"name has 1 to 40":         {"--name", "Über", "--accent", "#000000"},
		"no PNG or JPEG picture":   {"--logo", terms},
		"at most 512 pixels":       {"--logo", logoFile(t, 513, 1)},
		"no such file":             {"--logo", "nowhere.png"},
		"accent is needed with":    {"--none", "accent", "--accent-dark", "#ffffff"},
		"terms_body is needed":     {"--terms-header", "Terms"},
		"--none must be one of":    {"--none", "everything"},
		"<client> is to be an id,": {"--accent", "#000000", "x"},
	} {
		refused := call(t, nil, append([]string{"client", "theme", "--data", data, id}, args...)...)
		if why[0] == '<' {
			refused = call(t, nil, "client", "theme", "--data", data, "x")
		}
		require.Equal(t, 2, refused.status, why)
		require.Contains(t, refused.log, why)
	}
	require.Equal(t, kept, theme(), "nothing was changed")
	require.True(t, theme("--remove").Removed)
	require.Equal(t, 1, call(t, nil, "client", "theme", "--data", data, id, "--remove").status)
}
