package endtoend

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const ours = "TECHNICAL_ERROR" // and not that the user is to agree once more

// misfits are an operator's mistakes: which certificates our connection and seal
// have, and what a bank of each standard makes of it. Nothing is where it makes no
// difference, or where a bank takes the new one for what it is.
var misfits = []struct {
	name, transport, seal string
	// sealAt is whose certificate is to be found where the seal says that it is.
	sealAt, berlin, stet, uk string
	// stranger says that all is in order, but of another company than ours: where nobody registers, banks let it in.
	stranger bool
}{
	{name: "connection-over", transport: "over", berlin: ours, stet: ours, uk: ours},
	{name: "connection-of-no-authority", transport: "nobody's", berlin: ours, stet: ours, uk: ours},
	{name: "connection-of-another", transport: "another's", berlin: ours, stet: ours, uk: ours},
	// Tokens of the United Kingdom are bound to the certificate of the connection; they are renewed with the new one.
	{name: "connection-new", transport: "new"},
	{name: "seal-over", seal: "over", sealAt: "over", berlin: ours, stet: ours, uk: ours},
	{name: "seal-of-another", seal: "another's", sealAt: "another's", berlin: ours, stet: ours, uk: ours},
	// Only the United Kingdom knows a key by its registration.
	{name: "seal-new", seal: "new", sealAt: "new", uk: ours},
	// The Berlin Group has the certificate with the request, and so nothing that it could be another than.
	{name: "seal-not-at-its-address", seal: "new", sealAt: "ours", stet: ours, uk: ours},
	{name: "both-of-another", transport: "another's", seal: "another's", sealAt: "another's", berlin: ours, stet: ours, uk: ours, stranger: true},
}

// drawer holds papers by whose they are.
type drawer struct {
	folders map[string]string
	// seals offers the certificates, each below its name.
	seals *httptest.Server
}

func openDrawer(t *testing.T) drawer {
	t.Helper()
	d := drawer{folders: map[string]string{
		"ours": papers(t), "new": papers(t), "another's": papers(t, "--organization-id", "PSDFR-ACPR-11111"), "over": papers(t, "--life=-30m"), "nobody's": papers(t),
	}}
	own, err := tls.LoadX509KeyPair(filepath.Join(d.folders["ours"], "qwac.pem"), filepath.Join(d.folders["ours"], "qwac.key"))
	require.NoError(t, err)
	d.seals = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(d.folders[r.PathValue("whose")], "qseal.pem"))
	}))
	mux := http.NewServeMux()
	mux.Handle("GET /{whose}/qseal.pem", d.seals.Config.Handler)
	d.seals.Config.Handler = mux
	d.seals.TLS = &tls.Config{Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12}
	d.seals.StartTLS()
	t.Cleanup(d.seals.Close)
	return d
}

// banks is the folder of the bank, which knows all authorities but nobody's.
func (d drawer) bank(t *testing.T) string {
	t.Helper()
	return trusting(t, d.folders["ours"], d.folders["ours"], d.folders["new"], d.folders["another's"], d.folders["over"])
}

// pair is how the file of identities names a certificate.
func (d drawer) pair(whose, name, more string) string {
	in := func(ending string) string { return filepath.Join(d.folders[whose], name+ending) }
	return fmt.Sprintf("{certificate: %q, key: %q%s}", in(".pem"), in(".key"), more)
}

func (d drawer) seal(whose, at string) string {
	return d.pair(whose, "qseal", fmt.Sprintf(", address: %q", d.seals.URL+"/"+url.PathEscape(at)+"/qseal.pem"))
}

// writes the operator's file: who we are, and by mistake at some banks.
func (d drawer) writes(t *testing.T, folder string, mistaken map[string]string) {
	t.Helper()
	text := fmt.Sprintf("common:\n  transport: %s\n  seal: %s\n  authorities: %q\n", d.pair("ours", "qwac", ""), d.seal("ours", "ours"), filepath.Join(d.folders["ours"], "ca.pem"))
	if len(mistaken) > 0 {
		text += "banks:\n"
	}
	for bank, identity := range mistaken {
		text += "  " + bank + ": {" + identity + "}\n"
	}
	require.NoError(t, os.WriteFile(filepath.Join(folder, "identities.yaml"), []byte(text), 0o600))
}

