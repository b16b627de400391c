package oauth

import (
	"encoding/json"
	"net/http"

	"github.com/tributary-dev/tributary/core/client"
)

// requirement is what a client must have for a grant type.
type requirement struct {
	Right client.Right `json:"right,omitempty"`
	Scope client.Scope `json:"scope,omitempty"`
}

// description is the server's metadata (RFC 8414, section 2). It is the same for
// every client; who may use a grant type that needs more than being one is told
// in a member of our own, which others ignore.
type description struct {
	Issuer            string                 `json:"issuer"`
	Token             string                 `json:"token_endpoint"`
	TokenAuth         []string               `json:"token_endpoint_auth_methods_supported"`
	Revocation        string                 `json:"revocation_endpoint"`
	RevocationAuth    []string               `json:"revocation_endpoint_auth_methods_supported"`
	Introspection     string                 `json:"introspection_endpoint"`
	IntrospectionAuth []string               `json:"introspection_endpoint_auth_methods_supported"`
	GrantTypes        []string               `json:"grant_types_supported"`
	ResponseTypes     []string               `json:"response_types_supported"` // demanded; there is no authorization endpoint
	Scopes            []string               `json:"scopes_supported"`
	GrantRequirements map[string]requirement `json:"tributary_grant_type_requirements"`
	SubjectTokenTypes []string               `json:"tributary_subject_token_types_supported"`
}

func metadata(issuer string) []byte {
	if issuer == "" {
		return nil
	}
	methods := []string{"client_secret_basic", "client_secret_post"}
	text, err := json.Marshal(description{
		Issuer: issuer, Token: issuer + TokenPath, Revocation: issuer + RevokePath, Introspection: issuer + IntrospectPath,
		TokenAuth: methods, RevocationAuth: methods, IntrospectionAuth: methods,
		GrantTypes: grantTypes(), ResponseTypes: []string{}, Scopes: texts(client.Scopes()),
		GrantRequirements: map[string]requirement{
			passwordGrant: {Right: client.PasswordGrant}, exchangeGrant: {Scope: client.UsersManage},
		},
		SubjectTokenTypes: []string{TypeUserID, TypeExternalID},
	})
	if err != nil {
		panic("oauth: metadata that JSON cannot tell: " + err.Error())
	}
	return append(text, '\n')
}

// describe serves the metadata (RFC 8414, section 3).
func (s *Server) describe(w http.ResponseWriter, r *http.Request) {
	if s.metadata == nil {
		notFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "public, max-age=300")
	header.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(s.metadata)
}
