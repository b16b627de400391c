package synchronizing

import (
	"slices"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
)

// mayFeed decides which channel may feed an account: REDIRECT where it gives
// transactions, else EMBEDDED; never two. A channel that was passed over may
// take the account when the other one never read it, or shows it no more.
func mayFeed(account ledger.Account, channel connection.Channel, all []connection.Channel) bool {
	if account.FedBy == "" || account.FedBy == channel.DefinitionID {
		return true
	}
	at := slices.IndexFunc(all, func(c connection.Channel) bool { return c.DefinitionID == account.FedBy })
	if at < 0 || (channel.Type == bank.Redirect && all[at].Type != bank.Redirect) {
		return true
	}
	return account.LastSuccessAt.IsZero() || account.Status == ledger.Missing
}

// feeds is mayFeed, now that it is known what the channel gave: an account
// changes hands only with its transactions.
func (b *books) feeds(account ledger.Account, report ledger.Report) bool {
	own := account.FedBy == "" || account.FedBy == b.leg.ChannelDefinition
	return own || (report.Read && mayFeed(account, *b.at.channel, b.at.connection.Channels))
}

// skipped are the accounts that another channel feeds, as this channel calls
// them. One that it has not shown yet is read once, and skipped from then on.
func (v *visit) skipped(known []ledger.Account) []string {
	own := map[string]bool{}
	for _, account := range known {
		id := account.CalledBy(v.channel.DefinitionID)
		own[id] = own[id] || (account.FedBy == v.channel.DefinitionID && !v.forgotten(account))
	}
	var skip []string
	for _, account := range known {
		id := account.CalledBy(v.channel.DefinitionID)
		if id != "" && !own[id] && (v.forgotten(account) || !mayFeed(account, v.channel, v.connection.Channels)) {
			skip = append(skip, id)
		}
	}
	return skip
}

// forgotten reports whether an account was deleted and this run leaves it so.
func (v *visit) forgotten(account ledger.Account) bool {
	return account.Deleted && account.FedBy == v.channel.DefinitionID && v.run.Type != synchronization.ListAccounts
}