// spoken is one mistake at a bank of one standard. The customer of before has a
// connection already, the one of later gets one while the mistake lasts.
type spoken struct {
	bank, standard, code string
	// stranger says that the newcomer is let in, for another company.
	stranger      bool
	before, later link
	rows          []string
}

func (s spoken) newcomer() string { return s.bank + "-new" }

// TestIdentities_that_do_not_match are mistakes of an operator, at banks of each
// standard: what we show is of another company, over, of an authority that the bank
// does not know, or not what was registered. Users are told that it is us, nothing is
// stored or lost, and once the operator mends it, it goes on.
func TestIdentities_that_do_not_match(t *testing.T) {
	t.Parallel()
	d, identities := openDrawer(t), t.TempDir()
	var cases []*spoken
	mistaken, customers := map[string]string{}, []string{}
	for _, m := range misfits {
		for standard, code := range map[string]string{berlin: m.berlin, french: m.stet, british: m.uk} {
			s := &spoken{bank: standard + "-" + m.name, standard: standard, code: code, stranger: m.stranger && standard != british}
			cases, customers = append(cases, s), append(customers, s.bank, s.newcomer())
			var wrong []string
			if m.transport != "" {
				wrong = append(wrong, "transport: "+d.pair(m.transport, "qwac", ""))
			}
			if m.seal != "" {
				wrong = append(wrong, "seal: "+d.seal(m.seal, m.sealAt))
			}
			mistaken[s.bank] = strings.Join(wrong, ", ")
		}
	}
	c := certifiedWith(t, slimBank("", customers...))
	c.open(t, d.bank(t))
	d.writes(t, identities, nil)
	var entries []string
	for _, s := range cases {
		entries = append(entries, c.entered(s.standard, s.bank, "", ""))
	}
	p := c.asThirdParty(t, identities, entries...).by(t, "anna")
	p.registers(t, c, "", d.folders["ours"], "private_key_jwt")
	for _, s := range cases {
		s.before = p.connectsTo(t, s.bank, nil)
		p.onPage(t, s.before, s.bank)
	}
	for _, s := range cases {
		s.before.succeeds(t)
		s.rows = s.before.rowIDs(t)
		require.NotEmpty(t, s.rows)
		c.endTokens(t, s.bank) // or who has one needs no proof of who we are for a while
	}
	p.restartsWith(t, func() { d.writes(t, identities, mistaken) })
	p.meetsRefusal(t, c, cases)
	p.hearsOfRefusals(t, cases)
	p.restartsWith(t, func() { d.writes(t, identities, nil) })
	p.isLetIn(t, cases)
	p.tellsNoSecret(t)
}

// restartsWith has the operator change something.
func (p thirdParty) restartsWith(t *testing.T, change func()) {
	t.Helper()
	p.sandbox.stop(t)
	change()
	p.sandbox.restart(t)
}

// meetsRefusal goes to the banks while the mistakes last.
func (p thirdParty) meetsRefusal(t *testing.T, c *certified, cases []*spoken) {
	t.Helper()
	calls := map[string]int{}
	for _, s := range cases {
		calls[s.bank] = c.stats(t, s.bank)["data_calls"]
		s.before = s.before.synchronize(t)
		s.later = p.connectsTo(t, s.bank, nil)
		if s.code == "" || s.stranger || s.standard == french { // where browsers go before anything is proved
			p.onPage(t, s.later, s.newcomer())
		}
	}
	for _, s := range cases {
		if s.code == "" {
			s.before.succeeds(t)
			s.later.succeeds(t)
			continue
		}
		s.before.refusedForUs(t)
		require.Equal(t, s.rows, s.before.rowIDs(t), "%s: nothing is lost", s.bank)
		require.Equal(t, calls[s.bank], c.stats(t, s.bank)["data_calls"], "%s: the bank gives nothing", s.bank)
		require.Equal(t, "ACTIVE", s.before.consent(t).text(t, ".status"), s.bank)
		if s.stranger {
			s.later.succeeds(t)
			continue
		}
		s.later.refusedForUs(t)
		require.Empty(t, s.later.rowIDs(t), s.bank)
		require.Empty(t, s.later.caller.every(t, "/v1/accounts?connection_id="+s.later.id), s.bank)
		require.Empty(t, s.later.caller.every(t, "/v1/consents?status=ACTIVE&connection_id="+s.later.id), s.bank)
		require.Zero(t, c.stats(t, s.newcomer())["data_calls"], s.bank)
	}
}

