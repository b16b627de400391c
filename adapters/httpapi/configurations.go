package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// configurationPath is where a client's own test banks are.
const configurationPath = "/v1/sandbox/testbank_configurations"

type newConfiguration struct {
	Text string `json:"text,omitempty" doc:"The configuration itself, in YAML." example:"personas: [{login: ann, password: ann-pass1, holder: Ann Martin}]"`
	URL  string `json:"url,omitempty" maxLength:"2000" doc:"Where the server fetches it from: a public https address." example:"https://files.example.com/bank.yaml"`
}

type configurationView struct {
	ID        string    `json:"id" doc:"What the credential named configuration says, to connect to this bank." example:"cfg_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	Bank      string    `json:"bank" doc:"The name that the configuration gives to the bank." example:"Test Bank"`
	CreatedAt time.Time `json:"created_at" doc:"When it was created, by the sandbox's clock."`
}

type writtenConfigurationView struct {
	configurationView
	Text string `json:"text" doc:"The configuration as it was sent or fetched." example:"personas: [{login: ann, password: ann-pass1, holder: Ann Martin}]"`
}

type (
	configurationID struct {
		ID string `path:"id" doc:"A configuration's id." example:"cfg_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	}
	createConfigurationInput struct{ Body newConfiguration }
	listConfigurationsInput  struct{ PageParams }
	oneConfiguration         struct{ Body writtenConfigurationView }
	madeConfiguration        struct {
		Location string `header:"Location" doc:"The new configuration."`
		Body     configurationView
	}
	configurationList struct{ Body list[configurationView] }
)

func (a api) configurations() {
	add(a, operation{
		ID: "create-testbank-configuration", Method: http.MethodPost, Path: configurationPath, Tag: tagSandbox, Status: http.StatusCreated, Creates: true, Document: true,
		Summary: "Bring a test bank of one's own",
		Text: "By text, or by url, which the server fetches. Mistakes are invalid_configuration, with line, column and reason in errors. " +
			"A connection chooses the bank by the hidden credential configuration.",
		Who: clientHolding(client.ConnectionsManage),
	}, a.createConfiguration)
	add(a, operation{
		ID: "list-testbank-configurations", Method: http.MethodGet, Path: configurationPath, Tag: tagSandbox,
		Summary: "List one's own test banks", Text: "In the order of their creation.",
		Who: clientHolding(client.ConnectionsRead),
	}, a.listConfigurations)
	add(a, operation{
		ID: "get-testbank-configuration", Method: http.MethodGet, Path: configurationPath + "/{id}", Tag: tagSandbox,
		Summary: "Get a test bank of one's own",
		Who:     clientHolding(client.ConnectionsRead), Errors: []int{http.StatusNotFound},
	}, a.getConfiguration)
	add(a, operation{
		ID: "delete-testbank-configuration", Method: http.MethodDelete, Path: configurationPath + "/{id}", Tag: tagSandbox, Status: http.StatusNoContent,
		Summary: "Delete a test bank of one's own", Text: "Connections to it fail from then on.",
		Who: clientHolding(client.ConnectionsManage), Errors: []int{http.StatusNotFound},
	}, a.deleteConfiguration)
}

func (a api) createConfiguration(ctx context.Context, p usecase.Principal, in *createConfigurationInput) (*madeConfiguration, error) {
	made, err := a.Configurations.Create(ctx, p, usecase.ConfigurationSource{Text: in.Body.Text, URL: in.Body.URL})
	if err != nil {
		return nil, err
	}
	return &madeConfiguration{configurationPath + "/" + string(made.ID), showConfiguration(made)}, nil
}

func (a api) listConfigurations(ctx context.Context, p usecase.Principal, in *listConfigurationsInput) (*configurationList, error) {
	l := newListing("testbank_configurations", p)
	page, err := l.page(in.PageParams)
	if err != nil {
		return nil, err
	}
	slice, err := a.Configurations.List(ctx, p, page)
	return &configurationList{listOf(l, slice, showConfiguration)}, err
}

func (a api) getConfiguration(ctx context.Context, p usecase.Principal, in *configurationID) (*oneConfiguration, error) {
	found, err := a.Configurations.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneConfiguration{writtenConfigurationView{showConfiguration(found), string(found.Text)}}, nil
}

func (a api) deleteConfiguration(ctx context.Context, p usecase.Principal, in *configurationID) (*nothing, error) {
	return nil, a.Configurations.Delete(ctx, p, in.ID)
}

func showConfiguration(c sandbox.Configuration) configurationView {
	return configurationView{ID: string(c.ID), Bank: c.Bank, CreatedAt: instant(c.CreatedAt)}
}

// documentTypes are what a body may be that is the text itself.
var documentTypes = map[string]bool{"application/yaml": true, "text/yaml": true, "text/plain": true}

const yamlType = "application/yaml"

// asText takes a body that is a document for the JSON that would hold it: from
// there on it is a body like any other.
func asText(ctx huma.Context, next func(huma.Context)) {
	r, out := humago.Unwrap(ctx)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if !documentTypes[kind] {
		next(ctx)
		return
	}
	_ = http.NewResponseController(out).SetReadDeadline(time.Now().Add(bodyTimeout)) //nolint:forbidigo // a deadline of the system; a recorder has none
	text, err := io.ReadAll(io.LimitReader(r.Body, sandbox.MaxText+1))
	id := callOf(ctx.Context()).id
	switch {
	case err != nil:
		newProblem(id, http.StatusBadRequest, errUnreadableBody).send(out)
	case len(text) > sandbox.MaxText:
		newProblem(id, http.StatusRequestEntityTooLarge, sandbox.ErrTooLarge).send(out)
	case !utf8.Valid(text):
		newProblem(id, http.StatusBadRequest, ours[http.StatusBadRequest]).send(out)
	default:
		var body bytes.Buffer
		whole := json.NewEncoder(&body)
		whole.SetEscapeHTML(false)                             // it would make a body too large of a text that is not
		_ = whole.Encode(newConfiguration{Text: string(text)}) // a text always encodes
		r.Body = io.NopCloser(&body)
		r.Header.Set("Content-Type", "application/json")
		next(ctx)
	}
}

// describeDocument tells in the description of an operation what asText takes.
func describeDocument(doc *huma.OpenAPI, op operation) {
	doc.Paths[op.Path].Post.RequestBody.Content[yamlType] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
}
