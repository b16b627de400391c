package widget

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/tributary-dev/tributary/adapters/widget/pages"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// older is the part of the address that leads on in a list. It says nothing but a
// place: whose list it is, the visit says.
const older = "older"

// review puts into a frame what was done under a consent, from the place on that
// the address names. A place that is none is the beginning.
func (s *server) review(r *http.Request, v usecase.Visitor, f *pages.Frame) (err error) {
	after := placeOf(r.URL.Query())
	f.Reviewed, err = s.Visits.Accesses(r.Context(), v, after)
	if store.ErrCursor.Is(err) {
		after = nil
		f.Reviewed, err = s.Visits.Accesses(r.Context(), v, nil)
	}
	if widget.ErrMoved.Is(err) { // between two looks: the next one shows where it is
		err = nil
	}
	f.Within, f.Older = after != nil, ""
	if f.Reviewed.Next != nil {
		f.Older = address(v.Session) + "?" + url.Values{older: {textOf(f.Reviewed.Next)}}.Encode()
	}
	return err
}

func textOf(key store.Key) string {
	raw, _ := json.Marshal(key) // of texts alone
	return base64.RawURLEncoding.EncodeToString(raw)
}

func placeOf(query url.Values) (key store.Key) {
	text := query.Get(older)
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if len(text) > 1000 || err != nil || json.Unmarshal(raw, &key) != nil || len(key) == 0 {
		return nil
	}
	return key
}
