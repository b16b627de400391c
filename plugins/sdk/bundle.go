package sdk

import (
	"encoding/json"
	"errors"
)

// Pack writes a plugin's own state as JSON into a bundle. It panics where value
// is of a type that JSON cannot hold, which is a mistake in the program.
func Pack(version int, value any) Bundle {
	data, err := json.Marshal(value)
	if err != nil {
		panic("sdk: a bundle of what JSON cannot hold: " + err.Error())
	}
	return Bundle{Version: version, Data: data}
}

// Unpack reads what [Pack] wrote; an empty bundle leaves into as it is. Another
// version, or what is not JSON of this shape, fails with [SecretUnreadable], and
// says nothing of what was in it.
func (b Bundle) Unpack(version int, into any) error {
	switch {
	case b.Empty():
		return nil
	case b.Version != version:
		return Fail(SecretUnreadable, errors.New("another version"))
	case json.Unmarshal(b.Data, into) != nil:
		return Fail(SecretUnreadable, errors.New("not of this plugin"))
	}
	return nil
}
