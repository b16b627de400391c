package oauth_test

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
)

// guess tries a password without a network between, from an address that the
// client tells.
func (b *bench) guess(username, password, address string) *httptest.ResponseRecorder {
	return b.guessAs(b.client.ID, b.secret, username, password, address)
}

func (b *bench) guessAs(id ident.Client, secret, username, password, address string) *httptest.ResponseRecorder {
	request := httptest.NewRequest("POST", oauth.TokenPath, strings.NewReader(form("grant_type", "password", "username", username, "password", password)))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if address != "" {
		request.Header.Set("PSU-IP-Address", address)
	}
	request.SetBasicAuth(string(id), secret)
	recorder := httptest.NewRecorder()
	b.Handler().ServeHTTP(recorder, request)
	return recorder
}

func address(i int) string { return fmt.Sprintf("198.51.%d.%d", i/250, i%250) }

func account(i int) string {
	if i == 0 {
		return email
	}
	return fmt.Sprintf("user%d@example.org", i)
}

// attacks are who guesses at whom, and how many guesses are looked at: at once,
// and over an hour.
var attacks = map[string]struct {
	addresses, accounts int
	atOnce, anHour      int64
}{
	"one address, one account":           {1, 1, 10, 10 + 30},
	"a thousand addresses, one account":  {1000, 1, 20, 20 + 60},
	"one address, a thousand accounts":   {1, 1000, 100, 100 + 720},
	"a thousand addresses and accounts":  {1000, 1000, 1000, 1000 + 3600},
	"ten addresses, a thousand accounts": {10, 1000, 1000, 1000 + 3600},
}

// TestBruteForce_A4: of ten thousand wrong passwords no more than the limits say
// are looked at, and the victim gets in from a new device soon after.
func TestBruteForce_A4(t *testing.T) {
	t.Parallel()
	const guesses = 10_000
	for name, attack := range attacks {
		for pace, c := range map[string]struct {
			pause time.Duration
			limit int64
		}{"at once": {0, attack.atOnce}, "in an hour": {time.Hour / guesses, attack.anHour}} {
			t.Run(name+", "+pace, func(t *testing.T) {
				t.Parallel()
				b := newBench(t)
				work := b.hasher.Work()
				texts := map[int]map[string]bool{}
				for i := range guesses {
					a := b.guess(account((i+i/1000)%attack.accounts), "wrong-1", address(i%attack.addresses))
					if texts[a.Code] == nil {
						texts[a.Code] = map[string]bool{}
					}
					texts[a.Code][a.Body.String()] = true
					b.pass(c.pause)
				}
				require.LessOrEqual(t, b.hasher.Work()-work, c.limit+1)
				require.GreaterOrEqual(t, b.hasher.Work()-work, c.limit/2, "the limits are used, not missed")
				require.Len(t, texts[400], 1, "equal text")
				require.Len(t, texts[429], 1, "equal text")
				require.Len(t, texts, 2)

				require.LessOrEqual(t, b.waitToLogin(t, "203.0.113.9"), time.Minute, "no lock-out")
			})
		}
	}
}

// waitToLogin is how long the user has to wait, doing as told, until the right
// password is taken.
func (b *bench) waitToLogin(t *testing.T, from string) time.Duration {
	t.Helper()
	var waited time.Duration
	for range 10 {
		a := b.guess(email, password, from)
		if a.Code == 200 {
			return waited
		}
		require.Equal(t, 429, a.Code)
		seconds, err := strconv.Atoi(a.Header().Get("Retry-After"))
		require.NoError(t, err)
		require.Positive(t, seconds)
		waited += time.Duration(seconds) * time.Second
		b.pass(time.Duration(seconds) * time.Second)
	}
	t.Fatal("still locked out")
	return 0
}

