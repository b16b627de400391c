package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

// world is the name of the scripts' world that is ours.
const world = "tributary"

// Window is one page of a visit.
type Window struct {
	visit   *Visit
	session proto.TargetSessionID
	target  proto.TargetTargetID
	ready   chan struct{} // closed when it was set up
	life    context.Context
	end     context.CancelCauseFunc
	failed  error // of setting up; read after ready

	mu     sync.Mutex
	frames map[proto.PageFrameID]struct{} // all of them
	worlds map[proto.PageFrameID]proto.RuntimeExecutionContextID
	moving map[proto.PageFrameID]struct{} // frames whose next document is on its way
	torn   map[proto.PageFrameID]string   // why the document of a frame broke off
}

func (w *Window) line(ctx context.Context) line {
	return line{process: w.visit.process, ctx: ctx, session: w.session, life: w.life}
}

// prepare sets up a window that waits for it, and lets it go on. All is sent at once: some windows answer only when they
// go on.
func (w *Window) prepare() {
	defer close(w.ready)
	at := w.line(w.life)
	requests := []proto.Request{proto.PageEnable{}, proto.NetworkEnable{}}
	requests = append(requests, w.emulation()...)
	if w.visit.options.Serve != nil {
		requests = append(requests, proto.FetchEnable{Patterns: []*proto.FetchRequestPattern{{URLPattern: "*"}}})
	}
	if script := w.recall(); script != "" {
		requests = append(requests, proto.PageAddScriptToEvaluateOnNewDocument{Source: script, WorldName: world + "-storage"})
	}
	for _, request := range requests {
		if w.failed = at.tell(request); w.failed != nil {
			return
		}
	}
	w.failed = proto.RuntimeRunIfWaitingForDebugger{}.Call(at)
	w.visit.notify()
}

// emulation makes the window one of the recipe's country.
func (w *Window) emulation() (requests []proto.Request) {
	if zone := w.visit.options.Zone; zone != "" {
		requests = append(requests, proto.EmulationSetTimezoneOverride{TimezoneID: zone})
	}
	if locale := w.visit.options.Locale; locale != "" {
		requests = append(requests, proto.EmulationSetLocaleOverride{Locale: locale},
			proto.NetworkSetExtraHTTPHeaders{Headers: proto.NetworkHeaders{"Accept-Language": jsonOf(locale)}})
	}
	return requests
}

// await waits until the window is set up.
func (w *Window) await(ctx context.Context) error {
	select {
	case <-w.ready:
		if w.life.Err() != nil && w.visit.life.Err() != nil {
			return w.visit.Err()
		}
		return w.failed
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-w.life.Done():
		return w.visit.Err()
	}
}

// hear takes an event. It must not wait.
func (w *Window) hear(event *cdp.Event) {
	switch event.Method {
	case "Page.frameNavigated":
		if e, ok := read[proto.PageFrameNavigated](event); ok && e.Frame != nil {
			w.navigated(e.Frame.ID)
		}
	case "Page.frameDetached":
		if e, ok := read[proto.PageFrameDetached](event); ok {
			w.forget(e.FrameID)
			w.mu.Lock()
			delete(w.frames, e.FrameID)
			delete(w.torn, e.FrameID)
			w.mu.Unlock()
			w.moves(e.FrameID, false)
		}
	case "Page.javascriptDialogOpening":
		if e, ok := read[proto.PageJavascriptDialogOpening](event); ok {
			w.dialog(e.Type)
		}
	case "Page.frameStartedLoading", "Page.frameRequestedNavigation", "Page.frameStoppedLoading":
		if e, ok := read[struct{ FrameID proto.PageFrameID }](event); ok {
			w.moves(e.FrameID, event.Method != "Page.frameStoppedLoading")
		}
	case "Page.domContentEventFired", "Page.loadEventFired", "Page.navigatedWithinDocument":
		w.visit.notify()
	case "Network.responseReceived", "Network.loadingFinished", "Network.loadingFailed":
		w.network(event)
	case "Fetch.requestPaused":
		if e, ok := read[proto.FetchRequestPaused](event); ok {
			go w.fulfil(e)
		}
	case "Inspector.targetCrashed":
		w.end(fmt.Errorf("%w: the page crashed", ErrGone))
		w.visit.fail(fmt.Errorf("%w: the page crashed", ErrGone))
	}
}

func (w *Window) navigated(frame proto.PageFrameID) {
	w.forget(frame)
	w.mu.Lock()
	w.frames[frame] = struct{}{}
	delete(w.torn, frame)
	w.mu.Unlock()
	w.moves(frame, false)
	v := w.visit
	v.mu.Lock()
	v.navigations++
	tooMany := v.navigations > maxNavigations
	v.mu.Unlock()
	if tooMany {
		v.fail(fmt.Errorf("%w: navigations", ErrHostile))
	}
	v.notify()
}

// moves notes that a frame's next document is on its way, or is there.
func (w *Window) moves(frame proto.PageFrameID, begun bool) {
	w.mu.Lock()
	if begun {
		w.moving[frame] = struct{}{}
	} else {
		delete(w.moving, frame)
	}
	w.mu.Unlock()
	w.visit.notify()
}

// Settle waits, after something was done, for the documents that it has asked for: their beginning, not their end.
func (w *Window) Settle(ctx context.Context) error {
	_ = w.Call(ctx, "", `() => new Promise(done => setTimeout(done, 0))`, nil, nil) // what was done has had its effect
	ctx, cancel := context.WithTimeout(ctx, callPatience)
	defer cancel()
	for {
		w.mu.Lock()
		still := len(w.moving) > 0
		w.mu.Unlock()
		if !still || w.life.Err() != nil {
			return w.visit.Err()
		}
		if err := w.visit.Wait(ctx); err != nil {
			return err
		}
	}
}

