package pluginhost

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
)

// process is what a supervisor needs of [host.Process].
type process interface {
	Provider() sdk.Provider
	Description() sdk.Description
	Pid() int
	Usable() bool
	Done() <-chan struct{}
	Ended() error
	Ping(ctx context.Context) error
	Close(grace time.Duration)
}

// launcher starts a program.
type launcher func(ctx context.Context, config host.Config) (process, error)

func launch(ctx context.Context, config host.Config) (process, error) {
	p, err := host.Launch(ctx, config)
	if err != nil {
		return nil, err // not a nil *host.Process in an interface
	}
	return p, nil
}
