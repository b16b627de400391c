package endtoend

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestQueue_that_is_shared proves W7: consumers who die at random between what
// they fetch and what they acknowledge. N is how many events there are.
func TestQueue_that_is_shared(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]func(t *testing.T) options{
		"SQLite":     func(*testing.T) options { return options{} },
		"PostgreSQL": func(t *testing.T) options { return options{databaseURL: startDatabase(t).url} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startSandbox(t, o(t)).asClient(t)
			queue := c.post(t, "/v1/queues", `{"types":["user.created"]}`).want(t, http.StatusCreated)
			h := &herd{caller: c, queue: queue.text(t, ".id"), held: map[int]time.Time{}, acked: map[int]time.Time{}}
			count := 200
			if n, err := strconv.Atoi(os.Getenv("N")); err == nil {
				count = n
			}
			var all sync.WaitGroup
			for part := range 4 {
				all.Go(func() {
					for i := range count / 4 {
						c.post(t, "/v1/users", map[string]string{"external_id": fmt.Sprint(part, "-", i)}).want(t, http.StatusCreated)
					}
				})
			}
			for seed := range uint64(6) {
				all.Go(func() { h.consume(t, rand.New(rand.NewPCG(seed, 7)), count/4*4) })
			}
			all.Wait()
			require.Len(t, h.acked, count/4*4)
			require.Nil(t, c.post(t, "/v1/queues/"+h.queue+"/leases", "{}").want(t, http.StatusOK).at(t, ".id"))
		})
	}
}

// herd is what consumers of one queue have had and acknowledged.
type herd struct {
	caller
	queue string
	mu    sync.Mutex
	// held is until when an event is with a consumer, acked when it was acknowledged.
	held, acked map[int]time.Time
}

// leased is what a consumer gets.
type leased struct {
	ID        string
	ExpiresAt time.Time `json:"expires_at"`
	Data      []fact
}

// consume takes leases until everything was acknowledged. A third of the time
// the consumer dies: what it had it never acknowledges.
func (h *herd) consume(t *testing.T, chance *rand.Rand, total int) {
	for h.left(total) {
		var lease leased
		asked := time.Now()
		h.post(t, "/v1/queues/"+h.queue+"/leases", map[string]int{"limit": 1 + chance.IntN(20), "seconds": 1 + chance.IntN(2), "wait": 1}).
			want(t, http.StatusOK).decode(t, &lease)
		h.note(t, lease, asked)
		if len(lease.Data) == 0 || chance.IntN(3) == 0 {
			continue
		}
		upTo := chance.IntN(len(lease.Data))
		answer := h.post(t, "/v1/queues/"+h.queue+"/ack", map[string]any{"seq": lease.Data[upTo].Seq, "lease_id": lease.ID})
		if answer.status == http.StatusConflict { // it was slow, and another one has them
			continue
		}
		answer.want(t, http.StatusOK)
		h.acknowledged(lease.Data[:upTo+1])
	}
}

func (h *herd) acknowledged(facts []fact) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range facts {
		h.acked[f.Seq] = time.Now()
		delete(h.held, f.Seq)
	}
}

func (h *herd) left(total int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.acked) < total
}

// note fails where something comes again that was acknowledged before it was
// asked for, or that is still with another consumer.
func (h *herd) note(t *testing.T, lease leased, asked time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range lease.Data {
		if at, acked := h.acked[f.Seq]; acked && at.Before(asked) {
			t.Errorf("%d was acknowledged", f.Seq)
		}
		if until, held := h.held[f.Seq]; held && time.Now().Before(until) {
			t.Errorf("%d is with another until %s", f.Seq, until)
		}
		h.held[f.Seq] = lease.ExpiresAt
	}
}