// acts notes that we do something, of which navigations come.
func (v *Visit) acts() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.navigations = 0
}

// dialog closes what a page pops up: yes to leaving and to hints, no to questions.
func (w *Window) dialog(kind proto.PageDialogType) {
	v := w.visit
	v.mu.Lock()
	v.dialogs++
	tooMany := v.dialogs > maxDialogs
	v.mu.Unlock()
	if tooMany {
		v.fail(fmt.Errorf("%w: dialogs", ErrHostile))
	}
	accept := kind == proto.PageDialogTypeAlert || kind == proto.PageDialogTypeBeforeunload
	go func() { _ = proto.PageHandleJavaScriptDialog{Accept: accept}.Call(w.line(w.life)) }()
}

func (w *Window) forget(frame proto.PageFrameID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.worlds, frame)
}

// Go navigates. It returns when the answer has begun; what comes of it is looked at afterwards.
func (w *Window) Go(ctx context.Context, address string) error {
	w.visit.acts()
	gone, err := proto.PageNavigate{URL: address}.Call(w.line(ctx))
	if err != nil {
		return err
	}
	if gone.ErrorText != "" && gone.ErrorText != aborted {
		if w.visit.strays(gone.ErrorText); w.visit.Err() != nil {
			return w.visit.Err()
		}
		return &Unreachable{Reason: gone.ErrorText}
	}
	return nil
}

// aborted is a document that gives way to a download, or to the next one.
const aborted = "net::ERR_ABORTED"

// Unreachable is a document that did not come, or not to its end.
type Unreachable struct{ Reason string }

func (u *Unreachable) Error() string { return "the page cannot be reached: " + u.Reason }

// Close closes the window, as its user does.
func (w *Window) Close(ctx context.Context) error {
	_, err := proto.TargetCloseTarget{TargetID: w.target}.Call(w.visit.process.line(ctx, ""))
	return err
}

// Frame is a document of a window.
type Frame struct {
	ID   string
	Name string
	URL  string
}

// Frames lists the documents, the window's own first.
func (w *Window) Frames(ctx context.Context) ([]Frame, error) {
	tree, err := proto.PageGetFrameTree{}.Call(w.line(ctx))
	if err != nil {
		return nil, err
	}
	var out []Frame
	var walk func(t *proto.PageFrameTree, depth int)
	walk = func(t *proto.PageFrameTree, depth int) {
		if t == nil || t.Frame == nil || depth > 10 || len(out) >= 50 {
			return
		}
		out = append(out, Frame{ID: string(t.Frame.ID), Name: t.Frame.Name, URL: t.Frame.URL})
		for _, child := range t.ChildFrames {
			walk(child, depth+1)
		}
	}
	walk(tree.FrameTree, 0)
	return out, nil
}

// Call calls a function of ours with one argument in a document, in the world of our library, and reads what it returns.
// The empty frame is the window's own document.
func (w *Window) Call(ctx context.Context, frame, function string, argument, into any) error {
	at := proto.PageFrameID(frame)
	if at == "" {
		at = proto.PageFrameID(w.target)
	}
	for attempt := 0; ; attempt++ {
		place, err := w.worldOf(ctx, at)
		if err == nil {
			err = w.call(ctx, place, function, argument, into)
		}
		var refused *refusal
		if err == nil || attempt > 3 || !errors.As(err, &refused) {
			return err
		}
		w.forget(at) // the document was replaced meanwhile
	}
}

func (w *Window) worldOf(ctx context.Context, frame proto.PageFrameID) (proto.RuntimeExecutionContextID, error) {
	w.mu.Lock()
	place, known := w.worlds[frame]
	w.mu.Unlock()
	if known {
		return place, nil
	}
	made, err := proto.PageCreateIsolatedWorld{FrameID: frame, WorldName: world}.Call(w.line(ctx))
	if err != nil {
		return 0, err
	}
	loaded, err := proto.RuntimeEvaluate{Expression: w.visit.options.Library, ContextID: made.ExecutionContextID}.Call(w.line(ctx))
	if err != nil {
		return 0, err
	}
	if loaded.ExceptionDetails != nil {
		return 0, &scriptError{"the library", loaded.ExceptionDetails.Text}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.worlds[frame] = made.ExecutionContextID
	return made.ExecutionContextID, nil
}

func (w *Window) call(ctx context.Context, place proto.RuntimeExecutionContextID, function string, argument, into any) error {
	result, err := proto.RuntimeCallFunctionOn{
		FunctionDeclaration: function, ExecutionContextID: place, ReturnByValue: true, UserGesture: true, Silent: true, AwaitPromise: true,
		Arguments: []*proto.RuntimeCallArgument{{Value: jsonOf(argument)}},
	}.Call(w.line(ctx))
	switch {
	case err != nil:
		return err
	case result.ExceptionDetails != nil:
		text := result.ExceptionDetails.Text
		if e := result.ExceptionDetails.Exception; e != nil {
			text = e.Description
		}
		if strings.Contains(text, "is not a valid selector") || strings.Contains(text, "is not a valid XPath") {
			return ErrSelector
		}
		return &scriptError{"a function", text}
	case into == nil || result.Result == nil:
		return nil
	}
	text, err := result.Result.Value.MarshalJSON()
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// ErrSelector says that a selector is none.
var ErrSelector = errors.New("a selector is not valid")

// scriptError is what a script of ours threw. Its text may quote the page.
type scriptError struct{ what, text string }

func (e *scriptError) Error() string { return "the script fails: " + e.what }
