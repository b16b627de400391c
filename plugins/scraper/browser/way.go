package browser

import (
	"context"
	"fmt"

	"github.com/go-rod/rod/lib/proto"

	"github.com/tributary-dev/tributary/plugins/scraper/gate"
)

// wayless is what a request ends with whose gate is not reached. The gate is ours and open as long as the visit is: it is
// Chromium that forgot it. Where its network process dies it makes another, in which the contexts of before, and one that
// is made just then, have the proxy that the browser was started with, which leads nowhere.
const wayless = "net::ERR_PROXY_CONNECTION_FAILED"

// prove asks the gate for its own word, so that a visit begins only with a way out that is its own.
func (w *Window) prove(ctx context.Context) error {
	if w.visit.options.Serve != nil { // it has no way out
		return nil
	}
	answer, err := proto.NetworkLoadNetworkResource{
		FrameID: proto.PageFrameID(w.target), URL: gate.Here, Options: &proto.NetworkLoadNetworkResourceOptions{DisableCache: true},
	}.Call(w.line(ctx))
	if err != nil {
		return err
	}
	if !answer.Resource.Success {
		return errWayless
	}
	return nil
}

var errWayless = fmt.Errorf("%w: its network process was replaced", ErrGone)

// strays ends a visit whose requests do not reach the gate any more. The process takes no others.
func (v *Visit) strays(reason string) {
	if reason == wayless && v.options.Serve == nil {
		v.process.tire()
		v.fail(errWayless)
	}
}
