package contract_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/contract"
)

func pngOf(t *testing.T, p image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, p))
	return out.Bytes()
}

// TestLogos: whatever says that it is a picture passes the border, where a bank is
// served without one that is none; its author is told why.
func TestLogos(t *testing.T) {
	t.Parallel()
	square := func(side int) image.Image { return image.NewGray(image.Rect(0, 0, side, side)) }
	var photo, loud bytes.Buffer
	require.NoError(t, jpeg.Encode(&photo, square(8), nil))
	noise, draw := image.NewNRGBA(image.Rect(0, 0, 256, 256)), rand.New(rand.NewPCG(1, 2)) //nolint:gosec // nothing of it is secret
	for i := range noise.Pix {
		noise.Pix[i] = byte(draw.Uint32())
	}
	require.NoError(t, jpeg.Encode(&loud, noise, &jpeg.Options{Quality: 8}))
	require.Less(t, loud.Len(), 16<<10)
	good := pngOf(t, square(256))
	for want, address := range map[string]string{
		"":                           sdk.Image{MediaType: "image/png", Data: good}.URL(),
		"data:image/png;base64,":     sdk.Image{MediaType: "image/gif", Data: []byte("GIF89a")}.URL(),
		"or data:image/jpeg;base64,": "data:text/html,<script>alert(1)</script>",
		"is not base64":              "data:image/png;base64,%89PNG",
		"more than 16384":            sdk.Image{MediaType: "image/png", Data: append(bytes.Clone(good), make([]byte, 16<<10)...)}.URL(),
		"of the kind":                sdk.Image{MediaType: "image/png", Data: photo.Bytes()}.URL(),
		"257×257":                    sdk.Image{MediaType: "image/png", Data: pngOf(t, square(257))}.URL(),
		"is broken":                  "data:image/png;base64," + base64.StdEncoding.EncodeToString(good[:len(good)-20]),
		"65536 bytes as a PNG":       sdk.Image{MediaType: "image/jpeg", Data: loud.Bytes()}.URL(),
	} {
		d := description()
		d.Providers[0].LogoURL = address
		require.NoError(t, contract.Description(d), want)
		if want == "" {
			require.NoError(t, contract.Logos(d))
			continue
		}
		require.ErrorContains(t, contract.Logos(d), "providers[0].logo_url: ", want)
		require.ErrorContains(t, contract.Logos(d), want)
	}
	require.NoError(t, contract.Logos(description()), "an address of another host is none of our business")
}
