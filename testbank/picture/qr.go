package picture

import "github.com/skip2/go-qrcode"

// sideOfQR is in pixels: it can be read from a screen at arm's length.
const sideOfQR = 264

// QR draws an address for a phone's camera; nothing where it is too long for that.
func QR(address string) []byte {
	drawn, err := qrcode.Encode(address, qrcode.Medium, sideOfQR)
	if err != nil {
		return nil
	}
	return drawn
}
