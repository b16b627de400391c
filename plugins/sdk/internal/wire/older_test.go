package wire

import (
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// older is what a plugin of before providers had a zone answers: numbers, not
// names, are what both sides agreed on.
func older() []byte {
	var provider, all []byte
	for i, text := range []string{"bank-fr", "Bank", "FR", "https://bank.example/logo.svg"} {
		provider = protowire.AppendString(protowire.AppendTag(provider, protowire.Number(i+1), protowire.BytesType), text)
	}
	for i, text := range []string{"bank", "1.0.0", string(provider)} {
		all = protowire.AppendString(protowire.AppendTag(all, protowire.Number(i+1), protowire.BytesType), text)
	}
	return all
}

func TestOlderPlugin_is_understood(t *testing.T) {
	t.Parallel()
	want := sdk.Description{Plugin: "bank", Version: "1.0.0", Providers: []sdk.ProviderInfo{{
		ID: "bank-fr", Name: "Bank", Country: "FR", LogoURL: "https://bank.example/logo.svg",
	}}}
	var told Description
	require.NoError(t, proto.Unmarshal(older(), &told))
	require.Equal(t, want, told.SDK())
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(DescriptionOf(want))
	require.NoError(t, err)
	require.Equal(t, older(), raw, "who says no zone says what it always said")
}

// A server of before skips what a newer plugin says besides.
func TestNewerPlugin_is_understood_by_an_older_server(t *testing.T) {
	t.Parallel()
	newer, err := proto.Marshal(DescriptionOf(sdk.Description{Providers: []sdk.ProviderInfo{{ID: "bank-fr", Name: "Bank", Country: "FR", Zone: "Europe/Paris"}}}))
	require.NoError(t, err)
	number, kind, length := protowire.ConsumeTag(newer)
	require.Equal(t, protowire.Number(3), number)
	require.Equal(t, protowire.BytesType, kind)
	inner, _ := protowire.ConsumeBytes(newer[length:])
	seen := map[protowire.Number]string{}
	for len(inner) > 0 {
		number, _, length := protowire.ConsumeTag(inner)
		text, size := protowire.ConsumeString(inner[length:])
		seen[number], inner = text, inner[length+size:]
	}
	require.Equal(t, map[protowire.Number]string{1: "bank-fr", 2: "Bank", 3: "FR", 7: "Europe/Paris"}, seen, "in a field that was not used before")
}
