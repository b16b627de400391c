package bankhttp

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strings"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Empty reports whether a good answer has nothing to say: some banks send 204, some nothing with 200.
func (a Answer) Empty() bool { return a.Status == http.StatusNoContent || len(a.Body) == 0 }

// Decode reads a JSON answer; another type of content is not looked at.
func (a Answer) Decode(out any) error {
	media, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil || media != "application/json" && !strings.HasSuffix(media, "+json") {
		return sdk.Fail(sdk.BadData, errors.New("an answer that is not JSON"))
	}
	if err := json.Unmarshal(a.Body, out); err != nil {
		return sdk.Fail(sdk.BadData, errors.New("an answer of another shape"))
	}
	return nil
}
