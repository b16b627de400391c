package contract

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"strings"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Bounds of a logo: bytes as it is told and once it is drawn anew, pixels a side.
const (
	maxLogo      = 16 << 10
	maxLogoDrawn = 64 << 10
	maxLogoSide  = 256
)

// logo wants nothing, a web address, or what says that it is a picture itself. Whether
// it is one the server finds out when it draws it: a bank whose picture is no good is
// served without. [Logos] tells its author.
func (c *checker) logo(place, address string) {
	if strings.HasPrefix(address, "data:") {
		c.text(place, address, MaxMessage)
		return
	}
	c.link(place, address)
}

// logoKinds are how pictures begin and are read.
var logoKinds = map[string]struct {
	size func(io.Reader) (image.Config, error)
	draw func(io.Reader) (image.Image, error)
}{
	"image/png":  {png.DecodeConfig, png.Decode},
	"image/jpeg": {jpeg.DecodeConfig, jpeg.Decode},
}

// Logos checks that every picture of a catalogue can be drawn.
func Logos(d sdk.Description) error {
	for i, p := range d.Providers {
		if problem := logoProblem(p.LogoURL); problem != "" {
			return fmt.Errorf("providers[%d].logo_url: %s", i, problem)
		}
	}
	return nil
}

// logoProblem says why users would not see a picture; nothing where there is none.
func logoProblem(address string) string {
	told, ok := strings.CutPrefix(address, "data:")
	if !ok {
		return ""
	}
	kind, text, _ := strings.Cut(told, ";base64,")
	reads, ok := logoKinds[kind]
	if !ok {
		return "wants data:image/png;base64,… or data:image/jpeg;base64,…"
	}
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return "is not base64"
	}
	if len(data) > maxLogo {
		return fmt.Sprintf("has %d bytes, more than %d", len(data), maxLogo)
	}
	size, err := reads.size(bytes.NewReader(data))
	if err != nil {
		return "is no picture of the kind that it says"
	}
	if size.Width < 1 || size.Height < 1 || size.Width > maxLogoSide || size.Height > maxLogoSide {
		return fmt.Sprintf("is %d×%d pixels large, more than %d a side", size.Width, size.Height, maxLogoSide)
	}
	drawn, err := reads.draw(bytes.NewReader(data))
	if err != nil {
		return "is broken"
	}
	var out bytes.Buffer
	if err := png.Encode(&out, drawn); err != nil || out.Len() > maxLogoDrawn {
		return fmt.Sprintf("has more than %d bytes as a PNG", maxLogoDrawn)
	}
	return ""
}
