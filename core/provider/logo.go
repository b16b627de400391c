package provider

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/tributary-dev/tributary/core/picture"
)

// MostLogo is how large a logo may be.
var MostLogo = picture.Most{Side: 256, Bytes: 64 << 10}

// Logo is a bank's picture, drawn anew. Hash names its content: an address that has
// it in it never comes to mean another picture.
type Logo struct {
	picture.Picture
	Hash string
}

// NewLogo names a picture.
func NewLogo(drawn picture.Picture) *Logo {
	sum := sha256.Sum256(drawn.PNG)
	return &Logo{drawn, hex.EncodeToString(sum[:8])}
}
