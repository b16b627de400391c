package browser

import (
	"context"
	"encoding/json"
	"net/url"

	"github.com/go-rod/rod/lib/proto"
)

// Storage is what a site left on its visitor: a secret.
type Storage struct {
	Cookies []json.RawMessage `json:"cookies,omitempty"`
	// Local is the local storage, by origin.
	Local map[string]map[string]string `json:"local,omitempty"`
}

// String redacts.
func (Storage) String() string { return "[redacted]" }

// GoString redacts.
func (Storage) GoString() string { return "[redacted]" }

const maxStorage = 512 << 10

// Storage gives what is kept now: cookies of the whole visit, and the local storage of the window in front.
func (v *Visit) Storage(ctx context.Context) (Storage, error) {
	kept := Storage{Local: map[string]map[string]string{}}
	for origin, items := range v.options.Storage.Local {
		kept.Local[origin] = items
	}
	got, err := proto.StorageGetCookies{BrowserContextID: v.context}.Call(v.process.line(ctx, ""))
	if err != nil {
		return kept, err
	}
	size := 0
	for _, cookie := range got.Cookies {
		text, err := json.Marshal(cookie)
		if size += len(text); err != nil || size > maxStorage {
			break
		}
		kept.Cookies = append(kept.Cookies, text)
	}
	w := v.front()
	if w == nil {
		return kept, nil
	}
	var local struct {
		Origin string
		Items  map[string]string
	}
	const all = `() => { let items = {}, size = 0; try { for (const [k, v] of Object.entries(localStorage)) { size += k.length + v.length; if (size > 262144) break; items[k] = v } } catch (e) {} return {Origin: location.origin, Items: items} }`
	if err := w.Call(ctx, "", all, nil, &local); err == nil && len(local.Items) > 0 {
		kept.Local[local.Origin] = local.Items
	}
	return kept, nil
}

// restore puts cookies back.
func (v *Visit) restore(ctx context.Context) error {
	var cookies []*proto.NetworkCookieParam
	for _, text := range v.options.Storage.Cookies {
		var cookie proto.NetworkCookieParam
		if json.Unmarshal(text, &cookie) == nil {
			cookies = append(cookies, &cookie)
		}
	}
	if len(cookies) == 0 {
		return nil
	}
	return proto.StorageSetCookies{Cookies: cookies, BrowserContextID: v.context}.Call(v.process.line(ctx, ""))
}

// recall is a script that puts the local storage back, before scripts of the page look for it; empty where there is none.
func (w *Window) recall() string {
	local := map[string]map[string]string{}
	for origin, items := range w.visit.options.Storage.Local {
		if parsed, err := url.Parse(origin); err == nil && parsed.Host != "" {
			local[origin] = items
		}
	}
	text, err := json.Marshal(local)
	if err != nil || len(local) == 0 {
		return ""
	}
	return `(all => { try { for (const [k, v] of Object.entries(all[location.origin] || {})) if (localStorage.getItem(k) === null) localStorage.setItem(k, v) } catch (e) {} })(` + string(text) + `)`
}
