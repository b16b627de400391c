package argon

import (
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// settings are Argon2id's costs.
type settings struct {
	// memory is in KiB.
	memory, passes uint32
	lanes          uint8
}

// current is OWASP's second recommendation (Password Storage Cheat Sheet):
// 19 MiB, two passes, one lane. It takes some 23 ms of one processor.
var current = settings{memory: 19 * 1024, passes: 2, lanes: 1}

// Bounds of what a stored hash may ask for: a few times the current settings,
// for the day they change, and no more than one hash may reasonably take.
const (
	minMemory, maxMemory = 8, 64 * 1024
	maxPasses            = 10
	maxLanes             = 4
	saltLength           = 16
	keyLength            = 32
	minSalt, maxSalt     = 8, 64
	minKey, maxKey       = 16, 64
)

// acceptable also checks what Argon2 itself demands: 8 KiB of memory a lane.
func (s settings) acceptable() bool {
	return s.lanes >= 1 && s.lanes <= maxLanes && s.passes >= 1 && s.passes <= maxPasses &&
		s.memory >= minMemory*uint32(s.lanes) && s.memory <= maxMemory
}

// encoded is a hash with all that is needed to compute it again.
type encoded struct {
	settings
	salt, key []byte
}

// Strict, so that one hash has one form.
var text = base64.RawStdEncoding.Strict()

// String is the PHC form: $argon2id$v=19$m=19456,t=2,p=1$<salt>$<key>.
func (e encoded) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, e.memory, e.passes, e.lanes, text.EncodeToString(e.salt), text.EncodeToString(e.key))
}

// parse reads the PHC form; ok is false for anything that String does not
// write within the bounds.
func parse(hash string) (e encoded, ok bool) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || len(hash) > 300 {
		return encoded{}, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &e.memory, &e.passes, &e.lanes); err != nil {
		return encoded{}, false
	}
	var err error
	if e.salt, err = text.DecodeString(parts[4]); err != nil {
		return encoded{}, false
	}
	if e.key, err = text.DecodeString(parts[5]); err != nil {
		return encoded{}, false
	}
	inBounds := e.acceptable() && within(len(e.salt), minSalt, maxSalt) && within(len(e.key), minKey, maxKey)
	return e, inBounds && e.String() == hash
}

func within(n, low, high int) bool { return n >= low && n <= high }
