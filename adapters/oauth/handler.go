package oauth

import (
	"errors"
	"mime"
	"net/http"
	"slices"

	"github.com/ory/fosite"
)

// maxBody bounds a request, in bytes.
const maxBody = 64 << 10

// token serves POST /oauth/token (RFC 6749, section 3.2; RFC 8693, section 2).
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	if err := readGrant(w, r); err != nil {
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

// readGrant is readForm for a grant that is served, with what it needs.
func readGrant(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	switch grantType := r.PostForm.Get("grant_type"); {
	case grantType == "":
		return errNoGrantType
	case !slices.Contains(grantTypes(), grantType):
		return errGrantType
	case grantType == passwordGrant && (r.PostForm.Get("username") == "" || r.PostForm.Get("password") == ""):
		return errNoPassword
	case grantType == refreshGrant && r.PostForm.Get("refresh_token") == "":
		return errNoRefresh
	}
	return nil
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
	return nil
}
