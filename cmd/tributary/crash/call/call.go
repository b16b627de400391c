// Package call speaks to the API as a client's application does. It knows
// nothing of the server's own types: whatever it reads is JSON.
package call

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Caller makes calls with one token.
type Caller struct {
	Base, Token string
	HTTP        *http.Client
	// Absent says that no user is there.
	Absent bool
}

// Thing is an object of the API.
type Thing map[string]any

// Answer is what the API said to one call.
type Answer struct {
	Status int
	Body   []byte
}

// Refused is an answer that is no success.
type Refused struct {
	Call   string
	Answer Answer
}

func (r *Refused) Error() string {
	return fmt.Sprintf("%s: %d %s", r.Call, r.Answer.Status, r.Answer.Body)
}

// Send makes a call; key is an Idempotency-Key, or empty. An error means that
// nobody knows what came of it.
func (c Caller) Send(ctx context.Context, method, path string, body any, key string) (Answer, error) {
	content := io.Reader(http.NoBody)
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return Answer{}, err
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.Base+path, content)
	if err != nil {
		return Answer{}, err
	}
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if !c.Absent {
		request.Header.Set("PSU-IP-Address", "192.0.2.7") // somebody is there
	}
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	return c.do(request)
}

func (c Caller) do(request *http.Request) (Answer, error) {
	response, err := c.HTTP.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return Answer{response.StatusCode, text}, err
}

// Get reads one thing.
func (c Caller) Get(ctx context.Context, path string) (Thing, error) {
	return c.want(ctx, http.MethodGet, path, nil)
}

// Post makes one call that has to succeed.
func (c Caller) Post(ctx context.Context, path string, body any) (Thing, error) {
	return c.want(ctx, http.MethodPost, path, body)
}

func (c Caller) want(ctx context.Context, method, path string, body any) (Thing, error) {
	answer, err := c.Send(ctx, method, path, body, "")
	if err != nil {
		return nil, err
	}
	return answer.Thing(method + " " + path)
}

// Thing is the answer's object, or an error that names the call.
func (a Answer) Thing(call string) (thing Thing, err error) {
	if a.Status >= http.StatusMultipleChoices {
		return nil, &Refused{call, a}
	}
	if len(a.Body) == 0 {
		return Thing{}, nil
	}
	return thing, json.Unmarshal(a.Body, &thing)
}

// Grant has a token of a client by its secret.
func (c Caller) Grant(ctx context.Context, id, secret string, form url.Values) (token string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Base+"/oauth/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(id, secret)
	answer, err := c.do(request)
	if err != nil {
		return "", err
	}
	thing, err := answer.Thing("POST /oauth/token")
	return thing.Text("access_token"), err
}

// Every reads a list to its end.
func (c Caller) Every(ctx context.Context, path string) (all []Thing, err error) {
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	for cursor := ""; ; {
		page, err := c.Get(ctx, path+separator+"limit=500"+cursor)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Things("data")...)
		next := page.Text("next_cursor")
		if next == "" {
			return all, nil
		}
		cursor = "&cursor=" + url.QueryEscape(next)
	}
}

// Things are the objects of a list in it.
func (t Thing) Things(name string) (all []Thing) {
	list, _ := t[name].([]any)
	for _, one := range list {
		if object, ok := one.(map[string]any); ok {
			all = append(all, object)
		}
	}
	return all
}

// In is an object in it; empty when there is none.
func (t Thing) In(name string) Thing {
	object, _ := t[name].(map[string]any)
	return object
}

// Text is a value in it as text; what is not there is empty.
func (t Thing) Text(name string) string {
	switch value := t[name].(type) {
	case nil:
		return ""
	case string:
		return value
	case float64:
		return fmt.Sprintf("%.0f", value)
	default:
		return fmt.Sprint(value)
	}
}

// Number is a whole number in it.
func (t Thing) Number(name string) int {
	value, _ := t[name].(float64)
	return int(value)
}
