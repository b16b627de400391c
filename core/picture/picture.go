// Package picture draws pictures of others anew, so that nothing but their pixels
// is theirs: no browser and no client ever reads a byte that a stranger wrote. It
// reads PNG and JPEG, which say nothing but pixels; SVG is a program.
package picture

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/tributary-dev/tributary/core/fault"
)

// MediaType is that of every picture which was drawn anew.
const MediaType = "image/png"

// Picture is one that was drawn anew, as PNG.
type Picture struct {
	PNG           []byte
	Width, Height int
}

// Most is how large a picture may be: pixels a side, and bytes once it is drawn.
type Most struct{ Side, Bytes int }

// ErrPicture says that something cannot be drawn, or is too large.
var ErrPicture = fault.New(fault.Invalid, "invalid_picture", "This is no PNG or JPEG picture, or it is too large.")

// kind reads one kind of picture; its size is read first, so that a small file
// cannot ask for much memory.
type kind struct {
	begins []byte
	size   func(io.Reader) (image.Config, error)
	draw   func(io.Reader) (image.Image, error)
}

var kinds = []kind{
	{[]byte("\x89PNG\r\n\x1a\n"), png.DecodeConfig, png.Decode},
	{[]byte("\xff\xd8\xff"), jpeg.DecodeConfig, jpeg.Decode},
}

// Redraw makes a picture from what somebody says is one.
func Redraw(told []byte, most Most) (Picture, error) {
	for _, k := range kinds {
		if bytes.HasPrefix(told, k.begins) {
			return k.redraw(told, most)
		}
	}
	return Picture{}, ErrPicture
}

func (k kind) redraw(told []byte, most Most) (Picture, error) {
	size, err := k.size(bytes.NewReader(told))
	if err != nil || size.Width < 1 || size.Height < 1 || size.Width > most.Side || size.Height > most.Side {
		return Picture{}, ErrPicture
	}
	drawn, err := k.draw(bytes.NewReader(told))
	if err != nil {
		return Picture{}, ErrPicture
	}
	canvas := image.NewNRGBA(image.Rect(0, 0, size.Width, size.Height))
	draw.Draw(canvas, canvas.Bounds(), drawn, drawn.Bounds().Min, draw.Src)
	var out bytes.Buffer
	if err := png.Encode(&out, canvas); err != nil || out.Len() > most.Bytes {
		return Picture{}, ErrPicture
	}
	return Picture{out.Bytes(), size.Width, size.Height}, nil
}
