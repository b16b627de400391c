package site_test

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank/picture"
)

func decode(t *testing.T, text []byte) image.Image {
	t.Helper()
	shown, err := png.Decode(bytes.NewReader(text))
	require.NoError(t, err)
	return shown
}

// alike compares one key of two grids.
func alike(one, other image.Image, place int) bool {
	left, top := place%picture.GridColumns*picture.GridCell, place/picture.GridColumns*picture.GridCell
	for y := top; y < top+picture.GridCell; y++ {
		for x := left; x < left+picture.GridCell; x++ {
			if one.At(x, y) != other.At(x, y) {
				return false
			}
		}
	}
	return true
}
