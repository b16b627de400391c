package wire

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// passage is one type's way over the border and back.
type passage struct {
	value any
	cross func(any) (proto.Message, func() any)
}

func way[T any, M proto.Message](there func(T) M, back func(M) T) passage {
	var zero T
	return passage{value: zero, cross: func(v any) (proto.Message, func() any) {
		m := there(v.(T))
		arrived := m.ProtoReflect().New().Interface().(M)
		return m, func() any {
			raw, err := proto.Marshal(m)
			if err == nil {
				err = proto.Unmarshal(raw, arrived)
			}
			if err != nil {
				panic(err)
			}
			return back(arrived)
		}
	}}
}

func itemWay[T sdk.Item]() passage {
	there := func(i T) *Item {
		m, err := ItemOf(i)
		if err != nil {
			panic(err)
		}
		return m
	}
	return way(there, func(m *Item) T { return m.SDK().(T) })
}

func items() []passage {
	return []passage{
		itemWay[sdk.AccountItem](), itemWay[sdk.BalancesItem](), itemWay[sdk.TransactionsItem](),
		itemWay[sdk.ProgressItem](), itemWay[sdk.AccountFailureItem](), itemWay[sdk.AccountDoneItem](),
		itemWay[sdk.UsageItem](),
	}
}

// passages are all values that a call sends or answers; everything else is
// inside one of them.
func passages() []passage {
	return append(items(),
		way(DescriptionOf, (*Description).SDK), way(CapabilitiesOf, (*Capabilities).SDK),
		way(BeginRequestOf, (*BeginRequest).SDK), way(ContinueRequestOf, (*ContinueRequest).SDK),
		way(RefreshRequestOf, (*RefreshRequest).SDK), way(EndRequestOf, (*EndRequest).SDK),
		way(FetchRequestOf, (*FetchRequest).SDK), way(StepOf, (*Step).SDK), way(ReadyOf, (*Ready).SDK),
		way(FailureOf, (*Failure).SDK),
	)
}

func TestNothingIsLostOnTheWay(t *testing.T) {
	t.Parallel()
	for _, p := range passages() {
		t.Run(reflect.TypeOf(p.value).String(), func(t *testing.T) {
			t.Parallel()
			v := reflect.New(reflect.TypeOf(p.value)).Elem()
			(&filler{}).fill(v)
			message, back := p.cross(v.Interface())
			require.Empty(t, unset(message.ProtoReflect()), "in the protocol, but not in the SDK's type or its translation")
			require.Equal(t, v.Interface(), back(), "in the SDK's type, but lost in the protocol")
		})
	}
}

func TestNothingBecomesNothing(t *testing.T) {
	t.Parallel()
	for _, p := range passages() {
		if reflect.TypeOf(p.value).Kind() == reflect.Pointer {
			continue
		}
		t.Run(reflect.TypeOf(p.value).String(), func(t *testing.T) {
			t.Parallel()
			_, back := p.cross(p.value)
			require.Equal(t, p.value, back())
		})
	}
}

func TestEveryMessageIsReached(t *testing.T) {
	t.Parallel()
	reached := map[protoreflect.FullName]bool{}
	for _, p := range passages() {
		v := reflect.New(reflect.TypeOf(p.value)).Elem()
		(&filler{}).fill(v)
		message, _ := p.cross(v.Interface())
		reach(message.ProtoReflect().Descriptor(), reached)
	}
	for _, envelope := range []proto.Message{&DescribeRequest{}, &DescribeResponse{}, &EndResponse{}} {
		reached[proto.MessageName(envelope)] = true
	}
	messages := File_plugins_sdk_internal_wire_provider_proto.Messages()
	for i := range messages.Len() {
		require.True(t, reached[messages.Get(i).FullName()], "no passage reaches %s", messages.Get(i).FullName())
	}
}

func reach(d protoreflect.MessageDescriptor, seen map[protoreflect.FullName]bool) {
	if seen[d.FullName()] {
		return
	}
	seen[d.FullName()] = true
	for i := range d.Fields().Len() {
		if m := d.Fields().Get(i).Message(); m != nil {
			reach(m, seen)
		}
	}
}

// The kinds of items are a closed set in three places: the SDK's sources, the
// protocol's oneof and the passages above.
func TestEveryKindOfItemTravels(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "../../fetch.go", nil, 0)
	require.NoError(t, err)
	declared := map[string]bool{}
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Name.Name == "isItem" {
			declared[fn.Recv.List[0].Type.(*ast.Ident).Name] = true
		}
	}
	tested := map[string]bool{}
	for _, p := range items() {
		tested[reflect.TypeOf(p.value).Name()] = true
	}
	require.Equal(t, declared, tested)
	require.Equal(t, (&Item{}).ProtoReflect().Descriptor().Oneofs().ByName("kind").Fields().Len(), len(tested))
}

func TestAnUnknownItemIsNotAnItem(t *testing.T) {
	t.Parallel()
	_, err := ItemOf(nil)
	require.Error(t, err)
	require.Nil(t, (&Item{}).SDK())
}

func TestEveryRequestCarriesTheTrace(t *testing.T) {
	t.Parallel()
	methods := File_plugins_sdk_internal_wire_provider_proto.Services().ByName("Provider").Methods()
	for i := range methods.Len() {
		field := methods.Get(i).Input().Fields().ByName("trace")
		require.NotNil(t, field, methods.Get(i).Name())
		require.EqualValues(t, 15, field.Number())
		require.True(t, field.IsMap())
	}
}
