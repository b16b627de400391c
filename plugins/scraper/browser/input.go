package browser

import (
	"context"

	"github.com/go-rod/rod/lib/proto"
	"github.com/ysmood/gson"
)

func jsonOf(value any) gson.JSON { return gson.New(value) }

// Type puts text where the cursor is. It travels through the pipe and nowhere else.
func (w *Window) Type(ctx context.Context, text string) error {
	return proto.InputInsertText{Text: text}.Call(w.line(ctx))
}

// Click presses and lets go the mouse at a place of the window.
func (w *Window) Click(ctx context.Context, x, y float64) error {
	w.visit.acts()
	at := w.line(ctx)
	for _, kind := range []proto.InputDispatchMouseEventType{
		proto.InputDispatchMouseEventTypeMouseMoved, proto.InputDispatchMouseEventTypeMousePressed, proto.InputDispatchMouseEventTypeMouseReleased,
	} {
		event := proto.InputDispatchMouseEvent{Type: kind, X: x, Y: y}
		if kind != proto.InputDispatchMouseEventTypeMouseMoved {
			event.Button, event.ClickCount = proto.InputMouseButtonLeft, 1
		}
		if err := event.Call(at); err != nil {
			return err
		}
	}
	return nil
}

// Enter presses the key.
func (w *Window) Enter(ctx context.Context) error {
	w.visit.acts()
	at := w.line(ctx)
	for _, kind := range []proto.InputDispatchKeyEventType{proto.InputDispatchKeyEventTypeKeyDown, proto.InputDispatchKeyEventTypeKeyUp} {
		event := proto.InputDispatchKeyEvent{Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13}
		if kind == proto.InputDispatchKeyEventTypeKeyDown {
			event.Text = "\r"
		}
		if err := event.Call(at); err != nil {
			return err
		}
	}
	return nil
}

// Area is a part of a window, in its own measure.
type Area struct{ X, Y, Width, Height float64 }

// Picture takes one of an area, or of what is seen when it is nil, as PNG.
func (w *Window) Picture(ctx context.Context, area *Area) ([]byte, error) {
	shot := proto.PageCaptureScreenshot{Format: proto.PageCaptureScreenshotFormatPng, OptimizeForSpeed: true}
	if area != nil {
		shot.Clip = &proto.PageViewport{X: area.X, Y: area.Y, Width: area.Width, Height: area.Height, Scale: 1}
	}
	taken, err := shot.Call(w.line(ctx))
	if err != nil {
		return nil, err
	}
	return taken.Data, nil
}
