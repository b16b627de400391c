package main

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/tributary-dev/tributary/adapters/pluginhost"
	"github.com/tributary-dev/tributary/ports/provider"
)

// calls is how often a plugin is asked.
const calls = 2000

// plugin measures a plugin's process: its start, one call, its stream, its
// memory. Raw limits are the same program when it ends at once, because nobody
// shook hands, and for the call an HTTP round trip to a bare handler.
func (b *bench) plugin(ctx context.Context) error {
	b.say("starting a plugin, and asking it")
	dir := filepath.Join(b.bin, "plugins")
	alone, err := ended(exec.Command(filepath.Join(dir, "testbank")))
	if err != nil {
		return err
	}
	began := time.Now()
	host, err := pluginhost.Open(ctx, pluginhost.Options{Dir: dir})
	if err != nil {
		return err
	}
	defer host.Close(time.Second)
	b.table.add("start of a plugin", ms(time.Since(began)), ms(alone.took), "ms")
	each, err := callEach(ctx, host)
	if err != nil {
		return err
	}
	bare, err := bareEach(ctx)
	if err != nil {
		return err
	}
	b.table.add("call of a plugin", each, bare, "µs")
	used, err := memory(host.Status()[0].Pid, "VmRSS:")
	if err != nil {
		return err
	}
	b.table.add("memory of a plugin", used, alone.memory, "MiB")
	return b.stream(ctx)
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
	return micros(time.Since(began)) / calls, nil
}

func bareEach(ctx context.Context) (float64, error) {
	server := rawServer(func(context.Context) ([]byte, error) { return []byte("{}"), nil })
	defer server.Close()
	began := time.Now()
	for range calls {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
		if err != nil {
			return 0, err
		}
		if err := decode(req, new(struct{})); err != nil {
			return 0, err
		}
	}
	return micros(time.Since(began)) / calls, nil
}
