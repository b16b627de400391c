package browser

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/go-rod/rod/lib/proto"
)

// fulfil answers one request.
func (w *Window) fulfil(e proto.FetchRequestPaused) {
	handler := w.visit.options.Serve
	if handler == nil || e.Request == nil {
		return
	}
	request, err := http.NewRequestWithContext(w.life, e.Request.Method, e.Request.URL, strings.NewReader(e.Request.PostData))
	if err != nil {
		_ = proto.FetchFailRequest{RequestID: e.RequestID, ErrorReason: proto.NetworkErrorReasonFailed}.Call(w.line(w.life))
		return
	}
	for name, value := range e.Request.Headers {
		request.Header.Set(name, value.Str())
	}
	answer := &answering{header: http.Header{}, status: http.StatusOK}
	handler.ServeHTTP(answer, request)
	if answer.body.Len() == 0 {
		answer.body.WriteByte('\n') // without a body Chromium goes nowhere, also where it is sent on
	}
	fulfilled := proto.FetchFulfillRequest{RequestID: e.RequestID, ResponseCode: answer.status, Body: answer.body.Bytes()}
	for name, values := range answer.header {
		for _, value := range values {
			fulfilled.ResponseHeaders = append(fulfilled.ResponseHeaders, &proto.FetchHeaderEntry{Name: name, Value: value})
		}
	}
	_ = fulfilled.Call(w.line(w.life))
}

// answering keeps what a handler writes.
type answering struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (a *answering) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *answering) WriteHeader(status int) { a.status = status }

// Write implements http.ResponseWriter.
func (a *answering) Write(text []byte) (int, error) {
	if a.header.Get("Content-Type") == "" {
		a.header.Set("Content-Type", http.DetectContentType(text))
	}
	return a.body.Write(text)
}

func decoded(text string, is64 bool) ([]byte, error) {
	if is64 {
		return base64.StdEncoding.DecodeString(text)
	}
	return []byte(text), nil
}
