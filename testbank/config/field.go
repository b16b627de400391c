package config

import (
	"reflect"
	"strconv"
	"strings"
)

// field is one key of the format, as its struct tags describe it.
type field struct {
	name     string
	doc      string
	index    []int
	kind     reflect.Type
	need     bool
	enum     []string
	min, max *int
}

// fieldsOf gives the keys of a struct in the order they are written, those of an inlined struct in its place.
func fieldsOf(t reflect.Type) []field {
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("yaml")
		if tag == ",inline" {
			for _, inner := range fieldsOf(f.Type) {
				inner.index = append([]int{i}, inner.index...)
				fields = append(fields, inner)
			}
			continue
		}
		fields = append(fields, field{
			name: tag, doc: f.Tag.Get("doc"), index: []int{i}, kind: f.Type,
			need: f.Tag.Get("need") == "true", enum: split(f.Tag.Get("enum")),
			min: number(f.Tag.Get("min")), max: number(f.Tag.Get("max")),
		})
	}
	return fields
}

func split(tag string) []string {
	if tag == "" {
		return nil
	}
	return strings.Split(tag, "|")
}

// number panics on a tag that is no number: the tags are part of this package, and any test meets them.
func number(tag string) *int {
	if tag == "" {
		return nil
	}
	value, err := strconv.Atoi(tag)
	if err != nil {
		panic("config: bad number in a struct tag: " + tag)
	}
	return &value
}
