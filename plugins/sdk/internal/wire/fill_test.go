package wire

import (
	"fmt"
	"reflect"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// filler gives every field it meets a value that nothing else has, so that a
// field which is lost or swapped on the way is seen.
type filler struct{ next int64 }

func (f *filler) fill(v reflect.Value) {
	f.next++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Unix(1_800_000_000+f.next, f.next*1000).UTC()))
		return
	case time.Duration:
		v.SetInt(int64(time.Second) * f.next)
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("value-%d", f.next))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(f.next)
	case reflect.Uint8:
		v.SetUint(uint64(f.next%255) + 1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(key)
		f.fill(value)
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name != "Cause" { // stays in the plugin's process
				f.fill(v.Field(i))
			}
		}
	case reflect.Interface: // an error
	default:
		panic("no value for " + v.Type().String())
	}
}

// unset names the fields of a message, and of those inside it, that hold
// nothing. A oneof needs one member; "trace" belongs to the context.
func unset(m protoreflect.Message) []string {
	var missing []string
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		name := string(field.FullName())
		switch oneof := field.ContainingOneof(); {
		case field.Name() == "trace":
		case oneof != nil && m.WhichOneof(oneof) != nil && m.WhichOneof(oneof) != field:
		case !m.Has(field):
			missing = append(missing, name)
		case field.IsList() && field.Message() != nil:
			for n := range m.Get(field).List().Len() {
				missing = append(missing, unset(m.Get(field).List().Get(n).Message())...)
			}
		case field.Message() != nil && !field.IsMap() && !wellKnown(field.Message()):
			missing = append(missing, unset(m.Get(field).Message())...)
		}
	}
	return missing
}

func wellKnown(d protoreflect.MessageDescriptor) bool {
	return d.ParentFile().Package() == "google.protobuf"
}
