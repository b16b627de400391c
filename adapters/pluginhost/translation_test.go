package pluginhost

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/plugins/sdk"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// crossing is one translation. Both sides are taken apart into their leaves: a
// leaf of the source that is not found in the result was lost, a field of the
// result that stayed empty is filled by nobody.
type crossing struct {
	source    any
	translate func(any) any
	// lost are paths of the source that do not travel, unfilled those of the
	// result that do not come from the plugin; each with its reason.
	lost, unfilled map[string]string
}

func cross[A, B any](f func(A) B, lost, unfilled map[string]string) crossing {
	var a A
	return crossing{a, func(v any) any { return f(v.(A)) }, lost, unfilled}
}

func send(i sdk.Item) []any {
	var seen calls
	if err := (sink{&seen}).Send(i); err != nil {
		panic(err)
	}
	return seen
}

var crossings = []crossing{
	cross(beginOf, nil, nil), cross(continueOf, nil, nil), cross(refreshOf, nil, nil),
	cross(endOf, nil, nil), cross(fetchOf, nil, nil),
	cross(readyOf, nil, nil),
	cross(challengeOf, map[string]string{".Holding": "becomes Live, see below"}, map[string]string{
		".Asked.ID": "ours", ".Asked.ClientID": "ours", ".Asked.UserID": "ours", ".Asked.ConnectionID": "ours",
		".Asked.SynchronizationID": "ours", ".Asked.ChannelDefinition": "ours", ".Asked.ReturnHash": "ours",
		".Asked.State": "ours", ".Asked.CreatedAt": "ours", ".Asked.SealedState": "ours", ".Asked.SealedAnswer": "ours",
		".Asked.Resend.AskedAt": "ours", ".Asked.Resend.Pending": "ours",
		".Asked.Live": "from Holding, see below",
	}),
	cross(func(p sdk.ProviderInfo) any { return providerOf(p, "the-plugin") }, map[string]string{
		".Zone":                "found by its name, see below",
		".Maintenance[0].From": "read, see below", ".Maintenance[0].To": "read, see below", ".Maintenance[0].Zone": "read, see below",
		".Maintenance[1].From": "read, see below", ".Maintenance[1].To": "read, see below", ".Maintenance[1].Zone": "read, see below",
	}, map[string]string{
		".Logo":               "drawn when it is published, see logo_test.go",
		".Channels[0].Health": "of the moment", ".Channels[1].Health": "of the moment",
		".Zone":                "found by its name, see below",
		".Maintenance[0].From": "read, see below", ".Maintenance[0].To": "read, see below",
		".Maintenance[1].From": "read, see below", ".Maintenance[1].To": "read, see below",
	}),
	cross(func(a sdk.AccountItem) []any { return send(a) }, map[string]string{
		".Account.Parent": "the port has no word for it yet", ".Account.Raw": "the port has no word for it yet",
		".Account.Status": "has its own table",
	}, map[string]string{
		"[1].Balances": "told by themselves", "[1].Rows": "told by themselves", "[1].From": "told when done",
		"[1].To": "told when done", "[1].Read": "told when done", "[1].Status": "has its own table",
	}),
	cross(func(i sdk.BalancesItem) []any { return send(i) }, nil, nil),
	cross(func(i sdk.TransactionsItem) []any { return send(i) }, nil, nil),
	cross(func(i sdk.ProgressItem) []any { return send(i) }, nil, nil),
	cross(func(i sdk.AccountFailureItem) []any { return send(i) }, nil, nil),
	cross(func(i sdk.AccountDoneItem) []any { return send(i) }, nil, nil),
	cross(func(i sdk.UsageItem) []any { return send(i) }, nil, nil),
}

func TestNothingIsLostBetweenPortAndPlugin(t *testing.T) {
	t.Parallel()
	for _, c := range crossings {
		t.Run(reflect.TypeOf(c.source).Name(), func(t *testing.T) {
			t.Parallel()
			v := reflect.New(reflect.TypeOf(c.source)).Elem()
			next := 0
			fill(v, "", &next)
			source, result := leaves(v), leaves(reflect.ValueOf(c.translate(v.Interface())))
			for path, value := range source {
				if _, known := c.lost[path]; known {
					continue
				}
				require.True(t, contains(result, value), "%s (%s) is lost", path, value)
			}
			for path, value := range result {
				if _, known := c.unfilled[path]; !known {
					require.NotEqual(t, "", value, "%s is filled by nobody", path)
				}
			}
		})
	}
}

func contains(leaves map[string]string, value string) bool {
	for _, v := range leaves {
		if v == value {
			return true
		}
	}
	return false
}

func TestHoldingSaysWhetherAChallengeIsLive(t *testing.T) {
	t.Parallel()
	require.True(t, challengeOf(sdk.Challenge{Holding: sdk.Live}).Asked.Live)
	require.False(t, challengeOf(sdk.Challenge{Holding: sdk.Durable}).Asked.Live)
}

// A plugin that knows nothing of it is never asked to send a challenge again.
func TestAChallengeThatSaysNothingCannotBeSentAgain(t *testing.T) {
	t.Parallel()
	require.Nil(t, challengeOf(sdk.Challenge{}).Asked.Resend)
}

