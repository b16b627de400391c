package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
)

// A grid of keys has so many columns; a key is so many pixels wide and high.
const (
	GridColumns = 5
	GridCell    = 48
)

// Grid draws keys with a digit each in one picture, row by row.
func Grid(digits string) []byte {
	lines := (len(digits) + GridColumns - 1) / GridColumns
	picture := image.NewGray(image.Rect(0, 0, GridColumns*GridCell, lines*GridCell))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(color.Gray{Y: 150}), image.Point{}, draw.Src)
	for place, digit := range []byte(digits) {
		left, top := place%GridColumns*GridCell, place/GridColumns*GridCell
		key := image.Rect(left+1, top+1, left+GridCell-1, top+GridCell-1)
		draw.Draw(picture, key, image.NewUniform(color.Gray{Y: 235}), image.Point{}, draw.Src)
		if digit < '0' || digit > '9' {
			continue
		}
		const dot = 4
		for i, bit := range glyphs[digit-'0'] {
			if bit == '1' {
				x, y := left+(GridCell-columns*dot)/2+i%columns*dot, top+(GridCell-rows*dot)/2+i/columns*dot
				draw.Draw(picture, image.Rect(x, y, x+dot, y+dot), image.NewUniform(color.Gray{Y: 30}), image.Point{}, draw.Src)
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		panic("picture: a picture in memory cannot fail to be written: " + err.Error())
	}
	return out.Bytes()
}
