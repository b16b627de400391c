package visiting

import (
	"context"
	"slices"

	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// reviewed is how many calls a page tells of: some dozen runs.
const reviewed = 100

// Accesses are what was done under the consent that a visit looks at: the calls of
// one run are one line.
func (s Service) Accesses(ctx context.Context, v usecase.Visitor, after store.Key) (found usecase.Reviewed, err error) {
	visit, err := s.Watch(ctx, v)
	if err != nil {
		return found, err
	}
	if visit.Page != widget.Accesses {
		return found, widget.ErrMoved
	}
	p := principal(visit.Session, v)
	slice, err := s.callsOf(ctx, p, string(visit.Session.Progress.Reviewing), after)
	if err != nil {
		return found, ignoreGone(err) // it went meanwhile: there is nothing to tell
	}
	found.Next = slice.Next
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found.Lines = nil
		for i, access := range slice.Items {
			if i == 0 || !together(access, slice.Items[i-1]) {
				line := usecase.Reading{Trigger: synchronization.Trigger(access.Trigger), Attended: access.Attended}
				if line.Accounts, err = s.readBy(ctx, tx, p, access); err != nil {
					return err
				}
				found.Lines = append(found.Lines, line)
			}
			tell(&found.Lines[len(found.Lines)-1], access)
		}
		return nil
	})
	return found, err
}

// callsOf are calls under a consent from a place on, to the end of a run: a part that
// ended within one would tell half of it, and the next one the rest.
func (s Service) callsOf(ctx context.Context, p usecase.Principal, agreed string, after store.Key) (store.Slice[consent.Access], error) {
	slice, err := s.Consents.Accesses(ctx, p, agreed, store.Page{Limit: reviewed, After: after})
	for err == nil && slice.Next != nil {
		var more store.Slice[consent.Access]
		more, err = s.Consents.Accesses(ctx, p, agreed, store.Page{Limit: 1, After: slice.Next})
		if err != nil || len(more.Items) == 0 || !together(more.Items[0], slice.Items[len(slice.Items)-1]) {
			break
		}
		slice.Items, slice.Next = append(slice.Items, more.Items...), more.Next
	}
	return slice, err
}

// together reports whether two calls are of one run.
func together(a, b consent.Access) bool {
	return a.SynchronizationID != "" && a.SynchronizationID == b.SynchronizationID
}

// tell adds one call to the line of its run. They come newest first.
func tell(line *usecase.Reading, access consent.Access) {
	line.At = access.At
	line.Calls++
	line.Read = line.Read || access.Operation == consent.Fetch && access.Outcome == consent.Succeeded
	line.Told = line.Told || access.Operation == consent.Revoke && access.Outcome == consent.Succeeded
	line.Failed = line.Failed || access.Outcome != consent.Succeeded && !access.EndedAt.IsZero()
}

// readBy are the names of the accounts that a run read on the channel of an
// access, as far as they are still shared.
func (s Service) readBy(ctx context.Context, tx store.Tx, p usecase.Principal, access consent.Access) (names []string, err error) {
	if access.SynchronizationID == "" {
		return nil, nil
	}
	run, err := tx.Runs().Get(ctx, p.Owner(), access.SynchronizationID)
	if err != nil {
		return nil, ignoreGone(err)
	}
	for _, outcome := range run.Accounts {
		account, err := tx.Accounts().Get(ctx, p.Owner(), outcome.AccountID)
		if fault.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		was := outcome.Outcome == synchronization.OutcomeSuccess || outcome.Outcome == synchronization.OutcomePartial
		if was && account.FedBy == access.ChannelDefinition && !slices.Contains(names, account.ShownName()) {
			names = append(names, account.ShownName())
		}
	}
	return names, nil
}
