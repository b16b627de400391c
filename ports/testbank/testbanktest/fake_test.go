package testbanktest_test

import (
	"testing"
	"time"

	"github.com/tributary-dev/tributary/ports/testbank/testbanktest"
)

func TestFake(t *testing.T) {
	t.Parallel()
	testbanktest.Run(t, func(*testing.T) testbanktest.World {
		fake := testbanktest.NewFake()
		return testbanktest.World{
			Bank: fake, Restart: fake.Restart, Stop: fake.Stop, Now: func() time.Time { return time.Now().Add(fake.Offset()) },
		}
	})
}
