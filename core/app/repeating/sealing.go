package repeating

import (
	"encoding/binary"

	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/store"
)

// An answer that is kept is sealed under a key of its own, which stands before
// it with its length: it lasts a day, and nobody wraps it anew.

func (s Service) seal(a store.Attempt, body []byte) ([]byte, error) {
	if s.Box == nil || len(body) == 0 {
		return body, nil
	}
	key, err := s.Box.NewKey(a.Owner.Client, "")
	if err != nil {
		return nil, err
	}
	sealed, err := s.Box.Seal(key, binding(a), secret.FromBytes(body))
	if err != nil {
		return nil, err
	}
	out := binary.BigEndian.AppendUint32(nil, uint32(len(key))) //nolint:gosec // some hundred bytes
	return append(append(out, key...), sealed...), nil
}

// open gives the answer; one that does not open any more, because the master key
// was replaced since, is lost.
func (s Service) open(a store.Attempt) ([]byte, error) {
	if s.Box == nil || len(a.Body) == 0 || a.Body[0] != 0 { // JSON: kept before answers were sealed
		return a.Body, nil
	}
	if len(a.Body) < 4 {
		return nil, ErrLost
	}
	end := 4 + int(binary.BigEndian.Uint32(a.Body))
	if end > len(a.Body) {
		return nil, ErrLost
	}
	plain, err := s.Box.Open(a.Body[4:end], binding(a), a.Body[end:])
	if err != nil {
		return nil, ErrLost.Because(err)
	}
	return plain.Reveal(), nil
}

func binding(a store.Attempt) sealer.Binding {
	return sealer.Binding{Client: a.Owner.Client, Channel: a.Hash, Purpose: "attempt"}
}
