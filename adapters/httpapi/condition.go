package httpapi

import (
	"bytes"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/usecase"
)

var (
	errChanged = fault.New(fault.Conflict, "precondition_failed", "It is no longer what If-Match names; get it again, and decide anew.").
			With(fault.At("header.If-Match", "names another state"))
	errCondition = fault.New(fault.Invalid, "invalid_precondition", "If-Match is * or a list of entity tags, each in double quotes.").
			With(fault.At("header.If-Match", "is not acceptable"))
)

// tagged gives a representation its ETag, also the one that a change has left,
// and 304 to who reads what it has already (RFC 9110, 13.1.2). An If-None-Match
// that cannot be read is ignored: the whole answer is never wrong.
func tagged(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	out, watched := w.(*answer)
	if !watched {
		next(ctx)
		return
	}
	out.hold()
	done := false
	defer func() {
		if !done { // a panic goes on; what was held is not what is sent
			out.held = nil
		}
	}()
	next(ctx)
	done = true
	if out.held.status == http.StatusOK {
		tag := tagOf(out.held.body.Bytes()) // compressed makes it its own
		out.Header().Set("ETag", tag)
		if zips(r, out.held.body.Len()) {
			tag = zipped(tag)
		}
		if named, ok := tagsIn(r.Header.Values("If-None-Match")); ok && r.Method != http.MethodPatch && named.weakly(tag) {
			out.Header().Set("ETag", tag)
			out.Header().Del("Content-Type")
			out.held.status = http.StatusNotModified
			out.held.body.Reset()
		}
	}
	out.release()
}

// condition is what a caller wants to hold before a change is made.
type condition struct {
	given []string
	id    string
}

type conditionKey struct{}

// conditioned keeps the condition for guard, which has no request.
func conditioned(ctx huma.Context, next func(huma.Context)) {
	r, _ := humago.Unwrap(ctx)
	next(huma.WithValue(ctx, conditionKey{}, condition{r.Header.Values("If-Match"), ctx.Param("id")}))
}

// guard makes a change only where the resource is still what If-Match names
// (RFC 9110, 13.1.1): 412 precondition_failed otherwise, and 422
// invalid_precondition for a value that cannot be read, since a guard that was
// asked for must not be left out. A request that does not fit the schema is
// refused first, and 404 stays 404.
//
// It guards against lost updates between people: one decides on what the other
// has changed meanwhile. It does not guard against a change between the look
// and the write, which are two transactions; nor against one that the
// representation does not show. A representation in another language has
// another tag: look and write with the same Accept-Language.
func guard[I, O any](a api, now func(context.Context, usecase.Principal, string) (any, error),
	change func(context.Context, usecase.Principal, *I) (*O, error),
) func(context.Context, usecase.Principal, *I) (*O, error) {
	return func(ctx context.Context, p usecase.Principal, in *I) (*O, error) {
		if c, ok := ctx.Value(conditionKey{}).(condition); ok && len(c.given) > 0 {
			if err := a.holds(ctx, p, c, now); err != nil {
				return nil, err
			}
		}
		return change(ctx, p, in)
	}
}

func (a api) holds(ctx context.Context, p usecase.Principal, c condition, now func(context.Context, usecase.Principal, string) (any, error)) error {
	named, ok := tagsIn(c.given)
	if !ok {
		return errCondition
	}
	view, err := now(ctx, p, c.id)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := a.Marshal(&body, "application/json", view); err != nil {
		return err
	}
	if !named.strongly(tagOf(body.Bytes())) {
		return errChanged
	}
	return nil
}

func (a api) userNow(ctx context.Context, p usecase.Principal, id string) (any, error) {
	return bodyOf(a.getUser(ctx, p, &userPath{id}))(func(o *oneUser) any { return o.Body })
}

func (a api) connectionNow(ctx context.Context, p usecase.Principal, id string) (any, error) {
	return bodyOf(a.getConnection(ctx, p, &connectionPath{id}))(func(o *oneConnection) any { return o.Body })
}

func (a api) accountNow(ctx context.Context, p usecase.Principal, id string) (any, error) {
	return bodyOf(a.getAccount(ctx, p, &accountPath{id}))(func(o *oneAccount) any { return o.Body })
}

func bodyOf[O any](out *O, err error) func(func(*O) any) (any, error) {
	return func(body func(*O) any) (any, error) {
		if err != nil {
			return nil, err
		}
		return body(out), nil
	}
}
