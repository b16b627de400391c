package scheduling_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/schedule"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// answers are all that a bank can do at a channel.
var answers = []string{
	reads, shows, halves, asks, halfThere,
	string(port.AuthFailed), string(port.AccountLocked), string(port.TokenExpired), string(port.PasswordChangeRequired),
	string(port.ChallengeRequired), string(port.UserActionRequired), string(port.RateLimited), string(port.ProviderUnavailable),
	string(port.Blocked), string(port.SecretStale), string(port.SecretUnreadable), string(port.SessionLost),
	string(port.ChallengeExpired), string(port.Refused), string(port.NotSupported), string(port.BadData), string(port.Technical), "NO_SUCH_CODE",
}

// broken are those that say that something is wrong with us.
var broken = []string{string(port.NotSupported), string(port.BadData), string(port.Technical), "NO_SUCH_CODE"}

// steps of the clock that users see.
var jumps = []time.Duration{time.Minute, 10 * time.Minute, time.Hour, 13 * time.Hour, day, 3 * day, -time.Hour, -day, -40 * day}

// space is a world in which anything happens, in any order.
type space struct {
	*world
	r *rapid.T
	// refused is what each channel's bank said that needs its user.
	refused map[string]string
}

// TestNever_unscheduled_and_unnotified walks through the states of connections,
// with the real services, worker and scheduler: after every step each of them is
// running, or will be by itself, or its user was told what to do, or wanted it so.
func TestNever_unscheduled_and_unnotified(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := &space{newWorld(t), r, map[string]string{}}
		s.t = r
		s.banks.look = s.entering
		s.connect(oak, web, api)
		for range rapid.IntRange(1, 40).Draw(r, "steps") {
			s.step()
			s.check()
		}
		s.goesOn()
	})
}

func (s *space) step() {
	all := s.everything()
	acts := map[string]func(c *connection.Connection){
		"bank":   func(*connection.Connection) { s.bank() },
		"time":   func(*connection.Connection) { s.clock() },
		"run":    func(c *connection.Connection) { _, _ = s.runs.Start(s.ctx, s.ana, string(c.ID), s.kind()) },
		"queue":  func(*connection.Connection) { s.look() },
		"work":   func(*connection.Connection) { s.work() },
		"cancel": func(c *connection.Connection) { _, _ = s.runs.Cancel(s.ctx, s.ana, string(c.LastSynchronizationID)) },
		"answer": s.answer, "auto": s.auto, "credentials": s.credentials, "delete_account": s.deleteAccount,
		"die": s.die, "gone": func(*connection.Connection) { s.serve(elm) }, "back": func(*connection.Connection) { s.serve(oak, elm) },
		"breaker": func(*connection.Connection) { s.trip() },
	}
	if len(all) == 0 {
		s.serve(oak, elm)
		s.refused = map[string]string{}
		s.connect(oak, [][]string{{web}, {api}, {web, api}}[rapid.IntRange(0, 2).Draw(s.r, "channels")]...)
		return
	}
	act := rapid.SampledFrom([]string{
		"bank", "bank", "time", "time", "time", "run", "run", "queue", "queue", "work", "work", "work", "cancel", "answer", "auto",
		"credentials", "delete_account", "die", "gone", "back", "breaker",
	}).Draw(s.r, "act")
	acts[act](all[0])
}

func (s *space) bank() {
	s.banks.does[oak+rapid.SampledFrom([]string{web, api}).Draw(s.r, "channel")] = rapid.SampledFrom(answers).Draw(s.r, "does")
	s.banks.retryAt = time.Time{}
	if hours := rapid.IntRange(-1, 400).Draw(s.r, "retry"); hours >= 0 {
		s.banks.retryAt = s.now().Add(time.Duration(hours) * time.Hour)
	}
}

// clock moves the users' clock as it likes, and the real one on. A server is
// awake all the time: it sees each step.
func (s *space) clock() {
	s.Pass(time.Duration(rapid.IntRange(1, 900).Draw(s.r, "seconds")) * time.Second)
	s.offset += rapid.SampledFrom(jumps).Draw(s.r, "jump")
	s.look()
}

func (s *space) kind() synchronization.Type {
	return rapid.SampledFrom([]synchronization.Type{synchronization.All, synchronization.ListAccounts}).Draw(s.r, "kind")
}

func (s *space) answer(c *connection.Connection) {
	if open, err := s.links.Current(s.ctx, s.ana, string(c.ID)); err == nil {
		_ = s.links.Answer(s.ctx, s.ana, string(c.ID), string(open.ID), secret.Values{"code": secret.New("1")})
	}
}

func (s *space) auto(c *connection.Connection) {
	on := rapid.Bool().Draw(s.r, "on")
	_, err := s.links.Change(s.ctx, s.ana, string(c.ID), usecase.ConnectionChange{AutoSync: &on})
	require.NoError(s.r, err)
}

