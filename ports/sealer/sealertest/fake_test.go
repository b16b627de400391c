package sealertest_test

import (
	"testing"

	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/sealer/sealertest"
)

func TestFake(t *testing.T) {
	t.Parallel()
	sealertest.Run(t, func(*testing.T) sealer.Box { return sealertest.NewFake() })
}
