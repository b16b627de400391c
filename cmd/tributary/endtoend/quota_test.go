package endtoend

import (
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestQuota_over_ten_days proves R14 with real processes: a client that asks
// whenever it likes with nobody there, the daily runs, a customer who comes now
// and then, and a server that is killed. The bank allows four unattended
// accesses and never has to turn one away; it would count each it does.
func TestQuota_over_ten_days(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		days    int
		options func(*testing.T) options
	}{
		"SQLite":     {10, func(*testing.T) options { return options{} }},
		"PostgreSQL": {3, func(t *testing.T) options { return options{databaseURL: startDatabase(t).url} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seed, _ := strconv.ParseUint(os.Getenv("SEED"), 10, 64)
			o := c.options(t)
			anna := plain("anna")
			anna.behaviours = `[{kind: quota, calls: 4}]`
			o.bank = startBank(t, anna)
			b := &budget{drama: &drama{bank: o.bank, links: map[string]link{}}, sandbox: startSandbox(t, o), chance: rand.New(rand.NewPCG(seed, 14))}
			b.staff = b.sandbox.asClient(t)
			b.user = b.staff.enrol(t, "ana")
			b.begin(t)
			for hours := 0; hours < 24*c.days; {
				by := 1 + b.chance.IntN(6)
				hours += by
				b.pass(t, by)
			}
			require.Zero(t, o.bank.stats(t, "anna")["quota_refused"], "the bank had to turn us away")
			require.GreaterOrEqual(t, b.read, 2*c.days, "what the bank allows is used")
			require.Positive(t, b.waited, "nobody asked for more than there is")
		})
	}
}

// budget is one connection through the bank's interface for others.
type budget struct {
	*drama
	sandbox      *sandbox
	chance       *rand.Rand
	read, waited int
}

// begin connects, with the customer there.
func (b *budget) begin(t *testing.T) {
	l := b.user.connectTo(t, "testbank", redirect, nil)
	b.links["anna"] = l
	b.consent(t, step{Login: "anna", Password: "anna-pass1"}, l.asked(t, "").text(t, ".url"))
	l.succeeds(t)
	quota := b.user.get(t, "/v1/connections/"+l.id+"/quota").want(t, http.StatusOK)
	require.EqualValues(t, 4, quota.at(t, ".channels[0].limit"))
	require.EqualValues(t, 0, quota.at(t, ".channels[0].lines[0].used"))
}

// pass lets hours go by, and somebody ask.
func (b *budget) pass(t *testing.T, hours int) {
	b.staff.post(t, "/v1/sandbox/clock", map[string]string{"advance": strconv.Itoa(hours) + "h"}).want(t, http.StatusOK)
	speaker := b.staff
	if b.chance.IntN(8) == 0 {
		speaker = b.user
	}
	l := b.links["anna"]
	asked := speaker.post(t, "/v1/connections/"+l.id+"/synchronizations", nil)
	if b.chance.IntN(12) == 0 {
		b.sandbox.kill(t)
		b.sandbox.restart(t)
	}
	if asked.status == http.StatusConflict { // the daily run is at work
		return
	}
	l.run = asked.want(t, http.StatusAccepted).text(t, ".id")
	switch run := l.until(t, "SUCCESS", "PARTIAL_SUCCESS", "FAILED", "CANCELLED", "WAITING"); run.text(t, ".status") {
	case "SUCCESS":
		b.read++
	case "WAITING":
		b.waited++
		require.Equal(t, "RATE_LIMITED", l.look(t).text(t, ".channels[0].status"), "%s", run.body)
		explained := b.user.get(t, "/v1/connections/"+l.id+"/diagnosis").want(t, http.StatusOK)
		require.Equal(t, "SPENT", explained.text(t, ".channels[0].allowance.state"), "%s", explained.body)
		require.Equal(t, run.text(t, ".retry_at"), explained.text(t, ".channels[0].allowance.next_access_at"), "%s", run.body)
	default:
		require.Equal(t, "PARTIAL_SUCCESS", run.text(t, ".status"), "%s", run.body)
	}
	for _, line := range b.lines(t, l) {
		require.LessOrEqual(t, line.Used, 4)
	}
}

// lines are what the API tells of what is spent.
func (b *budget) lines(t *testing.T, l link) (lines []struct{ Used int }) {
	var told struct {
		Channels []struct{ Lines []struct{ Used int } }
	}
	b.user.get(t, "/v1/connections/"+l.id+"/quota").want(t, http.StatusOK).decode(t, &told)
	for _, channel := range told.Channels {
		lines = append(lines, channel.Lines...)
	}
	return lines
}
