package webhooktest_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tributary-dev/tributary/ports/webhook"
	"github.com/tributary-dev/tributary/ports/webhook/webhooktest"
)

func TestFake(t *testing.T) {
	t.Parallel()
	for _, name := range webhooktest.Cases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { webhooktest.RunCase(t, name, world) })
		})
	}
}

func world(*testing.T) webhooktest.World {
	fake := webhooktest.NewFake()
	var count atomic.Int64
	return webhooktest.World{
		Sender: fake, Seen: fake.Seen, Limit: webhook.Limit, Now: time.Now,
		Private: "https://private.invalid/", Nowhere: "https://nowhere.example/",
		Serve: func(e webhooktest.Endpoint) string {
			address := fmt.Sprintf("https://e%d.example/", count.Add(1))
			fake.Handle(address, webhooktest.Answering(e))
			return address
		},
	}
}
