package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
)

// sideOfLogo is in pixels: sharp at the size of a thumb on any screen.
const sideOfLogo = 128

// samples are how often, each way, a pixel is looked at.
const samples = 4

// Logo draws the bank's sign, a house with columns, in white on a ground.
func Logo(ground color.NRGBA) []byte {
	inks := make(color.Palette, 0, samples*samples+1)
	for share := range samples*samples + 1 {
		mixed := func(c uint8) uint8 { return uint8((int(c)*(samples*samples-share) + 255*share) / (samples * samples)) } //nolint:gosec // a share of 255
		inks = append(inks, color.NRGBA{R: mixed(ground.R), G: mixed(ground.G), B: mixed(ground.B), A: 255})
	}
	picture := image.NewPaletted(image.Rect(0, 0, sideOfLogo, sideOfLogo), inks)
	for i := range picture.Pix {
		for n := range samples * samples {
			x, y := i%sideOfLogo*samples+n%samples, i/sideOfLogo*samples+n/samples
			if house(float64(x)/(sideOfLogo*samples), float64(y)/(sideOfLogo*samples)) {
				picture.Pix[i]++
			}
		}
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, picture); err != nil {
		panic("picture: a picture in memory cannot fail to be written: " + err.Error())
	}
	return out.Bytes()
}

// house reports whether a place of a square of one by one is in the sign.
func house(x, y float64) bool {
	aside := max(x-0.5, 0.5-x)
	switch {
	case y < 0.20 || y > 0.80:
		return false
	case y < 0.42: // the roof, with an eye
		eye := (x-0.5)*(x-0.5) + (y-0.345)*(y-0.345)
		return aside < (y-0.20)*1.5 && eye > 0.035*0.035
	case y < 0.47 || y > 0.68 && y < 0.72:
		return false
	case y > 0.72:
		return aside < 0.33
	}
	return aside < 0.045 || aside > 0.165 && aside < 0.255
}
