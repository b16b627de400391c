package pluginhost

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

func painted(width, height int) image.Image {
	p := image.NewGray(image.Rect(0, 0, width, height))
	p.Set(1, 1, color.White)
	return p
}

func asPNG(t *testing.T, p image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, p))
	return out.Bytes()
}

const evil = "<script>alert(1)</script>"

// TestPicture_is_drawn_anew: of what a plugin tells, only the pixels arrive.
func TestPicture_is_drawn_anew(t *testing.T) {
	t.Parallel()
	var photo bytes.Buffer
	require.NoError(t, jpeg.Encode(&photo, painted(30, 20), nil))
	commented := append([]byte{0xff, 0xd8, 0xff, 0xfe, 0, byte(len(evil) + 2)}, evil...)
	for name, told := range map[string]sdk.Image{
		"png":                  {MediaType: "image/png", Data: asPNG(t, painted(30, 20))},
		"png_with_a_page":      {MediaType: "image/png", Data: append(asPNG(t, painted(30, 20)), evil...)},
		"jpeg":                 {MediaType: "image/jpeg", Data: photo.Bytes()},
		"jpeg_with_a_comment":  {MediaType: "image/jpeg", Data: append(commented, photo.Bytes()[2:]...)},
		"jpeg_that_ends_later": {MediaType: "image/jpeg", Data: append(bytes.Clone(photo.Bytes()), evil...)},
	} {
		drawn, err := redrawn(told)
		require.NoError(t, err, name)
		require.Equal(t, "image/png", drawn.MediaType)
		require.NotContains(t, string(drawn.Data), "script", name)
		seen, err := png.Decode(bytes.NewReader(drawn.Data))
		require.NoError(t, err, name)
		require.Equal(t, image.Rect(0, 0, 30, 20), seen.Bounds(), name)
		again, err := redrawn(sdk.Image{MediaType: drawn.MediaType, Data: drawn.Data})
		require.NoError(t, err)
		require.Equal(t, drawn, again, "nothing more is lost")
	}
}

func TestPicture_that_is_none_or_too_large_is_refused(t *testing.T) {
	t.Parallel()
	good := asPNG(t, painted(30, 20))
	bomb := bytes.Clone(good) // it says that it is as large as a PNG can be
	binary.BigEndian.PutUint32(bomb[16:], 1<<30)
	binary.BigEndian.PutUint32(bomb[20:], 1<<30)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	noise, draw := image.NewNRGBA(image.Rect(0, 0, 900, 900)), rand.New(rand.NewPCG(1, 2)) //nolint:gosec // nothing of it is secret
	for i := range noise.Pix {
		noise.Pix[i] = byte(draw.Uint32())
	}
	for name, told := range map[string]sdk.Image{
		"svg":                    {MediaType: "image/svg+xml", Data: []byte("<svg/>")},
		"page":                   {MediaType: "image/png", Data: []byte("<html>" + evil)},
		"another_kind_than_said": {MediaType: "image/jpeg", Data: good},
		"cut_short":              {MediaType: "image/png", Data: good[:len(good)/2]},
		"empty":                  {MediaType: "image/png"},
		"bomb":                   {MediaType: "image/png", Data: bomb},
		"too_wide":               {MediaType: "image/png", Data: asPNG(t, painted(mostPicture.Side+1, 1))},
		"too_many_bytes":         {MediaType: "image/png", Data: asPNG(t, noise)},
	} {
		_, err := redrawn(told)
		require.Error(t, err, name)
		require.ErrorIs(t, err, sdk.Fail(sdk.BadData, nil), name)
		require.NotContains(t, err.Error(), evil)
	}
}
