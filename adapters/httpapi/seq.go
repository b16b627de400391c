package httpapi

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// seq is a number in a query that may be missing, which is not zero.
type seq struct {
	Given bool
	Value int64
}

// Receiver is where huma puts the number.
func (s *seq) Receiver() reflect.Value { return reflect.ValueOf(s).Elem().FieldByName("Value") }

// OnParamSet hears whether there was one.
func (s *seq) OnParamSet(given bool, _ any) { s.Given = given }

// Schema describes it as the plain number that it is.
func (seq) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeInteger, Format: "int64"}
}

func (s seq) number() *int64 {
	if !s.Given {
		return nil
	}
	return &s.Value
}
