package main

import (
	"context"
	"net/http"
	"net/http/httptest"
)

// answering is the load that a bare handler takes which answers with what handle
// gives, as JSON.
func (b *bench) answering(ctx context.Context, workers int, handle func(context.Context) ([]byte, error)) (figures, error) {
	server := rawServer(handle)
	defer server.Close()
	return b.load(ctx, workers, func() (*http.Request, error) { return http.NewRequest(http.MethodGet, server.URL, nil) })
}

func rawServer(handle func(context.Context) ([]byte, error)) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := handle(r.Context())
		if err != nil {
			http.Error(w, "failed", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text)
	}))
}