// hearsOfRefusals looks for the events: that the run failed for us, and nothing of
// data.
func (p thirdParty) hearsOfRefusals(t *testing.T, cases []*spoken) {
	t.Helper()
	heard := map[string][]fact{}
	for _, f := range p.staff.facts(t) {
		heard[f.ConnectionID] = append(heard[f.ConnectionID], f)
	}
	for _, s := range cases {
		for _, l := range []link{s.before, s.later} {
			last := slices.IndexFunc(heard[l.id], func(f fact) bool {
				return f.Data["synchronization_id"] == l.run && strings.HasPrefix(f.Name, "synchronization.f")
			})
			if s.code == "" || s.stranger && l == s.later {
				require.Negative(t, last, s.bank)
				continue
			}
			require.GreaterOrEqual(t, last, 0, "%s: %v", s.bank, heard[l.id])
			require.Equal(t, ours, heard[l.id][last].Data["error"], "%v", heard[l.id][last])
			require.False(t, l == s.later && slices.ContainsFunc(heard[l.id], func(f fact) bool {
				return strings.HasPrefix(f.Name, "accounts.") || strings.HasPrefix(f.Name, "transactions.")
			}), s.bank)
		}
	}
}

// refusedForUs is what the user sees of it: that it is us, and nothing to agree to.
func (l link) refusedForUs(t *testing.T) {
	t.Helper()
	l.fails(t, ours)
	said := l.caller.get(t, "/v1/connections/"+l.id+"/diagnosis").want(t, http.StatusOK)
	require.Equal(t, ours, said.text(t, ".channels[0].status"))
	require.Equal(t, "Something went wrong on our side.", said.text(t, ".channels[0].what_happened"))
	require.NotEmpty(t, said.text(t, ".channels[0].what_to_do"))
	require.Equal(t, "CONTACT_SUPPORT", said.text(t, ".channels[0].required_action.type"))
}

// isLetIn goes there once the mistakes are mended.
func (p thirdParty) isLetIn(t *testing.T, cases []*spoken) {
	t.Helper()
	for _, s := range cases {
		s.before, s.later = s.before.synchronize(t), s.later.synchronize(t)
		if s.stranger { // what was given to another company is worth nothing to us: the user renews it
			s.later.refusedForUs(t)
			s.later.run = p.user.post(t, "/v1/consents/"+s.later.consent(t).text(t, ".id")+"/renew", nil).want(t, http.StatusAccepted).text(t, ".id")
		}
		if s.code != "" { // who was not let in agrees now
			p.onPage(t, s.later, s.newcomer())
		}
	}
	for _, s := range cases {
		s.later.succeeds(t)
		require.NotEmpty(t, s.later.rowIDs(t))
		s.before.succeeds(t)
		require.Equal(t, s.rows, s.before.rowIDs(t), "%s: all is as before", s.bank)
	}
}

// tellsNoSecret searches the logs of all processes.
func (p thirdParty) tellsNoSecret(t *testing.T) {
	t.Helper()
	for _, log := range append(p.sandbox.logs, p.bank.process.log) {
		text, err := os.ReadFile(log)
		require.NoError(t, err)
		require.Empty(t, bankSecrets.FindAllString(string(text), 3))
	}
}

// agrees connects, gives the consent and has everything read.
func (p thirdParty) agrees(t *testing.T, bank, login string) link {
	t.Helper()
	l := p.connectsTo(t, bank, nil)
	p.onPage(t, l, login)
	l.succeeds(t)
	return l
}

// consent is that of the connection's first channel.
func (l link) consent(t tester) answer {
	t.Helper()
	return l.caller.get(t, "/v1/consents/"+l.look(t).text(t, ".channels[0].consent_id")).want(t, http.StatusOK)
}
