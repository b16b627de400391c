package config

import (
	"encoding/json"
	"errors"
	"strconv"
)

// Count is a number of rows; the zero Count was not given, and says nothing.
type Count struct {
	Of    int
	Given bool
}

func (c *Count) parse(text string) error {
	value, err := strconv.Atoi(text)
	if err != nil || value < 0 || value > 100_000 {
		return errors.New("must be a whole number from 0 to 100000")
	}
	*c = Count{Of: value, Given: true}
	return nil
}

func (*Count) schema() map[string]any {
	return map[string]any{"type": "integer", "minimum": 0, "maximum": 100_000}
}

// MarshalJSON writes the number, or null where none was given.
func (c Count) MarshalJSON() ([]byte, error) {
	if !c.Given {
		return []byte("null"), nil
	}
	return json.Marshal(c.Of)
}
