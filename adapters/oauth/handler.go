package oauth

import (
	"errors"
	"mime"
	"net/http"
	"slices"

	"github.com/ory/fosite"
)

// maxBody bounds a token request, in bytes.
const maxBody = 64 << 10

// token serves POST /oauth/token (RFC 6749, sections 3.2, 4.3 and 4.4).
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	if err := readForm(w, r); err != nil {
		s.refuse(w, r, err)
		return
	}
	request, err := s.library.NewAccessRequest(r.Context(), r, new(fosite.DefaultSession))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	response, err := s.library.NewAccessResponse(r.Context(), request)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	s.library.WriteAccessResponse(r.Context(), w, request, response)
}

// readForm leaves the parameters in r.PostForm, where the library looks. The
// library itself would take multipart bodies and the first of repeated
// parameters, which RFC 6749 (section 3.2) forbids.
func readForm(w http.ResponseWriter, r *http.Request) error {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/x-www-form-urlencoded" {
		return errMediaType
	}
	if r.URL.RawQuery != "" { // query strings end up in logs
		return errQuery
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return errTooLarge
		}
		return errForm
	}
	for _, values := range r.PostForm {
		if len(values) > 1 {
			return errRepeated
		}
	}
	switch grantType := r.PostForm.Get("grant_type"); {
	case grantType == "":
		return errNoGrantType
	case !slices.Contains(grantTypes(), grantType):
		return errGrantType
	case grantType == passwordGrant && (r.PostForm.Get("username") == "" || r.PostForm.Get("password") == ""):
		return errNoPassword
	}
	return nil
}
