package quota_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/quota"
)

func TestStanding(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 1, 8, 0, 0, 0, time.UTC)
	plan := quota.Plan{Accounts: []ident.Account{"acc_1", "acc_2"}}
	spend := func(at time.Time, keys ...quota.Key) quota.Call {
		c := quota.Call{At: at, MadeAt: at}
		for _, key := range keys {
			c.Lines = append(c.Lines, quota.Line{Key: key, Count: 1})
		}
		return c
	}
	list, rows := quota.Key{Scope: quota.Accounts}, quota.Key{Account: "acc_1", Scope: quota.Transactions}
	early, late := now.Add(-3*time.Hour+time.Second), now.Add(-time.Hour)
	for name, c := range map[string]struct {
		limit    int
		calls    []quota.Call
		want     quota.Standing
		en, fr   string
		attended bool
	}{
		"No_limit":     {0, []quota.Call{spend(early, list, rows)}, quota.Standing{State: quota.Unlimited}, "", "", false},
		"Nothing_yet":  {2, nil, quota.Standing{State: quota.Free}, "Your bank lets us read your accounts now, also while you are not there.", "Votre banque nous laisse lire vos comptes maintenant, même en votre absence.", false},
		"Some_is_left": {2, []quota.Call{spend(early, list, rows)}, quota.Standing{State: quota.Free}, "now", "maintenant", false},
		"One_account": {
			2, []quota.Call{spend(early, list, rows), spend(late, rows)}, quota.Standing{State: quota.Partly, Next: early.Add(24 * time.Hour)},
			"For some of your accounts we have asked as often as your bank allows in a day while you are not there. It answers again on 2 August 2026 at 05:01 UTC, or as soon as you are there.",
			"Elle répondra de nouveau le 2 août 2026 à 05:01 UTC, ou dès que vous serez présent.", false,
		},
		"All": {
			2, []quota.Call{spend(early.Add(-13*time.Hour), list), spend(late, list)}, quota.Standing{State: quota.Spent, Next: early.Add(11 * time.Hour)},
			"We have asked as often as your bank allows in a day while you are not there. It answers again on 1 August 2026 at 16:01 UTC, or as soon as you are there.",
			"Nous avons interrogé votre banque aussi souvent qu’elle l’accepte par jour en votre absence. Elle répondra de nouveau le 1er août 2026 à 16:01 UTC", false,
		},
		"With_the_user_there": {1, []quota.Call{spend(late, list, rows)}, quota.Standing{State: quota.Free}, "now", "maintenant", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i := range c.calls {
				c.calls[i].Attended = c.attended
			}
			got := quota.Open(c.limit, now, now, c.calls).Standing(plan)
			require.Equal(t, c.want, got)
			require.Contains(t, got.Sentence()["en"], c.en)
			require.Contains(t, got.Sentence()["fr"], c.fr)
			require.Equal(t, c.want.State == quota.Unlimited, got.Sentence() == nil)
			if !got.Next.IsZero() {
				require.NotEqual(t, quota.Spent, quota.Open(c.limit, got.Next, got.Next, c.calls).Standing(plan).State, "then it is possible")
			}
		})
	}
}
