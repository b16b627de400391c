package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/world"
)

// programs are built once for all tests.
var programs world.Programs

func TestMain(m *testing.M) { os.Exit(prepared(m)) }

func prepared(m *testing.M) int {
	folder, err := os.MkdirTemp("", "tributary-crash-programs-")
	if err == nil {
		defer func() { _ = os.RemoveAll(folder) }()
		programs, err = world.Build(context.Background(), folder)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// TestCrash is a short campaign: make crash is a long one.
func TestCrash(t *testing.T) {
	t.Parallel()
	var said strings.Builder
	c := newCampaign(programs, wishes{kills: 3, others: 1, worlds: 1, seed: 20261125}, &said)
	require.NoError(t, c.run(t.Context()), "%s", &said)
	right := c.sum()
	t.Log(said.String()[strings.LastIndex(strings.TrimSpace(said.String()), "\n")+1:])
	require.True(t, right, "%s", &said)
	require.GreaterOrEqual(t, c.count(onFile), 3)
	require.GreaterOrEqual(t, c.count(onServer), 3)
}

// TestFencing pauses a server with SIGSTOP where it is about to write.
func TestFencing(t *testing.T) {
	t.Parallel()
	for _, l := range lates {
		if !testing.Short() || l.point == "synchronizing.apply/before" {
			t.Run(strings.ReplaceAll(l.point, "/", "_"), func(t *testing.T) { fenced(t, l) })
		}
	}
}

func fenced(t *testing.T, l late) {
	t.Helper()
	c, err := openCrew(t.Context(), programs)
	require.NoError(t, err)
	defer c.close()
	report, err := c.fence(t.Context(), l)
	for _, s := range c.servers {
		if err != nil || len(report.Complaints()) > 0 {
			t.Log(s.Said())
		}
	}
	require.NoError(t, err)
	require.Empty(t, report.Complaints())
	require.NotZero(t, report.Rows)
}

// TestChecker shows that the checker can fail: each of these is seen.
func TestChecker(t *testing.T) {
	t.Parallel()
	s, err := openStage(t.Context(), programs, nil, 1)
	require.NoError(t, err)
	defer s.close(t.Context())
	for deleted := 0; deleted == 0; { // who comes and goes is drawn, and what is spoilt below has to be there
		s.play.Round(t.Context(), false, 0)
		require.NoError(t, s.rest(t.Context()))
		require.NoError(t, s.db.QueryRowContext(t.Context(), "SELECT count(*) FROM accounts WHERE deleted = 1").Scan(&deleted))
	}
	report, err := s.look(t.Context())
	require.NoError(t, err)
	require.Empty(t, report.Complaints(), "at first all is well")
	require.NotZero(t, report.Rows)
	require.NotZero(t, report.Facts)
	s.server.Stop()
	for name, c := range sabotages {
		t.Run(name, func(t *testing.T) {
			for _, kind := range s.after(t, c.statements) {
				c.seen = strings.ReplaceAll(c.seen, kind, "")
			}
			require.Empty(t, strings.TrimSpace(c.seen), "not seen")
		})
	}
}

// after changes the database behind everybody's back, looks, and puts it back.
func (s *stage) after(t *testing.T, statements string) (kinds []string) {
	t.Helper()
	_ = s.db.Close()
	files, err := filepath.Glob(filepath.Join(s.folder, "data", "tributary.db*"))
	require.NoError(t, err)
	kept := map[string][]byte{}
	for _, file := range files {
		kept[file], err = os.ReadFile(file)
		require.NoError(t, err)
	}
	db, err := s.database.Open()
	require.NoError(t, err)
	s.db = db
	for _, statement := range strings.Split(statements, ";") {
		done, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err, statement)
		changed, err := done.RowsAffected()
		require.NoError(t, err)
		require.True(t, changed > 0 || strings.Contains(statement, "CREATE"), "nothing changed: %s", statement)
	}
	require.NoError(t, s.server.Start())
	report, err := s.look(t.Context())
	s.server.Stop()
	assert.NoError(t, err)
	for _, complaint := range report.Complaints() {
		kind, _, _ := strings.Cut(complaint, ":")
		kinds = append(kinds, kind)
	}
	require.NoError(t, s.db.Close())
	files, err = filepath.Glob(filepath.Join(s.folder, "data", "tributary.db*"))
	require.NoError(t, err)
	for _, file := range files {
		require.NoError(t, os.Remove(file))
	}
	for file, content := range kept {
		require.NoError(t, os.WriteFile(file, content, 0o600))
	}
	return kinds
}

// ours is a booked row of somebody whose rows are compared.
const ours = `(SELECT t.id FROM transactions t JOIN accounts a ON a.id = t.account_id JOIN users u ON u.id = t.user_id
	WHERE NOT t.removed AND t.status = 'BOOKED' AND a.name LIKE '%of ben' ORDER BY t.booking_date DESC LIMIT 1)`

// hers is the connection of her who is only reached through the bank's interface.
const hers = `(SELECT connection_id FROM accounts WHERE name = 'CHECKINGS of rita')`

// sabotages are what must not happen, and the kinds of complaint that it causes.
var sabotages = map[string]struct{ statements, seen string }{
	"A_row_is_gone":           {`DELETE FROM transactions WHERE id = ` + ours, "missing events"},
	"A_row_is_there_twice":    {`CREATE TABLE spare AS SELECT * FROM transactions WHERE id = ` + ours + `; UPDATE spare SET id = 'txn_06h18xmvjg5ggfmxefarwy68bm'; INSERT INTO transactions SELECT * FROM spare`, "doubled events"},
	"An_amount_is_another":    {`UPDATE transactions SET amount = '-0.77' WHERE id = ` + ours, "missing doubled"},
	"A_label_is_forgotten":    {`UPDATE transactions SET given_label = '', label = raw_label WHERE given_label <> ''`, "lost"},
	"A_hidden_row_is_back":    {`UPDATE transactions SET removed = 0 WHERE removal = 'HIDDEN'`, "doubled"},
	"An_account_is_gone":      {`UPDATE accounts SET deleted = 1 WHERE name = 'SAVINGS of otto'`, "missing"},
	"An_account_is_twice":     {`CREATE TABLE spare AS SELECT * FROM accounts WHERE name = 'SAVINGS of otto'; UPDATE spare SET id = 'acc_06h18xmvjg5ggfmxefarwy68bm'; INSERT INTO accounts SELECT * FROM spare`, "doubled wrong"},
	"A_balance_is_another":    {`UPDATE accounts SET balance = '{"amount":"1.00","currency":"EUR"}' WHERE name = 'SAVINGS of otto'`, "missing doubled"},
	"A_connection_is_gone":    {`DELETE FROM connections WHERE id = (SELECT connection_id FROM accounts WHERE name = 'SAVINGS of otto')`, "lost"},
	"A_connection_is_twice":   {`CREATE TABLE spare AS SELECT * FROM connections LIMIT 1; UPDATE spare SET id = 'con_06h18xmvjg5ggfmxefarwy68bm'; INSERT INTO connections SELECT * FROM spare`, "doubled"},
	"An_event_is_gone":        {`DELETE FROM events WHERE seq = (SELECT max(seq) - 20 FROM events)`, "events"},
	"The_last_event_is_gone":  {`DELETE FROM events WHERE seq = (SELECT max(seq) FROM events); UPDATE event_heads SET seq = seq - 1`, "events lost"},
	"An_event_is_another":     {`UPDATE events SET id = 'evt_06h18xmvjg5ggfmxefarwy68bm' WHERE seq = (SELECT max(seq) FROM events)`, "events"},
	"An_end_is_not_told":      {`UPDATE events SET name = 'synchronization.stage' WHERE seq = (SELECT max(seq) FROM events WHERE name = 'synchronization.succeeded')`, "events"},
	"An_end_is_told_twice":    {`UPDATE events SET name = 'synchronization.succeeded' WHERE seq = (SELECT max(seq) FROM events WHERE name = 'synchronization.started')`, "events"},
	"The_feed_left_rows_out":  {`DELETE FROM feed WHERE seq = (SELECT min(seq) FROM feed)`, "missing"},
	"A_run_is_forgotten":      {`UPDATE synchronizations SET status = 'WAITING', due_at = 4000000000000000 WHERE id = (SELECT max(id) FROM synchronizations)`, "wrong"},
	"A_challenge_stays_open":  {`UPDATE challenges SET state = 'OPEN' WHERE id = (SELECT max(id) FROM challenges)`, "wrong"},
	"The_clock_went_back":     {`UPDATE sandbox_clock SET offset_seconds = offset_seconds - 1`, "lost"},
	"A_user_is_gone":          {`DELETE FROM users WHERE id = (SELECT user_id FROM accounts WHERE name = 'SAVINGS of otto')`, "lost"},
	"A_run_is_gone":           {`DELETE FROM synchronizations WHERE id = (SELECT last_synchronization_id FROM connections WHERE id = (SELECT connection_id FROM accounts WHERE name = 'SAVINGS of otto'))`, "lost"},
	"A_deleted_account_lives": {`UPDATE accounts SET deleted = 0 WHERE deleted = 1`, "lost"},
	"A_fetch_is_not_counted":  {`DELETE FROM quota_calls WHERE NOT attended AND connection_id = ` + hers, "quota"},
	"A_fetch_counts_nothing":  {`UPDATE quota_calls SET lines = '[]' WHERE NOT attended AND connection_id = ` + hers, "quota"},
	"A_fetch_counts_too_much": {`UPDATE quota_calls SET lines = replace(lines, '"count":1', '"count":5') WHERE NOT attended AND connection_id = ` + hers, "quota"},
	"A_call_is_not_logged":    {`DELETE FROM consent_accesses WHERE operation = 'FETCH' AND NOT attended AND connection_id = ` + hers, "calls"},
	"A_call_was_later":        {`UPDATE consent_accesses SET at = ended_at + 1, ended_at = ended_at + 2 WHERE operation = 'FETCH' AND connection_id = ` + hers, "calls"},
	"A_user_was_there":        {`UPDATE consent_accesses SET attended = 1 WHERE operation = 'FETCH' AND connection_id = ` + hers, "calls"},
	"A_consent_had_ended":     {`UPDATE consents SET ended_at = given_at + 1 WHERE connection_id = ` + hers, "calls"},
	"A_consent_is_another's":  {`UPDATE consents SET channel_definition = 'testbank-embedded' WHERE connection_id = ` + hers, "calls"},
	"A_call_has_no_end":       {`UPDATE consent_accesses SET ended_at = NULL WHERE operation = 'FETCH' AND connection_id = ` + hers + `; UPDATE synchronizations SET lease_owner = 'x', lease_until = 4000000000000000 WHERE connection_id = ` + hers, "calls wrong"},
}

// TestTogether has three servers share the work of one database.
func TestTogether(t *testing.T) {
	t.Parallel()
	came, err := workTogether(t.Context(), programs, 20, 1)
	require.NoError(t, err)
	t.Log(came)
	require.Empty(t, came.report.Complaints())
	require.Empty(t, came.broken)
	require.NotZero(t, came.history.claims)
	require.Positive(t, came.kills+came.pauses)
}
