package record

import (
	"encoding/json"
)

// Links are the hyperlinks of an answer. Some banks write an address where the standard has an object.
type Links map[string]string

// UnmarshalJSON reads both; what is neither is left out.
func (l *Links) UnmarshalJSON(text []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil //nolint:nilerr // links of no known form are no links
	}
	*l = Links{}
	for name, value := range raw {
		var object struct {
			Href string `json:"href"`
		}
		var plain string
		switch {
		case json.Unmarshal(value, &object) == nil && object.Href != "":
			(*l)[name] = object.Href
		case json.Unmarshal(value, &plain) == nil && plain != "":
			(*l)[name] = plain
		}
	}
	return nil
}

// First gives the first of the named links that is there.
func (l Links) First(names ...string) (name, href string) {
	for _, name := range names {
		if href := l[name]; href != "" {
			return name, href
		}
	}
	return "", ""
}
