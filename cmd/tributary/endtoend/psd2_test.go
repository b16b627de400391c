package endtoend

import (
	"cmp"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// thirdPartyBank is the file of a bank that the sandbox starts with its PSD2
// interface; bank is YAML of its own beside the name.
func thirdPartyBank(t *testing.T, bank string, personas ...persona) string {
	t.Helper()
	text := strings.Replace(bankFile(personas), "bank: {", "bank: {"+bank, 1)
	path := filepath.Join(t.TempDir(), "bank.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// thirdParty is a sandbox that speaks with its bank through the plugin psd2.
type thirdParty struct {
	*drama
	sandbox *sandbox
}

func startThirdParty(t *testing.T, bank string, personas ...persona) thirdParty {
	t.Helper()
	s := startSandbox(t, options{file: thirdPartyBank(t, bank, personas...), plugins: pluginFolder(t, "testbank", "psd2"), level: "debug"})
	p := thirdParty{&drama{bank: s.bank, links: map[string]link{}}, s}
	p.staff = s.asClient(t)
	return p
}

// by is one customer with a user of our own.
func (p thirdParty) by(t *testing.T, login string) thirdParty {
	t.Helper()
	one := *p.drama
	one.user = p.staff.enrol(t, login)
	p.drama = &one
	return p
}

// connects through the plugin; way is the end of the provider's id.
func (p thirdParty) connects(t *testing.T, way string, credentials map[string]string) link {
	t.Helper()
	return p.connectsTo(t, "testbank-xs2a"+way, credentials)
}

// onPage gives the consent on the bank's page for the run that asks for it.
func (p thirdParty) onPage(t *testing.T, l link, login string) {
	t.Helper()
	asked := l.asked(t, "")
	require.Equal(t, "REDIRECT", asked.text(t, ".type"))
	page := asked.text(t, ".url")
	if strings.Contains(page, "/authorize?") { // the token server, which leads on
		page = p.leads(t, page)
	}
	p.consent(t, step{Login: login, Password: login + "-pass1"}, page)
}

func (p thirdParty) leads(t *testing.T, page string) string {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, page, http.NoBody)
	require.NoError(t, err)
	to, err := url.Parse(page)
	require.NoError(t, err)
	to, err = to.Parse(p.user.send(t, request).want(t, http.StatusSeeOther).header.Get("Location"))
	require.NoError(t, err)
	return to.String()
}

// holdsWhatTheBankTells compares the payment accounts, row by row, with what
// stands on them: all of their history, and nothing twice.
func (p thirdParty) holdsWhatTheBankTells(t *testing.T, l link, login string) {
	t.Helper()
	p.holdsAllThatTheBankTells(t, l, login, "CHECKINGS", "CREDIT_CARD") // PSD2 reaches payment accounts only
}

// holdsAllThatTheBankTells compares the accounts of some types.
func (p thirdParty) holdsAllThatTheBankTells(t *testing.T, l link, login string, types ...string) {
	t.Helper()
	wanted, names, rows := map[string][]string{}, map[string]string{}, 0
	for _, s := range p.bank.truth(t, login) {
		if !slices.Contains(types, s.Type) {
			continue
		}
		for _, r := range s.Transactions {
			day := cmp.Or(r.BookingDate, r.ValueDate, r.TransactionDate)
			wanted[s.Type] = append(wanted[s.Type], line(day[:7], r.Status, r.Amount, r.Currency, r.Label))
		}
		names[s.Type], rows = s.Name, rows+len(s.Transactions)
	}
	require.Greater(t, rows, 2*pageSize, "the bank has not enough rows: nothing was proved of its pages")
	got := map[string][]string{}
	for _, a := range l.caller.every(t, "/v1/accounts?connection_id="+l.id) {
		kind := plainText(a["type"])
		require.NotContains(t, got, kind, "an account is there twice")
		require.True(t, strings.HasPrefix(plainText(a["name"]), names[kind]), "%s, and perhaps more", names[kind])
		for _, r := range l.caller.every(t, "/v1/transactions?account_id="+plainText(a["id"])) {
			day := cmp.Or(plainText(r["booking_date"]), plainText(r["value_date"]), plainText(r["transaction_date"]), plainText(r["effective_date"]))
			got[kind] = append(got[kind], line(day[:7], plainText(r["status"]), money(r["amount"]), plainText(r["raw_label"])))
		}
	}
	for _, sheets := range []map[string][]string{wanted, got} {
		for _, sheet := range sheets {
			slices.Sort(sheet)
		}
	}
	require.Equal(t, wanted, got)
}

// TestPSD2 connects with real processes over the bank's PSD2 interface, in each
// way in which its customers can prove who they are.
func TestPSD2(t *testing.T) {
	t.Parallel()
	many := func(p persona) persona { p.daily = 1; return p }
	phoned, chooser := plain("phoned"), plain("chooser")
	phoned.challenge = "{kind: app_approval, approve_after_polls: 2}"
	chooser.challenge = `{kind: options, code: "1234", question: Where to, options: [{value: sms, label: Text}, {value: mail, label: Mail}]}`
	p := startThirdParty(t, "feed: {account_ids: session}, ", many(plain("anna")), many(plain("ella")), many(texted("paul", "123456")), many(phoned), many(chooser))
	t.Run("Redirect", func(t *testing.T) {
		t.Parallel()
		p := p.by(t, "anna")
		l := p.connects(t, "", nil)
		p.onPage(t, l, "anna")
		l.succeeds(t)
		p.holdsWhatTheBankTells(t, l, "anna")
		p.renewsAndRevokes(t, l, "anna")
	})
	t.Run("Redirect_refused", func(t *testing.T) {
		t.Parallel()
		p := p.by(t, "nobody")
		l := p.connects(t, "", nil)
		_, back := post(t, l.asked(t, "").text(t, ".url"), url.Values{"decision": {"refuse"}})
		p.returns(t, back)
		require.Equal(t, "CHALLENGE_REQUIRED", l.until(t, "FAILED").text(t, ".error.code"))
	})
	t.Run("Decoupled", func(t *testing.T) {
		t.Parallel()
		p := p.by(t, "phoned")
		l := p.connects(t, "-app", map[string]string{"psu_id": "phoned"})
		require.Equal(t, "DECOUPLED", l.asked(t, "").text(t, ".type"))
		l.succeeds(t) // by itself, once the phone has
		p.holdsWhatTheBankTells(t, l, "phoned")
	})
	for login, answers := range map[string][]map[string]string{
		"ella":    {{"password": "ella-pass1"}},
		"paul":    {{"password": "paul-pass1"}, {"code": "000000"}, {"code": "123456"}},
		"chooser": {{"password": "chooser-pass1"}, {"option": "mail"}, {"code": "1234"}},
	} {
		t.Run("Embedded_"+login, func(t *testing.T) {
			t.Parallel()
			p, before := p.by(t, "embedded-"+login), ""
			l := p.connects(t, "-password", map[string]string{"psu_id": login})
			for i, answer := range answers {
				asked := l.asked(t, before)
				before = asked.text(t, ".id")
				l.answer(t, asked, answer).want(t, http.StatusAccepted)
				require.NotContains(t, string(asked.body), "pass1", "question %d", i)
			}
			l.succeeds(t)
			p.holdsWhatTheBankTells(t, l, login)
		})
	}
}

// renewsAndRevokes has the consent given again in place: the bank calls its
// accounts otherwise then, and we call them as before. Without a login nobody is
// sent to the bank. In the end the bank knows that it is over.
func (p thirdParty) renewsAndRevokes(t *testing.T, l link, login string) {
	t.Helper()
	first := l.look(t).text(t, ".channels[0].consent_id")
	before, rows := p.accountIDs(t, l), len(l.caller.every(t, "/v1/transactions?connection_id="+l.id))
	l.run = p.user.post(t, "/v1/consents/"+first+"/renew", nil).want(t, http.StatusAccepted).text(t, ".id")
	if login != "" {
		p.onPage(t, l, login)
	}
	l.succeeds(t)
	second := l.look(t).text(t, ".channels[0].consent_id")
	renewed := p.user.get(t, "/v1/consents/"+second).want(t, http.StatusOK)
	require.Equal(t, first, renewed.text(t, ".replaces"))
	require.Equal(t, "ACTIVE", renewed.text(t, ".status"))
	require.NotEmpty(t, renewed.text(t, ".valid_until"))
	require.Equal(t, before, p.accountIDs(t, l), "matched again")
	require.Len(t, l.caller.every(t, "/v1/transactions?connection_id="+l.id), rows)
	p.revokes(t, second)
	require.Equal(t, "TOKEN_EXPIRED", l.synchronize(t).until(t, "FAILED").text(t, ".error.code"))
}

func (p thirdParty) accountIDs(t *testing.T, l link) (ids []string) {
	t.Helper()
	for _, a := range l.caller.every(t, "/v1/accounts?connection_id="+l.id) {
		ids = append(ids, plainText(a["id"]))
	}
	slices.Sort(ids)
	require.NotEmpty(t, ids)
	return ids
}

// TestPSD2_with_OAuth authorises the consent by tokens, which end: Refresh
// renews them, and the bank is told of the end of the consent all the same.
func TestPSD2_with_OAuth(t *testing.T) {
	t.Parallel()
	anna := plain("anna")
	anna.daily = 1
	p := startThirdParty(t, "oauth: integrated, token_life: 2s, ", anna).by(t, "anna")
	l := p.connects(t, "", nil)
	p.onPage(t, l, "anna")
	l.succeeds(t)
	p.holdsWhatTheBankTells(t, l, "anna")
	time.Sleep(2 * time.Second) // a token's life, on real time
	l.synchronize(t).succeeds(t)
	own := l.look(t).text(t, ".channels[0].consent_id")
	require.Contains(t, p.accesses(t, own), "REFRESH SUCCESS")
	time.Sleep(2 * time.Second)
	p.revokes(t, own)
}

// TestPSD2_after_a_restart goes on with the consent at another address of the
// bank, whose certificates and port are new with each start of the sandbox.
func TestPSD2_after_a_restart(t *testing.T) {
	t.Parallel()
	anna := plain("anna")
	anna.daily = 1
	p := startThirdParty(t, "", anna).by(t, "anna")
	l := p.connects(t, "", nil)
	p.onPage(t, l, "anna")
	l.succeeds(t)
	p.sandbox.stop(t)
	p.sandbox.restart(t)
	p.bank = p.sandbox.bank
	l.synchronize(t).succeeds(t)
	p.holdsWhatTheBankTells(t, l, "anna")
	p.revokes(t, l.look(t).text(t, ".channels[0].consent_id"))
}

// accesses are those of a consent, the newest first.
func (p thirdParty) accesses(t *testing.T, consent string) (all []string) {
	t.Helper()
	for _, a := range p.user.every(t, "/v1/consents/"+consent+"/accesses") {
		all = append(all, plainText(a["operation"])+" "+plainText(a["outcome"]))
	}
	return all
}

// revokes the consent, of which the bank has to hear.
func (p thirdParty) revokes(t *testing.T, consent string) {
	t.Helper()
	p.user.post(t, "/v1/consents/"+consent+"/revoke", nil).want(t, http.StatusOK)
	eventually(t, patience, "the bank is not told", func() bool { return p.accesses(t, consent)[0] == "REVOKE SUCCESS" })
}
