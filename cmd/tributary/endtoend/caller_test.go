package endtoend

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
)

// caller makes calls with one token.
type caller struct {
	sandbox    *sandbox
	id, secret string
	token      string
	// user is whose token it is; empty in client mode.
	user string
}

func (c caller) grant(t tester, form url.Values) string {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, c.sandbox.greeting.BaseURL+"/oauth/token", strings.NewReader(form.Encode()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(c.id, c.secret)
	got := c.send(t, request).want(t, http.StatusOK)
	return got.text(t, ".access_token")
}

// enrol makes a user and has a token of it.
func (c caller) enrol(t tester, name string) caller {
	t.Helper()
	return c.enrolWith(t, name+"@example.org", "passw0rd")
}

func (c caller) enrolWith(t tester, email, password string) caller {
	t.Helper()
	made := c.send(t, c.request(t, http.MethodPost, "/v1/users", map[string]string{"email": email, "password": password})).want(t, http.StatusCreated)
	user := c
	user.user = made.text(t, ".id")
	user.token = c.grant(t, url.Values{"grant_type": {"password"}, "username": {email}, "password": {password}})
	return user
}

// request makes a call; body is JSON as text, anything else to be marshalled,
// or nil for none.
func (c caller) request(t tester, method, path string, body any) *http.Request {
	t.Helper()
	content := io.Reader(http.NoBody)
	if text, ok := body.(string); ok {
		content = strings.NewReader(text)
	} else if body != nil {
		text, err := json.Marshal(body)
		require.NoError(t, err)
		content = strings.NewReader(string(text))
	}
	request, err := http.NewRequest(method, c.sandbox.greeting.BaseURL+path, content)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+c.token)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request
}

func (c caller) send(t tester, request *http.Request) answer {
	t.Helper()
	response, err := c.sandbox.http.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return answer{call: request.Method + " " + request.URL.Path, status: response.StatusCode, header: response.Header, body: body}
}

func (c caller) get(t tester, path string) answer {
	t.Helper()
	return c.send(t, c.request(t, http.MethodGet, path, nil))
}

func (c caller) post(t tester, path string, body any) answer {
	t.Helper()
	return c.send(t, c.request(t, http.MethodPost, path, body))
}

// every reads a list to its end, page by page.
func (c caller) every(t tester, path string) []map[string]any {
	t.Helper()
	all, separator := []map[string]any{}, "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	for cursor := ""; ; {
		page := c.get(t, path+separator+"limit=500"+cursor).want(t, http.StatusOK)
		var list struct {
			Data       []map[string]any
			NextCursor *string `json:"next_cursor"`
		}
		page.decode(t, &list)
		all = append(all, list.Data...)
		if list.NextCursor == nil {
			return all
		}
		cursor = "&cursor=" + url.QueryEscape(*list.NextCursor)
	}
}

// patience ends a wait for what never comes, such as a run that hangs. It measures nothing: a busy machine takes long, and
// the lease of a holder that was killed has to end first.
const patience = 3 * time.Minute
