package catalogue

import (
	"slices"
	"strings"
)

// models are the consents of each standard.
var models = map[string][]string{
	BerlinGroup: {Detailed, BankOffered, Global, AvailableAccounts},
	STET:        {Full, Mixed},
}

// signed are the headers that each standard has signed: the Berlin Group's Implementation Guidelines, section 12.2, name
// these; STET leaves them to the bank, and what was called and which call it was are the least that makes sense.
var signed = map[string][]string{
	BerlinGroup: {"digest", "x-request-id", "psu-id", "psu-corporate-id", "tpp-redirect-uri"},
	STET:        {"(request-target)", "digest", "x-request-id"},
}

// keys are how each standard has a certificate named.
var keys = map[string]string{BerlinGroup: KeyNumber, STET: KeyAddress}

// standard looks for what the standard of a bank does not have.
func (f *file) standard(b Bank) {
	if known := models[b.Standard]; !slices.Contains(known, b.Consent.Model) {
		f.Complain([]string{"consent", "model"}, "consent.model: "+b.Consent.Model+" is not one of "+b.Standard+", which has "+strings.Join(known, ", "))
	}
	if b.Standard != STET {
		if b.Addresses.VersionPath != "" {
			f.Complain([]string{"addresses", "version_path"}, "addresses.version_path: only stet has several")
		}
		return
	}
	if !slices.Equal(b.SCA.Approaches, []string{Redirect}) {
		f.Complain([]string{"sca", "approaches"}, "sca.approaches: stet has redirect alone: the user agrees at the bank's token server")
	}
	if b.OAuth == nil || b.OAuth.Kind != PreStep {
		f.Complain([]string{"oauth"}, "oauth: stet has a token before everything else: its kind is pre-step")
	}
	for name, named := range map[string]bool{"cards": b.Accounts.Cards, "with_balance": b.Accounts.WithBalance, "reports": b.Accounts.Reports != ""} {
		if named {
			f.Complain([]string{"accounts", name}, "accounts."+name+": stet has one list of accounts and one form of reports")
		}
	}
}
