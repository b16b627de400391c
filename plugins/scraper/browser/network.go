package browser

import (
	"context"
	"net/url"
	"regexp"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

// Exchange is one request of a visit, without what was in it.
type Exchange struct {
	// Address has no query, fragment or user.
	Address string
	Kind    string
	Status  int
	Failed  string
	Bytes   int

	full     string
	frame    proto.PageFrameID
	request  proto.NetworkRequestID
	window   *Window
	finished bool
}

const (
	maxExchanges = 500
	maxBody      = 16 << 20
)

// network notes answers as they come.
func (w *Window) network(event *cdp.Event) {
	v := w.visit
	v.mu.Lock()
	defer v.mu.Unlock()
	switch event.Method {
	case "Network.responseReceived":
		if e, ok := read[proto.NetworkResponseReceived](event); ok && e.Response != nil {
			v.exchanges = append(v.exchanges, Exchange{
				Address: bare(e.Response.URL), Kind: string(e.Type), Status: e.Response.Status, full: e.Response.URL, frame: e.FrameID, request: e.RequestID, window: w,
			})
			v.exchanges = v.exchanges[max(0, len(v.exchanges)-maxExchanges):]
		}
	case "Network.loadingFinished":
		if e, ok := read[proto.NetworkLoadingFinished](event); ok {
			v.amend(e.RequestID, func(x *Exchange) { x.finished, x.Bytes = true, int(e.EncodedDataLength) })
			v.notify()
		}
	case "Network.loadingFailed":
		if e, ok := read[proto.NetworkLoadingFailed](event); ok {
			v.amend(e.RequestID, func(x *Exchange) {
				x.Failed = e.ErrorText
				w.tear(*x)
			})
			go v.strays(e.ErrorText)
			v.notify()
		}
	}
}

func (v *Visit) amend(request proto.NetworkRequestID, change func(*Exchange)) {
	for i := len(v.exchanges) - 1; i >= 0; i-- {
		if v.exchanges[i].request == request {
			change(&v.exchanges[i])
			return
		}
	}
}

// bare leaves of an address what may be read by anybody.
func bare(address string) string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" {
		return parsed.Redacted()[:0]
	}
	return parsed.Scheme + "://" + parsed.Host + parsed.EscapedPath()
}

// Exchanges are the last requests of the visit.
func (v *Visit) Exchanges() []Exchange {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]Exchange(nil), v.exchanges...)
}

// Documents are those that are there now, one of each frame: what the bank answered, and how far they came.
func (v *Visit) Documents() (all []Exchange) {
	v.mu.Lock()
	defer v.mu.Unlock()
	known := map[proto.PageFrameID]bool{}
	for i := len(v.exchanges) - 1; i >= 0; i-- {
		x := v.exchanges[i]
		if x.Kind != string(proto.NetworkResourceTypeDocument) || known[x.frame] || !x.window.has(x.frame) {
			continue
		}
		known[x.frame] = true
		all = append(all, x)
	}
	return all
}

// Whole says that nothing of it is still to come.
func (x Exchange) Whole() bool { return x.finished || x.Failed != "" }

// has reports whether a frame is there.
func (w *Window) has(frame proto.PageFrameID) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, is := w.frames[frame]
	return is && w.life.Err() == nil
}

// tear notes that the document of a frame broke off: what there is of it looks like one that is whole.
func (w *Window) tear(x Exchange) {
	if x.Kind != string(proto.NetworkResourceTypeDocument) || x.Failed == aborted {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.torn[x.frame] = x.Failed
}

// Torn is the error of a document that broke off; the window's own is "".
func (w *Window) Torn(frame string) error {
	if frame == "" {
		frame = string(w.target) // as Chromium calls it
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if reason, is := w.torn[proto.PageFrameID(frame)]; is {
		return &Unreachable{Reason: reason}
	}
	return nil
}

// Body gives the body of the last answer from an address, if one has come.
func (v *Visit) Body(ctx context.Context, address *regexp.Regexp) (body []byte, found bool, err error) {
	v.mu.Lock()
	var last Exchange
	for _, x := range v.exchanges {
		if x.finished && x.Bytes <= maxBody && address.MatchString(x.full) {
			last, found = x, true
		}
	}
	v.mu.Unlock()
	if !found {
		return nil, false, nil
	}
	got, err := proto.NetworkGetResponseBody{RequestID: last.request}.Call(last.window.line(ctx))
	if err != nil {
		return nil, false, err
	}
	body, err = decoded(got.Body, got.Base64Encoded)
	return body, err == nil, err
}

// Forget lets go of the answers so far, so that the next that comes is a new one.
func (v *Visit) Forget(address *regexp.Regexp) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i, x := range v.exchanges {
		if address.MatchString(x.full) {
			v.exchanges[i].full = ""
		}
	}
}
