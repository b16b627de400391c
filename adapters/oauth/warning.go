package oauth

import (
	"context"
	"log/slog"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/ports/store"
)

// WarnOfPasswordGrant logs, for the start of a server, which clients may use the
// password grant, if any: RFC 9700 (section 2.4) and OWASP ASVS 10.4.4 forbid it.
func (s *Server) WarnOfPasswordGrant(ctx context.Context) error {
	ids, err := s.passwordClients(ctx)
	if err == nil && len(ids) > 0 {
		s.logger.WarnContext(ctx, "clients may use the password grant, which RFC 9700 advises against", slog.Any("client_ids", ids))
	}
	return err
}

// passwordClients lists the clients that may use the password grant now.
func (s *Server) passwordClients(ctx context.Context) (ids []string, err error) {
	page := store.Page{Limit: 500}
	for {
		var part store.Slice[client.Client]
		err := s.store.View(ctx, func(tx store.Tx) (err error) {
			part, err = tx.Clients().List(ctx, page)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, c := range part.Items {
			if entitled(c, passwordGrant) && !c.Disabled {
				ids = append(ids, string(c.ID))
			}
		}
		if part.Next == nil {
			return ids, nil
		}
		page.After = part.Next
	}
}
