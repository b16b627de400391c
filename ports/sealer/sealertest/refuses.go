package sealertest

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/sealer"
)

// refusesEachField goes through the binding by reflection: a field that is
// added and not bound fails here.
func refusesEachField(t *testing.T, box sealer.Box) {
	key, sealed := sealCanary(t, box)
	for i := range reflect.TypeFor[sealer.Binding]().NumField() {
		other := binding
		switch field := reflect.ValueOf(&other).Elem().Field(i); field.Kind() {
		case reflect.String:
			field.SetString(field.String() + "x")
		case reflect.Int:
			field.SetInt(field.Int() + 1)
		default:
			require.Fail(t, "the suite does not know how to change a field", field.Kind().String())
		}
		require.NotEqual(t, binding, other)
		requireUnreadable(t, box, key, other, sealed)
	}
}

func refusesMovedBorders(t *testing.T, box sealer.Box) {
	one := sealer.Binding{Client: "c", User: "u", Connection: "ab", Channel: "c", Plugin: "d", Purpose: "", Version: 12}
	key := newKey(t, box, one)
	sealed := seal(t, box, key, one, canary)
	for _, other := range []sealer.Binding{
		{Client: "c", User: "u", Connection: "a", Channel: "bc", Plugin: "d", Purpose: "", Version: 12},
		{Client: "c", User: "u", Connection: "abc", Channel: "", Plugin: "d", Purpose: "", Version: 12},
		{Client: "c", User: "u", Connection: "ab", Channel: "cd", Plugin: "", Purpose: "", Version: 12},
		{Client: "c", User: "u", Connection: "ab", Channel: "c", Plugin: "", Purpose: "d", Version: 12},
		{Client: "c", User: "u", Connection: "ab", Channel: "c", Plugin: "d", Purpose: "1", Version: 2},
	} {
		requireUnreadable(t, box, key, other, sealed)
	}
	joined := sealer.Binding{Client: "cu", User: ""}
	requireUnreadable(t, box, newKey(t, box, sealer.Binding{Client: "c", User: "u"}), joined, sealed)
}

func refusesAnyBinding(t *testing.T, box sealer.Box) {
	rapid.Check(t, func(t *rapid.T) {
		one, two := drawBinding(t, "one"), drawBinding(t, "two")
		if one == two {
			t.Skip("the same binding")
		}
		key := newKey(t, box, one)
		requireUnreadable(t, box, key, two, seal(t, box, key, one, canary))
	})
}

func refusesFlippedText(t *testing.T, box sealer.Box) {
	key, sealed := sealCanary(t, box)
	for bit := range len(sealed) * 8 {
		requireUnreadable(t, box, key, binding, flip(sealed, bit))
	}
}

func refusesFlippedKey(t *testing.T, box sealer.Box) {
	key, sealed := sealCanary(t, box)
	for bit := range len(key) * 8 {
		requireUnreadable(t, box, flip(key, bit), binding, sealed)
	}
}

func refusesOtherLengths(t *testing.T, box sealer.Box) {
	key, sealed := sealCanary(t, box)
	for length := range sealed {
		requireUnreadable(t, box, key, binding, sealed[:length])
	}
	requireUnreadable(t, box, key, binding, append(append([]byte(nil), sealed...), 0))
	requireUnreadable(t, box, key, binding, nil)
}

func refusesOtherKey(t *testing.T, box sealer.Box) {
	_, sealed := sealCanary(t, box)
	other := binding
	other.User = "usr_two"
	key := newKey(t, box, other)
	requireUnreadable(t, box, key, other, sealed)
	requireUnreadable(t, box, key, binding, sealed)
}

// refusesBrokenKey also covers erasure: a user whose key is gone cannot be read
// or written any more.
func refusesBrokenKey(t *testing.T, box sealer.Box) {
	key, sealed := sealCanary(t, box)
	for _, broken := range [][]byte{nil, {}, {0}, key[:len(key)-1], append(append([]byte(nil), key...), 0), sealed} {
		requireUnreadable(t, box, broken, binding, sealed)
		_, err := box.Seal(broken, binding, secret.FromBytes([]byte(canary)))
		require.ErrorIs(t, err, sealer.ErrUnreadable)
		require.NotContains(t, err.Error(), canary)
	}
}

func flip(text []byte, bit int) []byte {
	out := append([]byte(nil), text...)
	out[bit/8] ^= 1 << (bit % 8)
	return out
}
