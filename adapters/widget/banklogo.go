package widget

import (
	"net/http"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/picture"
)

// logo answers with a bank's picture, by the hash of its content. Clients show it too,
// on pages of theirs.
func (s *server) logo(w http.ResponseWriter, r *http.Request) {
	found, err := s.Visits.Logo(r.Context(), r.PathValue("provider"))
	if err != nil {
		status := http.StatusNotFound
		if !fault.IsNotFound(err) {
			s.Logger.ErrorContext(r.Context(), "logo refused", "error", err)
			status = http.StatusServiceUnavailable
		}
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	piece{hash: found.Hash, kind: picture.MediaType, plain: found.PNG}.answer(w, r)
}
