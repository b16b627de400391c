// Package picture owns how digits become a PNG that a customer reads and types. It knows nothing of who asks. Its
// invariant: the same digits always give the same picture, so that asking again shows nothing new.
package picture

import (
	"bytes"
	"crypto/sha256"
	"image"
	"image/color"
	"image/png"
)

// MediaType is what Digits gives.
const MediaType = "image/png"

// glyphs are the ten digits, five columns wide and seven rows high, one row after the other.
var glyphs = [10]string{
	"01110100011001110101110011000101110", "00100011000010000100001000010001110",
	"01110100010000100010001000100011111", "11111000100010000010000011000101110",
	"00010001100101010010111110001000010", "11111100001111000001000011000101110",
	"00110010001000011110100011000101110", "11111000010001000100010000100001000",
	"01110100011000101110100011000101110", "01110100011000101111000010001001100",
}

const (
	columns, rows = 5, 7
	dot           = 6 // pixels
	margin        = 3 * dot
	advance       = (columns + 2) * dot
)

// Digits draws a text of digits; anything else in it leaves a gap.
func Digits(text string) []byte {
	ink, paper, grain := color.Gray{Y: 40}, color.Gray{Y: 245}, color.Gray{Y: 190}
	picture := image.NewGray(image.Rect(0, 0, 2*margin+len(text)*advance, 2*margin+rows*dot))
	noise := sha256.Sum256([]byte(text))
	for i := range picture.Pix {
		picture.Pix[i] = paper.Y
		if (i*i+int(noise[i%len(noise)]))%23 == 0 {
			picture.Pix[i] = grain.Y
		}
	}
	for position, char := range []byte(text) {
		if char < '0' || char > '9' {
			continue
		}
		for i, bit := range glyphs[char-'0'] {
			if bit == '1' {
				square(picture, margin+position*advance+i%columns*dot, margin+i/columns*dot, ink)
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		panic("picture: a picture in memory cannot fail to be written: " + err.Error())
	}
	return out.Bytes()
}

func square(picture *image.Gray, left, top int, ink color.Gray) {
	for y := range dot {
		for x := range dot {
			picture.SetGray(left+x, top+y, ink)
		}
	}
}
