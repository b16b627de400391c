package endtoend

import (
	"bytes"
	"io"
	"net/http"
	"sync"
)

// recorder keeps every answer that the API gave, to be searched afterwards.
type recorder struct {
	next *http.Transport
	mu   sync.Mutex
	all  bytes.Buffer
	// returned is the link with which a bank sent somebody back.
	returned string
}

// RoundTrip implements http.RoundTripper.
func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := r.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all.WriteString(response.Status + "\n")
	_ = response.Header.Write(&r.all)
	r.all.Write(body)
	r.all.WriteByte('\n')
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

func (r *recorder) text() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Clone(r.all.Bytes())
}
