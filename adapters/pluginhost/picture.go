package pluginhost

import (
	"bytes"
	"errors"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// A picture has at most so many pixels a side, and bytes once it is drawn anew.
const (
	widest  = 2000
	largest = 2 << 20
)

var errPicture = errors.New("a picture that cannot be drawn")

// kindOfPicture reads one kind of picture; its size is read first, so that a
// small file cannot ask for much memory.
type kindOfPicture struct {
	size func(io.Reader) (image.Config, error)
	draw func(io.Reader) (image.Image, error)
}

var kindsOfPicture = map[string]kindOfPicture{
	"image/png":  {png.DecodeConfig, png.Decode},
	"image/jpeg": {jpeg.DecodeConfig, jpeg.Decode},
}

// redrawn is a picture of which nothing but the pixels is the plugin's: no browser
// and no client ever reads a byte that a bank wrote.
func redrawn(told sdk.Image) (*connection.Picture, error) {
	kind, known := kindsOfPicture[told.MediaType]
	if !known {
		return nil, sdk.Fail(sdk.BadData, errPicture)
	}
	size, err := kind.size(bytes.NewReader(told.Data))
	if err != nil || size.Width < 1 || size.Height < 1 || size.Width > widest || size.Height > widest {
		return nil, sdk.Fail(sdk.BadData, errPicture)
	}
	drawn, err := kind.draw(bytes.NewReader(told.Data))
	if err != nil {
		return nil, sdk.Fail(sdk.BadData, errPicture)
	}
	canvas := image.NewNRGBA(image.Rect(0, 0, size.Width, size.Height))
	draw.Draw(canvas, canvas.Bounds(), drawn, drawn.Bounds().Min, draw.Src)
	var out bytes.Buffer
	if err := png.Encode(&out, canvas); err != nil || out.Len() > largest {
		return nil, sdk.Fail(sdk.BadData, errPicture)
	}
	return &connection.Picture{MediaType: "image/png", Data: out.Bytes()}, nil
}