func (s *space) credentials(c *connection.Connection) {
	_, err := s.links.ReplaceCredentials(s.ctx, s.ana, string(c.ID), usecase.NewChannel{DefinitionID: oak + web, Credentials: secret.Values{"login": secret.New("new")}}, "")
	if err == nil && s.refused[oak+web] == string(connection.AuthFailed) {
		delete(s.refused, oak+web)
	}
}

func (s *space) deleteAccount(*connection.Connection) {
	var id string
	s.View(func(ctx context.Context, tx store.Tx) error {
		found, err := tx.Accounts().List(ctx, s.ana.Owner(), store.AccountFilter{}, store.Page{Limit: 1})
		if len(found.Items) > 0 {
			id = string(found.Items[0].ID)
		}
		return err
	})
	if id != "" {
		_ = s.accounts.Delete(s.ctx, s.ana, id)
	}
}

// die loses the process that holds a run: another one finds it after its lease.
func (s *space) die(c *connection.Connection) {
	run := s.active(c.ID)
	if run == nil || run.Status == synchronization.Paused {
		return
	}
	s.Update(func(ctx context.Context, tx store.Tx) error {
		run, err := tx.Runs().Load(ctx, run.ID)
		if err != nil {
			return err
		}
		if run.Lease.Held(s.Now()) {
			return nil
		}
		if err := run.Claim("dead", s.Now(), s.Now().Add(15*time.Second)); err != nil {
			return err
		}
		return tx.Runs().Put(ctx, run)
	})
}

func (s *space) trip() {
	channel := oak + rapid.SampledFrom([]string{web, api}).Draw(s.r, "tripped")
	for range schedule.Threshold {
		s.worker.Watch.Absent(s.ctx, channel)
	}
}

// entering looks at each log-in: one that nobody is there for never comes after
// an answer that needs the user, as long as none let the user in (R17). New
// credentials are no refused ones.
func (s *space) entering(req port.Begin) {
	channel, does := req.Session.ChannelID, s.banks.does[req.Session.ChannelID]
	if req.PSU == nil {
		require.Empty(s.r, s.refused[channel], "logged in by itself")
	}
	switch {
	case connection.NeedsUser(connection.ChannelStatus(does)):
		s.refused[channel] = does
	case slices.Contains([]string{reads, shows, halves, halfThere}, does):
		delete(s.refused, channel)
	case slices.Contains(broken, does) && s.refused[channel] == string(connection.ChallengeRequired):
		delete(s.refused, channel) // we try again: nobody is asked by that
	}
}

func (s *space) check() {
	for _, c := range s.everything() {
		if run := s.active(c.ID); run != nil {
			require.True(s.r, !run.DueAt.IsZero() || run.Rests(), "a run that nobody looks at again")
			continue
		}
		planned := false
		for _, channel := range c.Channels {
			at := fmt.Sprintf("%s is %s", channel.DefinitionID, channel.Status)
			require.NotEqual(s.r, connection.ChannelRunning, channel.Status, "%s without a run", at)
			require.False(s.r, !channel.NextAt.IsZero() && (!c.AutoSync || connection.NeedsUser(channel.Status)), "%s and goes on by itself", at)
			switch {
			case !c.AutoSync: // the user's own wish
			case !channel.NextAt.IsZero():
				planned = true
			case channel.Dropped(), channel.Status == connection.ChannelClosed: // the user's own act, or the bank's end of it
			default:
				require.Equal(s.r, [2]string{string(channel.Status), string(connection.RuleOf(channel.Status).Action)}, s.told(c, channel.DefinitionID), at)
			}
		}
		require.Equal(s.r, planned, !c.NextSynchronizationAt.IsZero(), "a connection has its turn when one of its channels has")
		if planned {
			require.False(s.r, c.NextSynchronizationAt.After(s.now().Add(schedule.Horizon+time.Hour)), "asleep")
		}
	}
}

// told is the last that the user was told to do about a channel.
func (s *space) told(c *connection.Connection, channel string) (last [2]string) {
	s.View(func(ctx context.Context, tx store.Tx) error {
		events, err := tx.Events().After(ctx, c.ClientID, 0, store.EventFilter{Connection: c.ID, Names: []event.Name{event.ConnectionUpdated}}, 500)
		for _, e := range events {
			if e.ChannelDefinition == channel && e.Data["required_action"] != nil {
				last = [2]string{fmt.Sprint(e.Data["channel_status"]), fmt.Sprint(e.Data["required_action"])}
			}
		}
		return err
	})
	return last
}

// goesOn: once the bank is well, whatever is planned is read by itself.
func (s *space) goesOn() {
	s.serve(oak, elm)
	s.banks.does, s.banks.retryAt = map[string]string{}, time.Time{}
	s.live(11*day, 6*time.Hour)
	for _, c := range s.everything() {
		for _, channel := range c.Channels {
			if c.AutoSync && !channel.Dropped() && !connection.NeedsUser(channel.Status) && channel.Status != connection.ChannelClosed {
				require.Contains(s.r, []connection.ChannelStatus{connection.ChannelSuccess, connection.ChannelEmpty}, channel.Status, "%s did not recover", channel.DefinitionID)
			}
		}
	}
}
