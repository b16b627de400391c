package pluginhost

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image/jpeg"
	"image/png"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

func catalogueOf(address string) sdk.Description {
	return sdk.Description{Plugin: "oak", Providers: []sdk.ProviderInfo{{ID: "oak", Name: "Oak", LogoURL: address}}}
}

func TestLogo_is_drawn_anew(t *testing.T) {
	t.Parallel()
	var photo bytes.Buffer
	require.NoError(t, jpeg.Encode(&photo, painted(30, 20), nil))
	h, logs := &Host{}, &bytes.Buffer{}
	h.options.Logger = slog.New(slog.NewTextHandler(logs, nil))
	hashes := map[string]bool{}
	for name, told := range map[string]sdk.Image{
		"png":             {MediaType: "image/png", Data: asPNG(t, painted(30, 20))},
		"png_with_a_page": {MediaType: "image/png", Data: append(asPNG(t, painted(31, 20)), evil...)},
		"jpeg":            {MediaType: "image/jpeg", Data: photo.Bytes()},
	} {
		drawn := h.logos("oak", catalogueOf(told.URL()))["oak"]
		require.NotNil(t, drawn, name)
		require.NotContains(t, string(drawn.PNG), "script", name)
		seen, err := png.Decode(bytes.NewReader(drawn.PNG))
		require.NoError(t, err, name)
		require.Equal(t, 20, seen.Bounds().Dy(), name)
		require.Regexp(t, "^[0-9a-f]{16}$", drawn.Hash)
		require.Equal(t, drawn, h.logos("oak", catalogueOf(told.URL()))["oak"], "the same picture has the same address")
		hashes[drawn.Hash] = true
	}
	require.Len(t, hashes, 3)
	require.Empty(t, logs)
}

// TestLogo_that_is_none: the bank is there without, and nothing of what was told is left.
func TestLogo_that_is_none_is_left_out(t *testing.T) {
	t.Parallel()
	good := asPNG(t, painted(30, 20))
	bomb := bytes.Clone(good) // it says that it is as large as a PNG can be
	binary.BigEndian.PutUint32(bomb[16:], 1<<30)
	binary.BigEndian.PutUint32(bomb[20:], 1<<30)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	as := func(kind string, data []byte) string { return sdk.Image{MediaType: kind, Data: data}.URL() }
	for name, address := range map[string]string{
		"svg_with_a_script":      as("image/svg+xml", []byte("<svg xmlns='http://www.w3.org/2000/svg'>"+evil+"</svg>")),
		"svg_as_png":             as("image/png", []byte("<svg xmlns='http://www.w3.org/2000/svg'>"+evil+"</svg>")),
		"page":                   "data:text/html;base64," + base64.StdEncoding.EncodeToString([]byte(evil)),
		"page_that_is_a_picture": as("text/html", good),
		"text":                   "data:," + evil,
		"no_base64":              "data:image/png," + evil,
		"broken_base64":          "data:image/png;base64,!" + base64.StdEncoding.EncodeToString(good),
		"more_after_it":          as("image/png", good) + "\" onerror=\"alert(1)",
		"parameters":             strings.Replace(as("image/png", good), ";", ";charset=utf-8;", 1),
		"another_kind_than_said": as("image/jpeg", good),
		"kind_that_is_not_read":  as("image/gif", []byte("GIF89a")),
		"cut_short":              as("image/png", good[:len(good)/2]),
		"empty":                  as("image/png", nil),
		"bomb":                   as("image/png", bomb),
		"too_wide":               as("image/png", asPNG(t, painted(provider.MostLogo.Side+1, 1))),
		"too_many_bytes":         as("image/png", append(bytes.Clone(good), make([]byte, mostTold)...)),
		"far_too_many":           "data:image/png;base64," + strings.Repeat("A", 4<<20),
	} {
		logs := &bytes.Buffer{}
		h := &Host{providers: map[string][]part{}}
		h.options.Logger = slog.New(slog.NewTextHandler(logs, nil))
		p := &plugin{}
		require.NoError(t, h.publish(p, catalogueOf(address)), name)
		require.Nil(t, h.providers["oak"][0].logo, name)
		require.Empty(t, h.providers["oak"][0].info.LogoURL, name)
		require.Contains(t, logs.String(), "provider=oak", "somebody is told: %s", name)
		require.NotContains(t, logs.String(), "script", name)
	}
	h := &Host{providers: map[string][]part{}}
	const there = "https://bank.example/logo.svg"
	require.NoError(t, h.publish(&plugin{}, catalogueOf(there)))
	require.Equal(t, there, h.providers["oak"][0].info.LogoURL, "an address of another host is passed on")
	require.Nil(t, h.providers["oak"][0].logo)
}

// BenchmarkLogos is how long a catalogue of a thousand banks takes.
func BenchmarkLogos(b *testing.B) {
	var out bytes.Buffer
	require.NoError(b, png.Encode(&out, painted(128, 128)))
	d := sdk.Description{}
	for range 1000 {
		d.Providers = append(d.Providers, sdk.ProviderInfo{ID: "oak", LogoURL: sdk.Image{MediaType: "image/png", Data: out.Bytes()}.URL()})
	}
	for b.Loop() {
		(&Host{}).logos("oak", d)
	}
}
