package bunstore

import (
	"encoding/json"
	"reflect"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
)

// micros is how an instant is stored: exact to what both dialects keep.
func micros(t time.Time) int64 { return t.UnixMicro() }

// known is micros of an instant that may be unknown: NULL then.
func known(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	at := micros(t)
	return &at
}

func instant(at int64) time.Time {
	t := time.UnixMicro(at).UTC()
	if t.IsZero() {
		return time.Time{}
	}
	return t
}

func knownInstant(at *int64) time.Time {
	if at == nil {
		return time.Time{}
	}
	return instant(*at)
}

// text is JSON in a column; "" (NULL) stands for nothing.
type text string

// toText writes a list, map or pointer. Values of rows always marshal.
func toText(value any) text {
	v := reflect.ValueOf(value)
	if v.Kind() == reflect.Pointer && v.IsNil() || v.Kind() != reflect.Pointer && v.Len() == 0 {
		return ""
	}
	b, err := json.Marshal(value)
	if err != nil {
		panic("bunstore: a row that JSON cannot tell: " + err.Error())
	}
	return text(b)
}

var errColumn = fault.New(fault.Internal, "storage_corrupt", "A stored row cannot be read.")

// fromText reads what toText wrote.
func fromText[T any](t text) (T, error) {
	var value T
	if t == "" {
		return value, nil
	}
	if err := json.Unmarshal([]byte(t), &value); err != nil {
		return value, errColumn.Because(err)
	}
	return value, nil
}

// each turns one list into another.
func each[A, B any](list []A, turn func(A) B) []B {
	if len(list) == 0 {
		return nil
	}
	out := make([]B, 0, len(list))
	for _, a := range list {
		out = append(out, turn(a))
	}
	return out
}

// blob makes an empty byte string none, on the way in and out.
func blob(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}
