package site_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// visitor is a browser without a script: it follows redirects, keeps cookies and posts forms.
type visitor struct {
	t      *testing.T
	client *http.Client
	base   string
	lang   string
}

func visit(t *testing.T, base string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &visitor{t: t, base: base, lang: "fr", client: &http.Client{Jar: jar, Transport: &http.Transport{}}}
}

// page is what came.
type page struct {
	status int
	at     *url.URL
	header http.Header
	body   []byte
	root   *html.Node
}

func (v *visitor) ask(request *http.Request) (*page, error) {
	request.Header.Set("Accept-Language", v.lang)
	response, err := v.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	p := &page{status: response.StatusCode, at: response.Request.URL, header: response.Header}
	if p.body, err = io.ReadAll(response.Body); err != nil {
		return p, err
	}
	reader, err := charset.NewReader(bytes.NewReader(p.body), response.Header.Get("Content-Type"))
	if err == nil {
		p.root, err = html.Parse(reader)
	}
	if err == nil {
		p.prune()
	}
	return p, err
}

// prune drops what no reader sees: what scripts make rows of.
func (p *page) prune() {
	for _, n := range p.all(func(n *html.Node) bool { return n.DataAtom == atom.Template }) {
		n.Parent.RemoveChild(n)
	}
}

func (v *visitor) goes(path string) *page {
	v.t.Helper()
	p, err := v.tries(path)
	require.NoError(v.t, err)
	return p
}

// tries goes to a page that may not arrive.
func (v *visitor) tries(path string) (*page, error) {
	v.t.Helper()
	request, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.address(path), nil)
	require.NoError(v.t, err)
	return v.ask(request)
}

func (v *visitor) address(path string) string {
	if strings.HasPrefix(path, "http") {
		return path
	}
	return v.base + path
}

// posts sends a form of the page, the first whose address ends so, with more values than it has.
func (v *visitor) posts(p *page, action string, more url.Values) *page {
	v.t.Helper()
	answer, err := v.triesPosting(p, action, more)
	require.NoError(v.t, err)
	return answer
}

// triesPosting posts a form whose answer may not arrive.
func (v *visitor) triesPosting(p *page, action string, more url.Values) (*page, error) {
	v.t.Helper()
	form := p.find(func(n *html.Node) bool {
		return n.DataAtom == atom.Form && strings.HasSuffix(attr(n, "action"), action)
	})
	require.NotNil(v.t, form, "no form for %s at %s: %s", action, p.at, p.text())
	values := url.Values{}
	each(form, func(n *html.Node) {
		if n.DataAtom == atom.Input && attr(n, "type") == "hidden" {
			values.Set(attr(n, "name"), attr(n, "value"))
		}
	})
	for name, all := range more {
		values[name] = all
	}
	target, err := p.at.Parse(attr(form, "action"))
	require.NoError(v.t, err)
	request, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, target.String(), strings.NewReader(values.Encode()))
	require.NoError(v.t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.ask(request)
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func each(n *html.Node, do func(*html.Node)) {
	for inner := range n.Descendants() {
		do(inner)
	}
}

func (p *page) find(is func(*html.Node) bool) *html.Node {
	for n := range p.root.Descendants() {
		if is(n) {
			return n
		}
	}
	return nil
}

func (p *page) all(is func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	each(p.root, func(n *html.Node) {
		if is(n) {
			found = append(found, n)
		}
	})
	return found
}

// text is what a reader sees of a page, with single blanks.
func (p *page) text() string { return textOf(p.root) }

func textOf(n *html.Node) string {
	var b strings.Builder
	each(n, func(n *html.Node) {
		if n.Type == html.TextNode && (n.Parent == nil || n.Parent.DataAtom != atom.Script) {
			b.WriteString(n.Data + " ")
		}
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

// with finds elements of a kind that have a class.
func with(kind atom.Atom, class string) func(*html.Node) bool {
	return func(n *html.Node) bool {
		return n.DataAtom == kind && (class == "" || strings.Contains(" "+attr(n, "class")+" ", " "+class+" "))
	}
}
