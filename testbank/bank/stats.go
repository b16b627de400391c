package bank

// Stats counts what one persona caused since the bank opened.
type Stats struct {
	Logins            int `json:"logins"`
	WrongPasswords    int `json:"wrong_passwords"`
	CodesSent         int `json:"codes_sent"`
	WrongCodes        int `json:"wrong_codes"`
	ApprovalsAsked    int `json:"approvals_asked"`
	ChallengesAvoided int `json:"challenges_avoided"`
	ChallengesRefused int `json:"challenges_refused_unattended"`
	ConsentsGranted   int `json:"consents_granted"`
	TokensRefreshed   int `json:"tokens_refreshed"`
	DataCalls         int `json:"data_calls"`
	QuotaRefused      int `json:"quota_refused"`
}

// Stats gives a persona's counts, and whether there is such a persona.
func (b *Bank) Stats(login string) (Stats, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	stats, ok := b.stats[login]
	if !ok {
		return Stats{}, false
	}
	return *stats, true
}
