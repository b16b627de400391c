package providertest_test

import (
	"testing"

	"github.com/tributary-dev/tributary/ports/provider/providertest"
)

func TestFake(t *testing.T) {
	t.Parallel()
	providertest.Run(t, providertest.Fake{})
}
