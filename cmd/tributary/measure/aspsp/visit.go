package aspsp

import (
	"context"
	"errors"
	"net/http"
	"net/url"
)

// remember keeps where the user is to be sent back to.
func (b *Bank) remember(back string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.back = back
}

// agree is the page of the bank: whoever comes agrees, and is sent back.
func (b *Bank) agree(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	b.mu.Lock()
	address := b.back
	b.nonce = asked.Get("nonce")
	b.mu.Unlock()
	if asked.Has("redirect_uri") {
		address = asked.Get("redirect_uri") + "?" + url.Values{"state": {asked.Get("state")}, "code": {"code"}}.Encode()
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// Visit goes to the bank's page as the user does, and tells where the bank sends the browser.
func (b *Bank) Visit(ctx context.Context, page string) (back *url.URL, err error) {
	client := b.client()
	defer client.CloseIdleConnections()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page, http.NoBody)
	if err != nil {
		return nil, err
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		return nil, errors.New("the bank's page answers " + answer.Status)
	}
	return answer.Location()
}