// TestBruteForce_A4_victim: during an attack that does not end.
func TestBruteForce_A4_victim(t *testing.T) {
	t.Parallel()

	t.Run("one_address_keeps_nobody_out", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		for i := range 24 * 60 {
			b.guess(email, "wrong-1", "198.51.100.1")
			b.pass(time.Minute)
			if i%97 == 0 {
				require.Zero(t, b.waitToLogin(t, "2001:db8:"+strconv.Itoa(i)+"::1"), "a new device each time")
			}
		}
	})

	t.Run("a_known_place_is_let_in_whatever_comes_from_elsewhere", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		const home = "203.0.113.9"
		require.Equal(t, 200, b.guess(email, password, home).Code)
		for i := range 5000 {
			b.guess(account(i%300), "wrong-1", address(i%1000))
			if i%500 == 0 {
				require.Equal(t, 200, b.guess(email, password, home).Code)
			}
		}
		require.Equal(t, 429, b.guess(email, password, "203.0.113.10").Code)
	})

	t.Run("a_known_place_may_not_guess_for_ever_either", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		require.Equal(t, 200, b.guess(email, password, "203.0.113.9").Code)
		work := b.hasher.Work()
		for range 100 {
			b.guess(email, "wrong-1", "203.0.113.9")
		}
		require.EqualValues(t, 10, b.hasher.Work()-work)
	})

	t.Run("other_clients_users_are_not_touched", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		other, secret := b.newClient(t, client.PasswordGrant)
		b.newUser(t, other.ID, email, password)
		for i := range 1500 {
			b.guess(email, "wrong-1", address(i%50))    // the account's limit
			b.guess(account(i), "wrong-1", address(60)) // the address's
			b.guess(account(i), "wrong-1", address(i))  // the client's
		}
		for i, from := range []string{address(60), address(61), address(1)} {
			require.Equal(t, 429, b.guess(email, password, from).Code)
			require.Equal(t, 200, b.guessAs(other.ID, secret, email, password, from).Code, i)
		}
	})

	t.Run("tokens_go_on", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		before := b.login(t)
		for i := range 100 {
			b.guess(email, "wrong-1", address(i))
		}
		require.True(t, b.opens(t, before))
		require.Equal(t, 200, b.renew(t, before.refresh()).status)
		require.Equal(t, 200, b.exchange(t).status)
		require.Equal(t, 200, b.post(t, "grant_type", "client_credentials").status)
	})

	t.Run("right_passwords_are_never_counted", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		for i := range 2000 {
			require.Equal(t, 200, b.guess(email, password, address(i%3)).Code)
		}
	})
}

// TestThrottled_A4_tells_nothing: neither answer nor work of a refused attempt
// depends on whether the user exists or the password is right.
func TestThrottled_A4_tells_nothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i := range 30 {
		b.guess(email, "wrong-1", address(i))
		b.guess("nobody@example.org", "wrong-1", address(i))
	}
	b.tokens.reads()
	var first *httptest.ResponseRecorder
	for _, c := range []struct{ username, password string }{
		{email, "wrong-2"}, {email, password}, {"nobody@example.org", password}, {strings.ToUpper(email), password},
	} {
		work, reads := b.hasher.Work(), b.tokens.reads()
		a := b.guess(c.username, c.password, address(99))
		require.Equal(t, 429, a.Code)
		require.JSONEq(t, `{"error":"temporarily_unavailable","error_description":"There were too many attempts to log in. Try again later."}`, a.Body.String())
		require.Equal(t, "60", a.Header().Get("Retry-After"))
		require.Equal(t, "no-store", a.Header().Get("Cache-Control"))
		require.Equal(t, work, b.hasher.Work(), "nothing is hashed")
		require.Equal(t, reads+1, b.tokens.reads(), "the client alone is read")
		if first != nil {
			require.Equal(t, first.Body.String(), a.Body.String())
			require.Equal(t, first.Header(), a.Header())
		}
		first = a
	}
	require.Contains(t, b.logs.String(), `"limit":"account"`)
	requireNoSecret(t, b, b.logs.String())
	require.NotContains(t, b.logs.String(), "198.51")
}

// TestThrottle_gives_back_what_failed: a busy server is not the user's fault.
func TestThrottle_gives_back_what_failed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.tune = func(c *oauth.Config) { c.Hasher = busyHasher{} }
	b.serve(t)
	for range 50 {
		require.Equal(t, 503, b.guess(email, password, "").Code)
	}
}

func TestThrottle_takes_addresses_only(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.guess(email, password, canary)
	require.Equal(t, 400, a.Code)
	require.Contains(t, a.Body.String(), "PSU-IP-Address")
	require.NotContains(t, a.Body.String(), canary)
}

// TestTiming_A4: the median time of an answer differs by less than 5 ms between
// users that exist and users that do not. (Hashing is counted elsewhere; here it
// is cheap, so that anything else would show.)
func TestTiming_A4(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	off := oauth.Limit{Burst: 1 << 20, Every: time.Nanosecond}
	b.tune = func(c *oauth.Config) { c.Limits = oauth.Limits{Account: off, Client: off, Address: off, Place: off} }
	b.serve(t)
	for i := range 200 {
		b.newUser(t, b.client.ID, fmt.Sprintf("known%d@example.org", i), password)
	}
	var known, unknown []time.Duration
	for i := range 2000 {
		for _, c := range []struct {
			times *[]time.Duration
			name  string
		}{{&known, "known"}, {&unknown, "other"}} {
			began := time.Now()
			a := b.guess(fmt.Sprintf("%s%d@example.org", c.name, i%200), "wrong-1", "")
			*c.times = append(*c.times, time.Since(began))
			require.Equal(t, 400, a.Code)
		}
	}
	slices.Sort(known)
	slices.Sort(unknown)
	require.InDelta(t, known[1000].Seconds(), unknown[1000].Seconds(), 0.005)
}
