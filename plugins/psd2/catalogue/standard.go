package catalogue

import (
	"slices"
	"strings"
)

// models are the consents of each standard.
var models = map[string][]string{
	BerlinGroup: {Detailed, BankOffered, Global, AvailableAccounts},
	STET:        {Full, Mixed},

	OpenBankingUK: {Named},
}

// days are how long a consent lasts: what the law allows (Delegated Regulation (EU) 2022/2360); in the United Kingdom the
// user confirms it to us after 90 days (FCA PS21/19), and the bank's lasts.
var days = map[string]int{BerlinGroup: 180, STET: 180, OpenBankingUK: 90}

// usual are the permissions for what we read: each cluster with its details.
var usual = []string{"ReadAccountsDetail", "ReadBalances", "ReadTransactionsCredits", "ReadTransactionsDebits", "ReadTransactionsDetail"}

// signed are the headers that each standard has signed, as far as a request has them: the Berlin Group's Implementation
// Guidelines, section 12.2, and STET's framework, section 3.5, name these. Some banks of STET want less, none want more.
var signed = map[string][]string{
	BerlinGroup: {"digest", "x-request-id", "psu-id", "psu-corporate-id", "tpp-redirect-uri"},
	STET:        {"(request-target)", "date", "digest", "content-type", "content-length", "x-request-id", "psu-ip-address", "psu-user-agent"},
}

// keys are how each standard has a certificate named.
var keys = map[string]string{BerlinGroup: KeyNumber, STET: KeyAddress}

// standard looks for what the standard of a bank does not have.
func (f *file) standard(b Bank) {
	if known := models[b.Standard]; !slices.Contains(known, b.Consent.Model) {
		f.Complain([]string{"consent", "model"}, "consent.model: "+b.Consent.Model+" is not one of "+b.Standard+", which has "+strings.Join(known, ", "))
	}
	switch b.Standard {
	case STET:
		f.simple(b, PreStep, "the user agrees at the bank's token server")
	case OpenBankingUK:
		f.simple(b, OpenID, "the user agrees at the bank's authorisation server")
		f.permissions(b)
		if b.Signature != nil {
			f.Complain([]string{"signature"}, "signature: open-banking-uk signs what is said to the authorisation server alone")
		}
	default:
		if b.Addresses.VersionPath != "" {
			f.Complain([]string{"addresses", "version_path"}, "addresses.version_path: "+b.Standard+" has one only")
		}
		if b.OAuth != nil && b.OAuth.Kind == OpenID {
			f.Complain([]string{"oauth"}, "oauth.kind: openid is of open-banking-uk")
		}
	}
}

// simple is a standard with one way to agree, one list of accounts and one form of reports.
func (f *file) simple(b Bank, kind, why string) {
	if !slices.Equal(b.SCA.Approaches, []string{Redirect}) {
		f.Complain([]string{"sca", "approaches"}, "sca.approaches: "+b.Standard+" has redirect alone: "+why)
	}
	if b.OAuth == nil || b.OAuth.Kind != kind {
		f.Complain([]string{"oauth"}, "oauth: "+b.Standard+" needs tokens: its kind is "+kind)
	}
	for name, named := range map[string]bool{"cards": b.Accounts.Cards, "with_balance": b.Accounts.WithBalance, "reports": b.Accounts.Reports != ""} {
		if named {
			f.Complain([]string{"accounts", name}, "accounts."+name+": "+b.Standard+" has one list of accounts and one form of reports")
		}
	}
}

// permissions looks for clusters that say nothing: the standard has transactions in a detail and in a direction.
func (f *file) permissions(b Bank) {
	asked := b.Consent.Permissions
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(asked, name) })
	}
	if len(asked) > 0 && !has("ReadAccountsBasic", "ReadAccountsDetail") {
		f.Complain([]string{"consent", "permissions"}, "consent.permissions: nothing can be read without accounts")
	}
	if has("ReadTransactionsBasic", "ReadTransactionsDetail") != has("ReadTransactionsCredits", "ReadTransactionsDebits") {
		f.Complain([]string{"consent", "permissions"}, "consent.permissions: transactions need a detail (Basic or Detail) and a direction (Credits or Debits)")
	}
}
