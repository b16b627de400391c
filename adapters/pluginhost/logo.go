package pluginhost

import (
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/tributary-dev/tributary/core/picture"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// mostTold is how large a logo may be as a plugin tells it, in bytes.
const mostTold = 16 << 10

// logos draws the pictures of a plugin's banks anew, by their ids. One that cannot be
// drawn is left out and told to the log: a bank without a picture is a bank all the
// same.
func (h *Host) logos(plugin string, d sdk.Description) map[string]*provider.Logo {
	all := map[string]*provider.Logo{}
	for _, info := range d.Providers {
		if !holdsPicture(info.LogoURL) {
			continue
		}
		drawn, err := logoIn(info.LogoURL)
		if err != nil {
			h.options.Logger.Warn("logo is not shown", "plugin", plugin, "provider", info.ID, "reason", err)
			continue
		}
		all[info.ID] = drawn
	}
	return all
}

// holdsPicture tells an address that is a picture itself from one of another host.
func holdsPicture(address string) bool { return strings.HasPrefix(address, "data:") }

// elsewhere is the address of a picture at another host; nothing is ever fetched
// from there.
func elsewhere(address string) string {
	if holdsPicture(address) {
		return ""
	}
	return address
}

// logoIn draws what is in an address. It takes PNG and JPEG in base64, and nothing
// that a browser would have to be asked about: what it says that it is, it has to be.
func logoIn(address string) (*provider.Logo, error) {
	for _, kind := range []string{"image/png", "image/jpeg"} {
		text, ok := strings.CutPrefix(address, "data:"+kind+";base64,")
		if !ok {
			continue
		}
		if base64.StdEncoding.DecodedLen(len(text)) > mostTold+2 { // before anything is made of it
			return nil, picture.ErrPicture
		}
		told, err := base64.StdEncoding.Strict().DecodeString(text)
		if err != nil || len(told) > mostTold || http.DetectContentType(told) != kind {
			return nil, picture.ErrPicture
		}
		drawn, err := picture.Redraw(told, provider.MostLogo)
		if err != nil {
			return nil, err
		}
		return provider.NewLogo(drawn), nil
	}
	return nil, picture.ErrPicture
}
