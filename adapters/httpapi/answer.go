package httpapi

import (
	"bytes"
	"net/http"
	"strings"
)

// answer watches what is written: it remembers the status, and puts a problem
// in the place of the plain text with which net/http and other handlers refuse.
type answer struct {
	http.ResponseWriter
	requestID string
	status    int
	replaced  bool
	// foreign handlers speak a protocol of their own, in which an address or a
	// method that they do not know has no place.
	foreign bool
	// held is where an answer waits that must not be sent yet; nil sends.
	held *heldAnswer
}

type heldAnswer struct {
	status int
	body   bytes.Buffer
}

// hold keeps what is written until release.
func (a *answer) hold() { a.held = &heldAnswer{} }

// release sends what was held.
func (a *answer) release() {
	held := a.held
	a.held = nil
	if held.status != 0 {
		a.WriteHeader(held.status)
		_, _ = a.Write(held.body.Bytes())
	}
}

// WriteHeader decides once whether what follows is passed on.
func (a *answer) WriteHeader(status int) {
	if a.held != nil {
		if a.held.status == 0 && status >= http.StatusOK {
			a.held.status = status
		}
		return
	}
	if a.status != 0 {
		return
	}
	if status < http.StatusOK { // informational: the answer is still to come
		a.ResponseWriter.WriteHeader(status)
		return
	}
	a.status = status
	if status >= http.StatusBadRequest && (bare(a.Header().Get("Content-Type")) || a.lost()) {
		a.replaced = true
		newProblem(a.requestID, status, refusalFor(status)).send(a.ResponseWriter)
		return
	}
	a.ResponseWriter.WriteHeader(status)
}

// lost reports whether a foreign handler does not know the way.
func (a *answer) lost() bool {
	return a.foreign && (a.status == http.StatusNotFound || a.status == http.StatusMethodNotAllowed)
}

func bare(contentType string) bool {
	return contentType == "" || strings.HasPrefix(contentType, "text/plain")
}

// Write drops the text of an answer that was replaced.
func (a *answer) Write(data []byte) (int, error) {
	if a.held != nil {
		if a.held.status == 0 {
			a.held.status = http.StatusOK
		}
		return a.held.body.Write(data)
	}
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	if a.replaced {
		return len(data), nil
	}
	return a.ResponseWriter.Write(data)
}

// Unwrap serves http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
