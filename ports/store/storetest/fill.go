package storetest

import (
	"fmt"
	"reflect"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/money"
)

// filler gives every field of a value something of its own, so that a field
// which an adapter forgets, or takes for another, shows.
type filler struct{ count int }

var genesis = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

// fill sets all fields of what target points to, lists to two items each.
func (f *filler) fill(target any) { f.value(reflect.ValueOf(target).Elem()) }

func (f *filler) value(v reflect.Value) {
	f.count++
	switch target := v.Addr().Interface().(type) {
	case *time.Time:
		*target = genesis.Add(time.Duration(f.count)*time.Hour + time.Duration(f.count)*time.Microsecond)
	case *money.Amount:
		*target = money.Must(fmt.Sprintf("-%d.%02d", f.count, f.count%100), "EUR")
	case *bank.Day:
		*target = bank.DayOf(genesis).AddDays(f.count)
	case *event.Recorder: // records nothing by itself
	case interface{ Prefix() string }:
		v.SetString(fmt.Sprintf("%s_%026d", target.Prefix(), f.count))
	default:
		f.kind(v)
	}
}

func (f *filler) kind(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d 'é\"\\%%?", f.count))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(f.count))
	case reflect.Float64:
		v.SetFloat(float64(f.count) + 0.125)
	case reflect.Uint8:
		v.SetUint(uint64(f.count % 256))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.value(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.value(v.Index(0))
		f.value(v.Index(1))
	case reflect.Map:
		f.mapping(v)
	case reflect.Struct:
		for i := range v.NumField() {
			f.value(v.Field(i))
		}
	default:
		panic("storetest: cannot fill a " + v.Type().String())
	}
}

func (f *filler) mapping(v reflect.Value) {
	v.Set(reflect.MakeMap(v.Type()))
	for range 2 {
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.value(key)
		f.value(value)
		v.SetMapIndex(key, value)
	}
}
