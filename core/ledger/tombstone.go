package ledger

import "github.com/tributary-dev/tributary/core/ident"

// superseded are the removed ids whose movement came back before.
func (r *reconciliation) superseded() map[ident.Transaction]bool {
	ids := map[ident.Transaction]bool{}
	for _, entries := range [][]*entry{r.live, r.dead} {
		for _, e := range entries {
			for _, link := range e.before.Links {
				if link.Type == Supersedes {
					ids[link.TransactionID] = true
				}
			}
		}
	}
	return ids
}

// graves finds tombstones by what a returning row can share with them.
type graves map[string][]*entry

func (r *reconciliation) graves() graves {
	g := graves{}
	for _, e := range r.dead {
		if e.before.Removal == Joined {
			continue
		}
		g["print "+e.before.Fingerprint] = append(g["print "+e.before.Fingerprint], e)
		g["id "+e.before.BankID] = append(g["id "+e.before.BankID], e)
		if e.before.Status == Pending {
			key := "row " + essentials(rowOf(e.before))
			g[key] = append(g[key], e)
		}
	}
	return g
}

// tombstone finds the movement removed last that this row brings back.
func (r *reconciliation) tombstone(c *candidate, g graves, returned map[ident.Transaction]bool) *entry {
	if len(g) == 0 {
		return nil
	}
	var last *entry
	latest := func(found []*entry, same func(*entry) bool) {
		for _, e := range found {
			if !returned[e.before.ID] && (last == nil || last.before.UpdatedAt.Before(e.before.UpdatedAt)) && same(e) {
				last = e
			}
		}
	}
	latest(g["print "+c.fingerprint], func(*entry) bool { return true })
	latest(g["row "+essentials(c.Row)], func(e *entry) bool { return becomes(e, c) })
	if c.id != "" {
		latest(g["id "+c.id], func(e *entry) bool { return r.believable(e.before, c) })
	}
	return last
}
