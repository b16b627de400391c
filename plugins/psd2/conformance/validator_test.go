//go:build conformance

package conformance

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/require"
)

// descriptions are the official ones that both sides are held to.
var descriptions = map[string]string{
	"1.3.8": "psd2-api_1.3.8_2020-12-14v2.berlingroup.yaml", "1.3.11": "psd2-api_v1.3.11-2021-10-01v1.adorsys.yaml",
}

// judge compares exchanges with one description.
type judge struct {
	router routers.Router
	spec   *openapi3.T
	// prefix is what stands before the description's own paths.
	prefix string
}

func judges(t *testing.T) map[string]*judge {
	t.Helper()
	folder := os.Getenv("TRIBUTARY_SPECS")
	require.NotEmpty(t, folder, "TRIBUTARY_SPECS is to name the folder of the official descriptions")
	openapi3filter.RegisterBodyDecoder("application/xml", openapi3filter.RegisteredBodyDecoder("text/plain")) // to the description it is a text
	out := map[string]*judge{}
	for version, name := range descriptions {
		out[version] = judgeOf(t, filepath.Join(folder, "berlin-group", name), "/xs2a")
		overlapping(out[version].spec)
	}
	return out
}

func judgeOf(t *testing.T, path, prefix string) *judge {
	t.Helper()
	spec, err := openapi3.NewLoader().LoadFromFile(path)
	require.NoError(t, err)
	spec.Servers = nil
	router, err := gorillamux.NewRouter(spec)
	require.NoError(t, err)
	return &judge{router, spec, prefix}
}

// downloaded is what stands behind the path of a list in the address of its download. The descriptions have it in an
// example only: it is held to what they say of the list.
const downloaded = "/download/whole"

// route finds which operation of the description it is.
func (j *judge) route(e exchange) (*routers.Route, map[string]string, *http.Request, error) {
	r := e.request.Clone(context.Background())
	r.URL = &url.URL{Path: strings.TrimSuffix(strings.TrimPrefix(e.request.URL.Path, j.prefix), downloaded), RawQuery: e.request.URL.RawQuery}
	r.Body = io.NopCloser(bytes.NewReader(e.sent))
	route, params, err := j.router.FindRoute(r)
	return route, params, r, err
}

var options = &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true, IncludeResponseStatus: true}

// violations gives what an exchange has against the description; request and answer apart. operation is such as
// "GET /v1/accounts".
func (j *judge) violations(e exchange) (operation string, request, answer error) {
	route, params, r, err := j.route(e)
	if err != nil {
		return e.request.Method + " " + e.request.URL.Path, err, nil
	}
	operation = route.Method + " " + route.Path
	if strings.HasSuffix(e.request.URL.Path, downloaded) {
		operation += downloaded
	}
	input := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, QueryParams: r.URL.Query(), Options: options}
	request = openapi3filter.ValidateRequest(r.Context(), input)
	answer = openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: e.status, Header: e.header, Body: io.NopCloser(bytes.NewReader(e.received)), Options: options,
	})
	return operation, request, answer
}

// overlapping makes "any of" of the alternatives of authorisations: as they are written most bodies fit several of them,
// so that "one of" refuses the description's own examples. Whatever fits none is still refused. So are reports that are a
// text, of which the description knows several kinds that are all texts.
func overlapping(spec *openapi3.T) {
	loosen := func(path string, content openapi3.Content) {
		for kind, media := range content {
			if !strings.HasPrefix(path, "/v1/consents/") && kind == "application/json" {
				continue
			}
			if schema := media.Schema.Value; schema != nil && len(schema.OneOf) > 0 {
				schema.AnyOf, schema.OneOf = schema.OneOf, nil
			}
		}
	}
	for path, item := range spec.Paths.Map() {
		for _, operation := range item.Operations() {
			if operation.RequestBody != nil {
				loosen(path, operation.RequestBody.Value.Content)
			}
			if answer := operation.Responses.Status(http.StatusOK); answer != nil {
				loosen(path, answer.Value.Content)
			}
		}
	}
}
