// Package vault seals what belongs to a connection under its user's key. It
// knows which binding belongs to which purpose; the sealer knows the cipher.
package vault

import (
	"encoding/binary"
	"encoding/json"
	"math"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/sealer"
)

// Purposes of a ciphertext; each is a binding of its own.
const (
	credentials = "credentials"
	secrets     = "secrets"
	state       = "state"
	answer      = "answer"
)

// Vault seals and opens for one channel of one connection.
type Vault struct {
	Box     sealer.Box
	Key     []byte
	Binding sealer.Binding
}

// For makes the vault of a user's channel.
func For(box sealer.Box, u *user.User, c *connection.Connection, channel, plugin string) Vault {
	return Vault{Box: box, Key: u.SealedKey, Binding: sealer.Binding{
		Client: c.ClientID, User: c.UserID, Connection: c.ID, Channel: channel, Plugin: plugin,
	}}
}

// SealCredentials seals credentials by field name.
func (v Vault) SealCredentials(values secret.Values) ([]byte, error) {
	return v.sealValues(credentials, values)
}

// OpenCredentials opens what SealCredentials made.
func (v Vault) OpenCredentials(sealed []byte) (secret.Values, error) {
	return v.openValues(credentials, sealed)
}

// SealAnswer seals the answer to one challenge.
func (v Vault) SealAnswer(values secret.Values) ([]byte, error) { return v.sealValues(answer, values) }

// OpenAnswer opens what SealAnswer made.
func (v Vault) OpenAnswer(sealed []byte) (secret.Values, error) { return v.openValues(answer, sealed) }

// SealSecrets seals what a plugin keeps between sessions.
func (v Vault) SealSecrets(s provider.State) ([]byte, error) { return v.sealState(secrets, s) }

// OpenSecrets opens what SealSecrets made.
func (v Vault) OpenSecrets(sealed []byte) (provider.State, error) {
	return v.openState(secrets, sealed)
}

// SealState seals what a plugin needs to go on with a session.
func (v Vault) SealState(s provider.State) ([]byte, error) { return v.sealState(state, s) }

// OpenState opens what SealState made.
func (v Vault) OpenState(sealed []byte) (provider.State, error) { return v.openState(state, sealed) }

// pair is bytes, not text: JSON would mend what is no UTF-8, and a bank's
// return may hold any bytes.
type pair struct{ Name, Value []byte }

func (v Vault) sealValues(purpose string, values secret.Values) ([]byte, error) {
	plain := make([]pair, 0, len(values))
	for name, value := range values {
		plain = append(plain, pair{[]byte(name), []byte(value.Reveal())})
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return nil, err
	}
	return v.Box.Seal(v.Key, v.bound(purpose, 0), secret.FromBytes(text))
}

func (v Vault) openValues(purpose string, sealed []byte) (secret.Values, error) {
	if len(sealed) == 0 {
		return secret.Values{}, nil
	}
	text, err := v.Box.Open(v.Key, v.bound(purpose, 0), sealed)
	if err != nil {
		return nil, err
	}
	var plain []pair
	if err := json.Unmarshal(text.Reveal(), &plain); err != nil {
		return nil, sealer.ErrUnreadable
	}
	values := make(secret.Values, len(plain))
	for _, p := range plain {
		values[string(p.Name)] = secret.New(string(p.Value))
	}
	return values, nil
}

// A sealed state is the plugin's version, in clear, before the ciphertext that
// is bound to it: the version must be known to open it, and cannot be changed.
func (v Vault) sealState(purpose string, s provider.State) ([]byte, error) {
	if s.Empty() {
		return nil, nil
	}
	if s.Version < 0 || s.Version > math.MaxUint32 {
		return nil, &provider.Failure{Code: provider.BadData, Whose: provider.Plugin}
	}
	sealed, err := v.Box.Seal(v.Key, v.bound(purpose, s.Version), s.Data)
	if err != nil {
		return nil, err
	}
	return append(binary.BigEndian.AppendUint32(nil, uint32(s.Version)), sealed...), nil
}

func (v Vault) openState(purpose string, sealed []byte) (provider.State, error) {
	if len(sealed) == 0 {
		return provider.State{}, nil
	}
	if len(sealed) < 4 {
		return provider.State{}, sealer.ErrUnreadable
	}
	version := int(binary.BigEndian.Uint32(sealed))
	data, err := v.Box.Open(v.Key, v.bound(purpose, version), sealed[4:])
	if err != nil {
		return provider.State{}, err
	}
	return provider.State{Version: version, Data: data}, nil
}

func (v Vault) bound(purpose string, version int) sealer.Binding {
	binding := v.Binding
	binding.Purpose, binding.Version = purpose, version
	return binding
}
