package picture_test

import (
	"bytes"
	"image/png"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank/picture"
)

func TestDigits_are_told_apart(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, text := range []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"} {
		drawn, err := png.Decode(bytes.NewReader(picture.Digits(text)))
		require.NoError(t, err)
		dots := ""
		for y := range 7 {
			for x := range 5 {
				dark, _, _, _ := drawn.At(18+x*6+3, 18+y*6+3).RGBA()
				dots += map[bool]string{true: "#", false: "."}[dark < 0x4000]
			}
		}
		require.Contains(t, dots, "#")
		require.False(t, seen[dots], text)
		seen[dots] = true
	}
}

func TestDigits_are_the_same_each_time(t *testing.T) {
	t.Parallel()
	require.Equal(t, picture.Digits("4711"), picture.Digits("4711"))
	require.NotEqual(t, picture.Digits("4711"), picture.Digits("4712"))
}
