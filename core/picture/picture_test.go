package picture_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/picture"
)

func asPNG(t *testing.T, width, height int) []byte {
	t.Helper()
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	p.Set(0, 0, color.NRGBA{R: 200, A: 100})
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, p))
	return out.Bytes()
}

// What a plugin's pictures go through is tried in adapters/pluginhost.
func TestRedraw_keeps_the_pixels_and_nothing_else(t *testing.T) {
	t.Parallel()
	most := picture.Most{Side: 40, Bytes: 4000}
	drawn, err := picture.Redraw(append(asPNG(t, 40, 20), "<script>"...), most)
	require.NoError(t, err)
	require.NotContains(t, string(drawn.PNG), "script")
	require.Equal(t, [2]int{40, 20}, [2]int{drawn.Width, drawn.Height})
	seen, err := png.Decode(bytes.NewReader(drawn.PNG))
	require.NoError(t, err)
	require.Equal(t, color.NRGBA{R: 200, A: 100}, seen.At(0, 0), "what is seen through stays so")
	for name, told := range map[string][]byte{
		"nothing": nil, "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "gif": []byte("GIF89a"),
		"too_wide": asPNG(t, 41, 1), "too_high": asPNG(t, 1, 41), "cut": asPNG(t, 40, 20)[:60],
	} {
		_, err := picture.Redraw(told, most)
		require.ErrorIs(t, err, picture.ErrPicture, name)
	}
	_, err = picture.Redraw(asPNG(t, 40, 20), picture.Most{Side: 40, Bytes: 10})
	require.ErrorIs(t, err, picture.ErrPicture)
}
