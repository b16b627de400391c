package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/go-rod/rod/lib/proto"
)

// ErrTooLarge says that a file is larger than what is taken.
var ErrTooLarge = errors.New("the file is too large")

// File is what a bank gave to keep.
type File struct {
	// Name is what the bank calls it.
	Name string
	Data []byte
}

// downloads are those of one visit.
type downloads struct {
	folder string
	mu     sync.Mutex
	all    map[string]*download
}

type download struct {
	name  string
	state proto.BrowserDownloadProgressState
	large bool
}

const maxDownloads = 100

// begin notes a download, if it is of a window of this visit.
func (d *downloads) begin(v *Visit, e proto.BrowserDownloadWillBegin) {
	if d.folder == "" || !v.has(e.FrameID) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all == nil {
		d.all = map[string]*download{}
	}
	if len(d.all) >= maxDownloads {
		v.fail(fmt.Errorf("%w: downloads", ErrHostile))
		return
	}
	d.all[e.GUID] = &download{name: filepath.Base(e.SuggestedFilename), state: proto.BrowserDownloadProgressStateInProgress}
}

func (d *downloads) progress(v *Visit, e proto.BrowserDownloadProgress) {
	d.mu.Lock()
	defer d.mu.Unlock()
	one := d.all[e.GUID]
	if one == nil {
		return
	}
	one.state = e.State
	if limit := float64(v.options.Downloads); max(e.ReceivedBytes, e.TotalBytes) > limit && !one.large {
		one.large = true
		go func() {
			_ = proto.BrowserCancelDownload{GUID: e.GUID, BrowserContextID: v.context}.Call(v.process.line(v.life, ""))
		}()
	}
	v.notify()
}

// take gives a finished download, once.
func (d *downloads) take(limit int64) (file File, found bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, one := range d.all {
		switch {
		case one.large:
			delete(d.all, id)
			return File{}, false, ErrTooLarge
		case one.state == proto.BrowserDownloadProgressStateInProgress:
			continue
		}
		delete(d.all, id)
		path := filepath.Join(d.folder, filepath.Base(id))
		defer func() { _ = os.Remove(path) }()
		if one.state != proto.BrowserDownloadProgressStateCompleted {
			return File{}, false, errors.New("the download was broken off")
		}
		info, err := os.Lstat(path)
		if err != nil || !info.Mode().IsRegular() {
			return File{}, false, errors.New("the download is not there")
		}
		if info.Size() > limit {
			return File{}, false, ErrTooLarge
		}
		data, err := os.ReadFile(path) //nolint:gosec // below our folder
		return File{Name: one.name, Data: data}, err == nil, err
	}
	return File{}, false, nil
}

func (d *downloads) remove() {
	if d.folder != "" {
		_ = os.RemoveAll(d.folder)
	}
}

// has reports whether a frame is in one of the visit's windows.
func (v *Visit) has(frame proto.PageFrameID) bool {
	return v.which(func(w *Window) bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		_, known := w.frames[frame]
		return known || proto.TargetTargetID(frame) == w.target
	}) != nil
}

// Download waits for the next file.
func (v *Visit) Download(ctx context.Context) (File, error) {
	for {
		if file, found, err := v.downloads.take(v.options.Downloads); found || err != nil {
			return file, err
		}
		if err := v.Wait(ctx); err != nil {
			return File{}, err
		}
	}
}
