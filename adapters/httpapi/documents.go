package httpapi

import (
	"net/http"
	"sync"
)

// mountDocuments serves the API's own description. It is made when it is first
// asked for.
func (s *server) mountDocuments(mux *http.ServeMux) {
	made := sync.OnceValues(func() ([2][]byte, error) {
		newer, older, err := s.spec()
		return [2][]byte{newer, older}, err
	})
	for i, path := range []string{"/openapi.yaml", "/openapi-3.0.yaml"} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			documents, err := made()
			if err != nil {
				s.refuse(r.Context(), err).send(w)
				return
			}
			w.Header().Set("Content-Type", "application/yaml")
			_, _ = w.Write(documents[i])
		})
	}
}
