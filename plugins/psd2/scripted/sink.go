package scripted

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Now is what time it is in tests.
const Now = "2026-03-15T10:00:00Z"

// Today is the same.
func Today() time.Time {
	at, err := time.Parse(time.RFC3339, Now)
	return must(at, err)
}

// Someone is a user who is there.
func Someone() *sdk.PSU { return &sdk.PSU{IP: "192.0.2.1", UserAgent: "Browser"} }

// Sink keeps what is streamed.
type Sink struct{ Items []sdk.Item }

// Send implements sdk.Sink.
func (s *Sink) Send(item sdk.Item) error {
	s.Items = append(s.Items, item)
	return nil
}

// ItemsOf are those of one kind.
func ItemsOf[T sdk.Item](s *Sink) (out []T) {
	for _, item := range s.Items {
		if one, ok := item.(T); ok {
			out = append(out, one)
		}
	}
	return out
}

// FailsWith wants a failure of a code, in whose cause no word of the bank is: those of scripts begin with canary.
func FailsWith(t *testing.T, code sdk.Code, err error) *sdk.Failure {
	t.Helper()
	var failure *sdk.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, code, failure.Code, "%v", failure.Cause)
	require.NotContains(t, fmt.Sprint(failure.Cause), "canary")
	return failure
}

// Testdata reads a file beside the test.
func Testdata(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return string(text)
}
