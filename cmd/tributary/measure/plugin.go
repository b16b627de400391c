package main

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"github.com/tributary-dev/tributary/adapters/pluginhost"
	"github.com/tributary-dev/tributary/ports/provider"
)

// calls is how often a plugin is asked.
const calls = 2000

// plugin measures a plugin's process: its start, one call, its memory. The call
// is one that the plugin answers by itself; the raw limit is an HTTP round trip
// to a bare handler on this machine.
func (b *bench) plugin(ctx context.Context) error {
	began := time.Now()
	host, err := pluginhost.Open(ctx, pluginhost.Options{Dir: filepath.Join(b.bin, "plugins")})
	if err != nil {
		return err
	}
	defer host.Close(time.Second)
	b.row("start of a plugin", ms(time.Since(began)), 0, "ms")
	each, err := callEach(ctx, host)
	if err != nil {
		return err
	}
	bare, err := bareEach(ctx)
	if err != nil {
		return err
	}
	b.row("call of a plugin", each, bare, "µs")
	memory, err := resident(host.Status()[0].Pid)
	b.row("memory of a plugin", memory, 0, "MiB")
	return err
}

// callEach asks to refresh what needs no refreshing: an answer without a bank.
func callEach(ctx context.Context, host *pluginhost.Host) (float64, error) {
	session := provider.Session{ID: "measure", ProviderID: "testbank", ChannelID: "testbank-embedded"}
	began := time.Now()
	for range calls {
		call, cancel := context.WithTimeout(ctx, 10*time.Second)
		_, err := host.Refresh(call, provider.Refresh{Session: session})
		cancel()
		if code := provider.FailureOf(err).Code; code != provider.NotSupported {
			return 0, fmt.Errorf("the plugin answered %s", code)
		}
	}
	return float64(time.Since(began).Microseconds()) / calls, nil
}

func bareEach(ctx context.Context) (float64, error) {
	server := rawServer(func(context.Context) ([]byte, error) { return []byte("{}"), nil })
	defer server.Close()
	began := time.Now()
	for n := range calls {
		err := once(http.DefaultClient, 0, n, func(int, int) (*http.Request, error) {
			return http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
		})
		if err != nil {
			return 0, err
		}
	}
	return float64(time.Since(began).Microseconds()) / calls, nil
}
