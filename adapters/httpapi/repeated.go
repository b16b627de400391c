package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/usecase"
)

const (
	keyHeader      = "Idempotency-Key"
	replayedHeader = "Idempotent-Replayed"
)

// keyForm is a text as the draft (draft-ietf-httpapi-idempotency-key-header)
// has it, in quotes; it is also taken without.
var keyForm = regexp.MustCompile(`^(?:"[!#-~ ]{1,255}"|[!#-~]{1,255})$`)

var errKey = fault.New(fault.Invalid, "invalid_idempotency_key", "An Idempotency-Key has 1 to 255 printable ASCII characters, and is given once.").
	With(fault.At("header."+keyHeader, "is not acceptable"))

// once gives a call that is sent again under one key the answer that it had
// the first time. The answer is kept before it is sent: who has seen it can
// rely on it. A refusal is not kept; it had no effect.
func (s *server) once(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	out, watched := w.(*answer)
	given := r.Header.Values(keyHeader)
	if len(given) == 0 || s.Attempts == nil || !watched {
		next(ctx)
		return
	}
	if len(given) > 1 || !keyForm.MatchString(given[0]) {
		s.refuse(r.Context(), errKey).send(w)
		return
	}
	body, whole := s.sent(r, w)
	if !whole { // refused for its size, or as unreadable, by who reads it again
		next(ctx)
		return
	}
	sending := usecase.Sending{Key: strings.Trim(given[0], `"`), Route: r.Method + " " + r.URL.Path, Body: body}
	attempt, err := s.begin(ctx.Context(), sending)
	switch {
	case err != nil:
		s.refuse(r.Context(), err).send(w)
	case attempt.Earlier != nil:
		replay(w, *attempt.Earlier)
	default:
		s.attempt(ctx, out, attempt, next)
	}
}

func (s *server) begin(ctx context.Context, sending usecase.Sending) (usecase.Attempt, error) {
	ctx, end := within(ctx, ordinary)
	defer end()
	attempt, err := s.Attempts.Begin(ctx, principalOf(ctx), sending)
	return attempt, late(ctx, err)
}

// sent reads a body that is not too large, and puts it back.
func (s *server) sent(r *http.Request, w http.ResponseWriter) (body []byte, whole bool) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout)) //nolint:forbidigo // a deadline of the system; a recorder has none
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxBody+1))
	rest := io.Reader(r.Body)
	if err != nil {
		rest = failing{err}
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), rest), r.Body}
	return body, err == nil && len(body) <= MaxBody
}

// failing is a body that broke off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func replay(w http.ResponseWriter, earlier usecase.Answer) {
	w.Header().Set(replayedHeader, "true")
	w.Header().Set("Content-Type", "application/json")
	if earlier.Location != "" {
		w.Header().Set("Location", earlier.Location)
	}
	w.WriteHeader(earlier.Status)
	_, _ = w.Write(earlier.Body)
}

// attempt makes the call and keeps its answer.
func (s *server) attempt(ctx huma.Context, out *answer, attempt usecase.Attempt, next func(huma.Context)) {
	done := false
	out.hold()
	defer func() {
		if !done { // a panic goes on; what was held is not what is sent
			out.held = nil
			s.note(ctx.Context(), func(ctx context.Context) error { return s.Attempts.Abandon(ctx, attempt) })
		}
	}()
	next(huma.WithContext(ctx, usecase.WithAttempt(ctx.Context(), attempt)))
	done = true
	held := out.held
	s.note(ctx.Context(), func(ctx context.Context) error {
		if held.status < http.StatusOK || held.status >= http.StatusMultipleChoices {
			return s.Attempts.Abandon(ctx, attempt)
		}
		return s.Attempts.Finish(ctx, attempt, usecase.Answer{
			Status: held.status, Location: out.Header().Get("Location"), Body: held.body.Bytes(), About: about(held.body.Bytes()),
		})
	})
	out.release()
}

// note writes down how an attempt ended. The caller may be gone; the effect is
// not.
func (s *server) note(ctx context.Context, how func(context.Context) error) {
	ctx, end := within(context.WithoutCancel(ctx), ordinary)
	defer end()
	if err := how(ctx); err != nil {
		s.Logger.ErrorContext(ctx, "attempt not kept", "request_id", callOf(ctx).id, "error", err)
	}
}

// about is the user whose data an answer holds.
func about(body []byte) ident.User {
	var shown struct {
		ID     string `json:"id"`
		UserID string `json:"user_id"`
		Data   []struct {
			UserID string `json:"user_id"`
		} `json:"data"`
	}
	_ = json.Unmarshal(body, &shown) // what is no JSON holds nobody's data
	if len(shown.Data) > 0 {
		shown.UserID = shown.Data[0].UserID
	}
	if shown.UserID == "" {
		shown.UserID = shown.ID
	}
	found, err := ident.Parse[ident.User](shown.UserID)
	if err != nil {
		return ""
	}
	return found
}
