package catalogue

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// sense looks for what a schema cannot see.
func (f *file) sense(b Bank, quirks Quirks) {
	f.addresses(b)
	f.standard(b)
	embedded := slices.Contains(b.SCA.Approaches, Embedded)
	if embedded && b.Consent.Model == BankOffered {
		f.Complain([]string{"consent", "model"}, "consent.model: bank-offered is not possible with the embedded approach: there is no page of the bank to choose on")
	}
	if embedded && b.SCA.PSUID != Required {
		f.Complain([]string{"sca"}, "sca.psu_id: must be required with the embedded approach: the bank has to know whose password it is")
	}
	if b.Consent.OwnerNames && !slices.Contains([]string{Global, AvailableAccounts, Mixed, Named}, b.Consent.Model) {
		f.Complain([]string{"consent", "owner_names"}, "consent.owner_names: only global, available-accounts, mixed and permissions can ask for names")
	}
	if b.OAuth != nil && b.OAuth.Kind == Integrated && !slices.Contains(b.SCA.Approaches, Redirect) {
		f.Complain([]string{"oauth"}, "oauth.kind: integrated is a redirect: sca.approaches must name it")
	}
	for i, quirk := range b.Quirks {
		if _, known := quirks[quirk]; !known {
			f.Complain([]string{"quirks", strconv.Itoa(i)}, "quirks: "+strconv.Quote(quirk)+" is not known for "+b.Standard+"; known are "+strings.Join(quirks.Names(), ", "))
		}
	}
}

// addresses wants every address on a host that may be contacted.
func (f *file) addresses(b Bank) {
	for place, address := range map[string]string{"api": b.Addresses.API, "authorization": b.OAuth.of().Authorization, "token": b.OAuth.of().Token, "issuer": b.OAuth.of().Issuer} {
		where := []string{"oauth", place}
		if place == "api" {
			where = []string{"addresses", place}
		}
		if address == "" {
			continue
		}
		parsed, err := url.Parse(address)
		switch {
		case err != nil || parsed.Host == "" || parsed.User != nil:
			f.Complain(where, strings.Join(where, ".")+": is no address")
		case place != "api" && !slices.Contains(b.Hosts(), parsed.Host):
			f.Complain(where, strings.Join(where, ".")+": "+parsed.Host+" is not among addresses.hosts")
		}
	}
}

// Hosts are all that may be contacted.
func (b Bank) Hosts() []string {
	hosts := slices.Clone(b.Addresses.Hosts)
	if api, err := url.Parse(b.Addresses.API); err == nil {
		hosts = append(hosts, api.Host)
	}
	return hosts
}

// of is empty where there are no tokens.
func (o *OAuth) of() OAuth {
	if o == nil {
		return OAuth{}
	}
	return *o
}
