package catalogue

import (
	"cmp"
	"strings"
)

// complete fills in what a file may leave out.
func (b *Bank) complete() {
	b.SCA.PSUID, b.SCA.CorporateID = cmp.Or(b.SCA.PSUID, Never), cmp.Or(b.SCA.CorporateID, Never)
	b.Addresses.VersionPath = cmp.Or(b.Addresses.VersionPath, b.versionPath())
	b.Consent.Days = cmp.Or(b.Consent.Days, days[b.Standard])
	b.Consent.FrequencyPerDay = cmp.Or(b.Consent.FrequencyPerDay, 4)
	b.Quota.PerDay = cmp.Or(b.Quota.PerDay, 4)
	if b.Standard == OpenBankingUK && len(b.Consent.Permissions) == 0 {
		b.Consent.Permissions = usual
		if b.Consent.OwnerNames {
			b.Consent.Permissions = append(b.Consent.Permissions[:len(usual):len(usual)], "ReadParty")
		}
	}
	if len(b.Accounts.Types) == 0 {
		b.Accounts.Types = []string{"CHECKINGS"}
		if b.Accounts.Cards {
			b.Accounts.Types = append(b.Accounts.Types, "CREDIT_CARD")
		}
	}
	if b.Signature != nil {
		b.Signature.Digest = cmp.Or(b.Signature.Digest, "SHA-256")
		b.Signature.Key = cmp.Or(b.Signature.Key, keys[b.Standard])
		if len(b.Signature.Headers) == 0 {
			b.Signature.Headers = signed[b.Standard]
		}
	}
	if b.OAuth != nil {
		b.OAuth.complete()
	}
}

func (o *OAuth) complete() {
	if o.Kind != OpenID {
		o.Scope = cmp.Or(o.Scope, "AIS:{consent}")
		return
	}
	o.Scope, o.Response, o.Proof = cmp.Or(o.Scope, "openid accounts"), cmp.Or(o.Response, Hybrid), cmp.Or(o.Proof, SignedProof)
}

// versionPath is the segment that names the standard's version.
func (b *Bank) versionPath() string {
	switch {
	case b.Standard != OpenBankingUK:
		return "v1"
	case strings.HasPrefix(b.Version, "3."):
		return "v3.1"
	}
	return "v4.0"
}
