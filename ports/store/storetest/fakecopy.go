package storetest

import (
	"reflect"
	"time"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/money"
)

// tidy copies a value down to the ground and gives it the form in which it
// comes back from a store: instants in UTC, to the microsecond; an empty list
// is no list; no recorded events.
func tidy[T any](value T) T {
	reflect.ValueOf(&value).Elem().Set(tidied(reflect.ValueOf(&value).Elem()))
	return value
}

func tidied(v reflect.Value) reflect.Value {
	switch value := v.Interface().(type) {
	case time.Time:
		return reflect.ValueOf(instant(value))
	case money.Amount: // immutable
		return v
	case event.Recorder:
		return reflect.Zero(v.Type())
	}
	switch v.Kind() {
	case reflect.Pointer:
		return tidiedPointer(v)
	case reflect.Slice:
		return tidiedSlice(v)
	case reflect.Map:
		return tidiedMap(v)
	case reflect.Struct:
		return tidiedStruct(v)
	}
	return v
}

func instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMicro(t.UnixMicro()).UTC()
}

func tidiedPointer(v reflect.Value) reflect.Value {
	if v.IsNil() {
		return v
	}
	out := reflect.New(v.Type().Elem())
	out.Elem().Set(tidied(v.Elem()))
	return out
}

func tidiedSlice(v reflect.Value) reflect.Value {
	if v.Len() == 0 {
		return reflect.Zero(v.Type())
	}
	out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	for i := range v.Len() {
		out.Index(i).Set(tidied(v.Index(i)))
	}
	return out
}

func tidiedMap(v reflect.Value) reflect.Value {
	if v.Len() == 0 {
		return reflect.Zero(v.Type())
	}
	out := reflect.MakeMapWithSize(v.Type(), v.Len())
	for _, key := range v.MapKeys() {
		out.SetMapIndex(key, tidied(v.MapIndex(key)))
	}
	return out
}

func tidiedStruct(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	for i := range v.NumField() {
		out.Field(i).Set(tidied(v.Field(i))) // panics on a new kind of unexported field: add it above
	}
	return out
}
