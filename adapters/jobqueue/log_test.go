package jobqueue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestQuiet_tells_what_is_wrong_and_not_what_a_shutdown_interrupts(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := quiet(slog.New(slog.NewTextHandler(&out, nil)))
	log.Error("look-up", "err", fmt.Errorf("fetching: %w", context.Canceled))
	log.Error("look-up", "err", "fetching: context canceled")
	log.Info("about itself")
	require.Empty(t, out.String())
	log.Error("look-up", "err", errors.New("disk full"))
	require.Contains(t, out.String(), "disk full")
}
