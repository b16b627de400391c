package sealbox

import (
	"os"
	"slices"
	"sync"
	"time"
)

// ring holds the master keyset of a running server. When the key file is
// replaced, it takes the new one up by itself, the next time it is used. Keysets
// before it stay in memory for a while, so that what was read a moment ago
// still opens.
type ring struct {
	path  string
	now   func() time.Time
	grace time.Duration

	mu      sync.Mutex
	master  *Master
	seen    os.FileInfo
	retired []retired
}

type retired struct {
	master *Master
	until  time.Time
}

// still is a ring without a file.
func still(master *Master) *ring { return &ring{master: master} }

// fresh is the keyset to wrap with. A file that cannot be read at this moment
// changes nothing: the keyset in memory is good.
func (r *ring) fresh() *Master {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refresh()
	return r.master
}

// decrypt looks at the file too: a key that was destroyed shall not live on in
// a server that has nothing to wrap. That costs one stat.
func (r *ring) decrypt(sealed, context []byte) ([]byte, error) {
	master, retired := r.known()
	plain, err := master.aead.Decrypt(sealed, context)
	if err == nil {
		return plain, nil
	}
	for _, old := range retired {
		if plain, again := old.master.aead.Decrypt(sealed, context); again == nil {
			return plain, nil
		}
	}
	return nil, err
}

func (r *ring) known() (*Master, []retired) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refresh()
	return r.master, slices.Clone(r.retired)
}

// refresh reads the file again where it is another one than last time.
func (r *ring) refresh() {
	if r.path == "" {
		return
	}
	r.retired = slices.DeleteFunc(r.retired, func(old retired) bool { return !r.now().Before(old.until) })
	info, err := os.Stat(r.path)
	if err != nil || same(info, r.seen) {
		return
	}
	master, err := Load(r.path)
	if err != nil {
		return
	}
	r.retired = append(r.retired, retired{r.master, r.now().Add(r.grace)})
	r.master, r.seen = master, info
}

func same(a, b os.FileInfo) bool {
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}
