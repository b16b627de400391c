package oauth

import (
	"encoding/json"
	"net/http"
)

func notFound(w http.ResponseWriter, _ *http.Request) {
	problem(w, http.StatusNotFound, "not_found", "There is no such thing, or it is not yours.")
}

func wrongMethod(allowed string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", allowed)
		problem(w, http.StatusMethodNotAllowed, "method_not_allowed", "This address does not take this method.")
	}
}

// problem answers with RFC 9457; whoever is in front may have set a request id.
func problem(w http.ResponseWriter, status int, code, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	body := map[string]any{"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": detail, "code": code}
	if id := w.Header().Get("X-Request-Id"); id != "" {
		body["request_id"] = id
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
