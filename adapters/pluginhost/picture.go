package pluginhost

import (
	"net/http"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/picture"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// mostPicture is how large a challenge's picture may be.
var mostPicture = picture.Most{Side: 2000, Bytes: 2 << 20}

// redrawn is a challenge's picture, of which nothing but the pixels is the
// plugin's. What it says that it is, it has to be.
func redrawn(told sdk.Image) (*connection.Picture, error) {
	if http.DetectContentType(told.Data) != told.MediaType {
		return nil, sdk.Fail(sdk.BadData, picture.ErrPicture)
	}
	drawn, err := picture.Redraw(told.Data, mostPicture)
	if err != nil {
		return nil, sdk.Fail(sdk.BadData, err)
	}
	return &connection.Picture{MediaType: picture.MediaType, Data: drawn.PNG}, nil
}
