package sealbox_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"

	"github.com/tributary-dev/tributary/adapters/sealbox"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/sealer/sealertest"
)

func generate(t *testing.T) *sealbox.Master {
	t.Helper()
	master, err := sealbox.Generate()
	require.NoError(t, err)
	return master
}

func TestContract(t *testing.T) {
	t.Parallel()
	sealertest.Run(t, func(t *testing.T) sealer.Box { return sealbox.New(generate(t)) })
}

var binding = sealer.Binding{Client: "cli_one", User: "usr_one", Purpose: "credentials"}

// TestRotation adds a primary key the way an operator will: what the old one
// sealed still opens, and what is new does not need the old one.
func TestRotation(t *testing.T) {
	t.Parallel()
	old := generate(t)
	oldKey, err := sealbox.New(old).NewKey(binding.Client, binding.User)
	require.NoError(t, err)
	sealed, err := sealbox.New(old).Seal(oldKey, binding, secret.FromBytes([]byte("text")))
	require.NoError(t, err)

	rotated := sealbox.New(rotate(t, old))
	plain, err := rotated.Open(oldKey, binding, sealed)
	require.NoError(t, err)
	require.Equal(t, "text", string(plain.Reveal()))

	newKey, err := rotated.NewKey(binding.Client, binding.User)
	require.NoError(t, err)
	_, err = sealbox.New(old).Seal(newKey, binding, plain)
	require.ErrorIs(t, err, sealer.ErrUnreadable)
}

func rotate(t *testing.T, master *sealbox.Master) *sealbox.Master {
	t.Helper()
	text, err := master.Text()
	require.NoError(t, err)
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text.Reveal())))
	require.NoError(t, err)
	manager := keyset.NewManagerFromHandle(handle)
	id, err := manager.Add(aead.AES256GCMKeyTemplate())
	require.NoError(t, err)
	require.NoError(t, manager.SetPrimary(id))
	handle, err = manager.Handle()
	require.NoError(t, err)
	rotated, err := sealbox.Parse(cleartext(t, handle))
	require.NoError(t, err)
	return rotated
}

func cleartext(t *testing.T, handle *keyset.Handle) secret.Bytes {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&out)))
	return secret.FromBytes(out.Bytes())
}

func TestParse_refuses_what_is_no_key_and_does_not_quote_it(t *testing.T) {
	t.Parallel()
	other, err := keyset.NewHandle(mac.HMACSHA256Tag256KeyTemplate())
	require.NoError(t, err)
	for name, text := range map[string]secret.Bytes{
		"empty":           {},
		"not JSON":        secret.FromBytes([]byte("Canary-77")),
		"another object":  secret.FromBytes([]byte(`{"Canary-77":"Canary-77"}`)),
		"no keys":         secret.FromBytes([]byte(`{"primaryKeyId":1,"key":[]}`)),
		"a bad number":    secret.FromBytes([]byte(`{"primaryKeyId":"Canary-77"}`)),
		"another purpose": cleartext(t, other),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := sealbox.Parse(text)
			require.ErrorIs(t, err, sealbox.ErrMaster)
			require.NotContains(t, err.Error(), "Canary-77")
		})
	}
}

func TestMaster_prints_no_key(t *testing.T) {
	t.Parallel()
	master := generate(t)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		require.Equal(t, "[master key]", fmt.Sprintf(verb, master))
	}
}
