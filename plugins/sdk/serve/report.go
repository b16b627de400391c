package serve

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// crash is a panic of the provider. The panic's value may hold a secret; the
// stack's function names do not.
type crash struct{ stack string }

func (c crash) Error() string { return "panic" }

func panicked(any) error {
	return &sdk.Failure{Code: sdk.Technical, Whose: sdk.Plugin, Cause: crash{places(debug.Stack())}}
}

// places keeps the file:line rows of a stack. The rows between them print
// arguments.
func places(stack []byte) string {
	var out []string
	for line := range strings.Lines(string(stack)) {
		if at, ok := strings.CutPrefix(line, "\t"); ok {
			place, _, _ := strings.Cut(strings.TrimSpace(at), " ")
			out = append(out, place)
		}
	}
	return strings.Join(out, " < ")
}

// reporter writes one line an error: the call, the code and the kinds of the
// causes. Texts of foreign errors are left out, since they quote addresses and
// answers of banks.
func reporter(w io.Writer) func(string, error) {
	return func(call string, err error) {
		line := call + ": " + kinds(err)
		if failure, ok := errors.AsType[*sdk.Failure](err); ok && failure != nil {
			line = call + ": " + string(failure.Code) + " (" + kinds(failure.Cause) + ")"
		}
		if r, ok := errors.AsType[sdk.Referenced](err); ok && reference.MatchString(r.Reference()) {
			line += ": reference " + r.Reference()
		}
		if b, ok := isBreach(err); ok {
			line += ": " + strings.ReplaceAll(b.Error(), "\n", "; ")
		}
		if c, ok := errors.AsType[crash](err); ok {
			line += ": " + c.stack
		}
		_, _ = fmt.Fprintln(w, line)
	}
}

// reference is what a number of a call may look like.
var reference = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

func kinds(err error) string {
	var out []string
	for ; err != nil; err = errors.Unwrap(err) {
		out = append(out, fmt.Sprintf("%T", err))
	}
	if len(out) == 0 {
		return "no cause"
	}
	return strings.Join(out, " < ")
}
