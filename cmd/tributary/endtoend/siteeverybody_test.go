package endtoend

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// everybody is who banks at the test bank, and what comes of a visit to its web site.
func everybody() map[string]func(*testing.T, siteVisit) {
	return map[string]func(*testing.T, siteVisit){
		"camille": reads, "nora": reads, "jonas": reads, "sofia": reads, "gaspard": reads,
		"louise": reads, // late, but there
		"tom":    reads, // what is limited is the interface
		"iris":   reads, // as is what ends there
		"rose":   reads, // by day
		"paul":   codes("FORM"), "odile": codes("FORM"), "simone": answers, "jade": codes("IMAGE"),
		"oscar": sentAgain,
		"alice": func(t *testing.T, v siteVisit) {
			l := v.connects(t)
			chosen := v.asked(t, l, "OPTIONS")
			require.Len(t, chosen.at(t, ".options"), 2)
			v.says(t, l, chosen, "option", "mail")
			v.says(t, l, v.asked(t, l, "FORM", chosen), "code", v.Challenge.Code)
			v.reads(t, l)
		},
		"gabriel": chooses("private"),
		"emma": func(t *testing.T, v siteVisit) {
			l := v.connects(t)
			v.says(t, l, v.asked(t, l, "OPTIONS"), "option", "refuse")
			v.ends(t, l, "CHALLENGE_REQUIRED")
			chooses("approve")(t, v)
		},
		"ines":   byItself,
		"hugo":   onThePhone,
		"marius": onThePhone,
		"victor": ends("AUTH_FAILED"),
		"leo":    ends("ACCOUNT_LOCKED"),
		"manon":  locksItself,
		"adam": func(t *testing.T, v siteVisit) {
			defer v.forgiven(t)
			l := v.connects(t)
			v.ends(t, l, "PASSWORD_CHANGE_REQUIRED")
			post(t, v.bank.url+"/password/adam", url.Values{"password": {v.Password}, "new_password": {changedPassword}})
			id := "testbank-" + v.theme + "-embedded"
			credentials := map[string]any{"credentials": map[string]string{"login": v.Login, "password": changedPassword}}
			l.run = l.put(t, id, credentials).want(t, http.StatusAccepted).text(t, ".last_synchronization_id")
			v.reads(t, l)
		},
		"chloe": func(t *testing.T, v siteVisit) {
			defer v.forgiven(t)
			l := v.connects(t)
			v.ends(t, l, "USER_ACTION_REQUIRED")
			post(t, v.bank.url+"/terms/chloe", nil)
			v.reads(t, l.synchronize(t))
		},
		"basile": ends("PROVIDER_UNAVAILABLE"),
		"serge":  ends("BLOCKED"),
		"agathe": unread,
	}
}

// remembered are those of whom the bank remembers what they did: they visit one theme after the other.
var remembered = map[string]bool{"adam": true, "chloe": true, "hugo": true, "manon": true, "marius": true, "oscar": true}

// changedPassword is what somebody chose at the bank.
const changedPassword = `ch4nged&s1te/+"é~`

func reads(t *testing.T, v siteVisit) { v.reads(t, v.connects(t)) }

func ends(status string) func(*testing.T, siteVisit) {
	return func(t *testing.T, v siteVisit) {
		l := v.connects(t)
		v.ends(t, l, status)
		require.Empty(t, v.user.every(t, "/v1/accounts?connection_id="+l.id))
	}
}

// codes are asked for once: the next run needs nobody, because the bank knows the browser.
func codes(kind string) func(*testing.T, siteVisit) {
	return func(t *testing.T, v siteVisit) {
		l := v.connects(t)
		asked := v.asked(t, l, kind)
		v.says(t, l, asked, "code", wrongCode)
		v.says(t, l, v.asked(t, l, kind, asked), "code", v.Challenge.Code)
		v.reads(t, l)
		v.reads(t, l.synchronize(t))
	}
}

func answers(t *testing.T, v siteVisit) {
	l := v.connects(t)
	asked := v.asked(t, l, "FORM")
	require.Contains(t, asked.text(t, ".message"), "Dans quelle ville")
	v.says(t, l, asked, "code", v.Challenge.Answer)
	v.reads(t, l)
}

func chooses(option string) func(*testing.T, siteVisit) {
	return func(t *testing.T, v siteVisit) {
		l := v.connects(t)
		asked := v.asked(t, l, "OPTIONS")
		require.Len(t, asked.at(t, ".options"), 2, "%s", asked.body)
		v.says(t, l, asked, "option", option)
		v.reads(t, l)
		v.reads(t, l.synchronize(t))
	}
}

// sentAgain: the first code is of no use any more.
func sentAgain(t *testing.T, v siteVisit) {
	sent := func() int { return v.bank.stats(t, v.Login)["codes_sent"] }
	before := sent()
	l := v.connects(t)
	asked := v.asked(t, l, "FORM")
	when, err := time.Parse(time.RFC3339Nano, asked.text(t, ".resend.available_at"))
	require.NoError(t, err, "%s", asked.body)
	time.Sleep(time.Until(when)) // as long as the recipe says, on real time
	v.user.post(t, "/v1/connections/"+l.id+"/challenge/resend", map[string]string{"id": asked.text(t, ".id")}).want(t, http.StatusAccepted)
	v.sees(t, "it is not sent again", func() bool { return sent() == before+2 })
	v.says(t, l, asked, "code", v.Challenge.Code)
	v.says(t, l, v.asked(t, l, "FORM", asked), "code", v.Challenge.ResendCode)
	v.reads(t, l)
}

// byItself is an approval that needs nothing of ours.
func byItself(t *testing.T, v siteVisit) {
	l := v.connects(t)
	v.asked(t, l, "DECOUPLED")
	v.reads(t, l)
}

func onThePhone(t *testing.T, v siteVisit) {
	l := v.connects(t)
	asked := v.asked(t, l, "DECOUPLED")
	require.Equal(t, v.Login == "marius", asked.at(t, ".image") != nil)
	v.decides(t, "refuse")
	v.ends(t, l, "CHALLENGE_REQUIRED")
	l = l.synchronize(t)
	v.asked(t, l, "DECOUPLED", asked)
	v.decides(t, "approve")
	v.reads(t, l)
}

// locksItself is the bank's doing after three wrong passwords: each is given once, and never again by itself.
func locksItself(t *testing.T, v siteVisit) {
	defer v.forgiven(t)
	reads(t, v)
	before := v.bank.stats(t, v.Login)["wrong_passwords"]
	for n, status := range []string{"AUTH_FAILED", "AUTH_FAILED", "ACCOUNT_LOCKED"} {
		v.ends(t, v.connects(t, wrongPassword), status)
		require.Equal(t, before+n+1, v.bank.stats(t, v.Login)["wrong_passwords"])
	}
	v.ends(t, v.connects(t), "ACCOUNT_LOCKED")
}