func TestMaintenance_is_read(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	require.Equal(t, bank.Window{
		Days: []time.Weekday{time.Sunday}, From: 23*time.Hour + 30*time.Minute, To: 5 * time.Hour, Zone: paris,
	}, closedOf(sdk.Maintenance{Days: []time.Weekday{time.Sunday}, From: "23:30", To: "05:00", Zone: "Europe/Paris"}))
	require.Equal(t, bank.Window{Zone: time.UTC}, closedOf(sdk.Maintenance{From: "00:00", To: "00:00"}))
}

func TestStatusesOfAccounts(t *testing.T) {
	t.Parallel()
	for told, want := range map[sdk.AccountStatus]ledger.AccountStatus{
		"": ledger.Active, sdk.AccountOpen: ledger.Active, sdk.AccountClosed: ledger.Closed, sdk.AccountSuspended: ledger.Suspended,
	} {
		report, err := reportOf(sdk.Account{Status: told, Currency: "EUR"})
		require.NoError(t, err)
		require.Equal(t, want, report.Status)
	}
}

// fill gives every leaf its own value; amounts and currencies need a form.
func fill(v reflect.Value, name string, next *int) {
	*next++
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = time.Unix(1_800_000_000+int64(*next), 0).UTC()
		return
	case *time.Duration:
		*x = time.Duration(*next) * time.Second
		return
	case *secret.String:
		*x = secret.New(fmt.Sprintf("secret-%d", *next))
		return
	case *secret.Bytes:
		*x = secret.FromBytes([]byte(fmt.Sprintf("bytes-%d", *next)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		switch name {
		case "Amount", "CreditLimit", "BalanceAfter":
			v.SetString(fmt.Sprintf("%d.25", *next))
		case "Currency":
			v.SetString("CHF")
		default:
			v.SetString(fmt.Sprintf("text-%d", *next))
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(1000 + *next))
	case reflect.Uint8:
		v.SetUint(uint64(*next % 256))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), name, next)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), name, next)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, name, next)
		fill(value, name, next)
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), v.Type().Field(i).Name, next)
		}
	}
}

// leaves takes a value apart: path to text. An empty leaf has the text "".
func leaves(v reflect.Value) map[string]string {
	out := map[string]string{}
	walk(v, "", out)
	return out
}

func walk(v reflect.Value, path string, out map[string]string) {
	if !v.IsValid() {
		return
	}
	if v.CanInterface() {
		switch x := v.Interface().(type) {
		case time.Time:
			out[path] = printed(x, x.IsZero())
			return
		case secret.String:
			out[path] = x.Reveal()
			return
		case secret.Bytes:
			out[path] = string(x.Reveal())
			return
		case []byte:
			out[path] = string(x)
			return
		case *time.Location:
			out[path] = x.String()
			return
		case money.Amount:
			out[path], out[path+".currency"] = x.Decimal(), x.Currency()
			return
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			if v.Type() != reflect.TypeFor[error]() { // a cause does not travel
				out[path] = ""
			}
			return
		}
		walk(v.Elem(), path, out)
	case reflect.Slice:
		if v.Len() == 0 {
			out[path] = ""
		}
		for i := range v.Len() {
			walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i), out)
		}
	case reflect.Map:
		if v.Len() == 0 {
			out[path] = ""
		}
		for _, key := range v.MapKeys() {
			out[path+".key"] = key.String()
			walk(v.MapIndex(key), path+".value", out)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), path+"."+v.Type().Field(i).Name, out)
		}
	default:
		out[path] = printed(v.Interface(), v.IsZero())
	}
}

func printed(v any, empty bool) string {
	if empty {
		return ""
	}
	return fmt.Sprint(v)
}

// The kinds of Failure have the same words on both sides.
func TestFailuresKeepTheirWords(t *testing.T) {
	t.Parallel()
	for _, code := range []port.Code{
		port.AuthFailed, port.AccountLocked, port.TokenExpired, port.PasswordChangeRequired, port.ChallengeRequired,
		port.UserActionRequired, port.RateLimited, port.ProviderUnavailable, port.Blocked, port.SecretStale,
		port.SecretUnreadable, port.SessionLost, port.ChallengeExpired, port.Refused, port.NotSupported, port.BadData, port.Technical,
	} {
		require.Equal(t, code, failureOf(sdk.Fail(sdk.Code(code), nil)).Code)
	}
	for _, whose := range []port.Whose{port.User, port.Bank, port.Plugin, port.Host} {
		require.Equal(t, whose, failureOf(&sdk.Failure{Whose: sdk.Whose(whose)}).Whose)
	}
}

// A plugin of before there was a zone says none: its bank is in that of its country.
func TestZone_is_the_banks_own_or_that_of_its_country(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ told, country, want string }{
		{"", "FR", "Europe/Paris"}, {"", "PT", "Europe/Lisbon"}, {"", "US", "UTC"}, {"", "XX", "UTC"},
		{"America/New_York", "US", "America/New_York"}, {"Atlantic/Azores", "PT", "Atlantic/Azores"},
	} {
		told := providerOf(sdk.ProviderInfo{Zone: c.told, Country: c.country}, "the-plugin")
		require.Equal(t, c.want, told.Zone.String(), c)
	}
	require.Equal(t, time.UTC, zoneOf("Nowhere"))
}
