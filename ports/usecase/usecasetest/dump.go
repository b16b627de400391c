package usecasetest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/ports/store/storetest"
)

// dump walks through everything that a value reaches, unexported fields
// included, and writes each text and each byte string as it is: what is a
// secret behind a type that redacts is found all the same.
func dump(s *storetest.Fake) string {
	var out strings.Builder
	state := reflect.ValueOf(s).Elem().FieldByName("current")
	walk(state, &out, 0)
	return out.String()
}

const deepest = 40

func walk(v reflect.Value, out *strings.Builder, depth int) {
	if depth > deepest {
		panic("usecasetest: the state goes round in circles")
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			walk(v.Elem(), out, depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name != "loc" { // of an instant
				walk(v.Field(i), out, depth+1)
			}
		}
	case reflect.Map:
		walkMap(v, out, depth)
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			fmt.Fprintf(out, "%s\n", v.Bytes())
			return
		}
		for i := range v.Len() {
			walk(v.Index(i), out, depth+1)
		}
	case reflect.Func, reflect.Chan:
	default:
		fmt.Fprintf(out, "%v\n", v)
	}
}

func walkMap(v reflect.Value, out *strings.Builder, depth int) {
	var entries []string
	for _, key := range v.MapKeys() {
		var entry strings.Builder
		walk(key, &entry, depth+1)
		walk(v.MapIndex(key), &entry, depth+1)
		entries = append(entries, entry.String())
	}
	slices.Sort(entries)
	for _, entry := range entries {
		out.WriteString(entry)
	}
}
