package config

import (
	"errors"
	"time"
)

// Minute is a time of day; the zero Minute was not given.
type Minute struct {
	Of    int // minutes after midnight
	Given bool
}

func (m *Minute) parse(text string) error {
	at, err := time.Parse("15:04", text)
	if err != nil || len(text) != 5 {
		return errors.New("must be a time of day in quotes, such as \"22:00\"")
	}
	*m = Minute{Of: at.Hour()*60 + at.Minute(), Given: true}
	return nil
}

func (*Minute) schema() map[string]any {
	return map[string]any{"type": "string", "pattern": `^([01][0-9]|2[0-3]):[0-5][0-9]$`}
}
