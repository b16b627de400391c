package bunstore

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store"
)

// A page must cost what it holds on PostgreSQL too: of many rows each list takes
// the index that has its order, and sorts nothing. What the planner believes of
// the rows is what it believes without statistics and with them.
func TestNoListSortsOnPostgres(t *testing.T) {
	t.Parallel()
	s := openDSN(t, Config{DSN: database(t, "")})
	crowd(t, s)
	_, err := s.write.ExecContext(t.Context(), "ANALYZE") // as autovacuum does within a minute
	require.NoError(t, err)
	for _, c := range plans {
		t.Run(c.name, func(t *testing.T) {
			for _, statement := range statements(t, s, c.read) {
				plan := explainPostgres(t, s, statement)
				if !severalRows.MatchString(statement) {
					continue // it wants all rows that it finds, or one
				}
				require.NotContains(t, plan, `"Seq Scan"`, "%s\n%s", statement, plan)
				if c.name == "transactions by all else" || c.name == "events of two names" {
					continue // a page of hardly any row, or one of each name: there is hardly any to sort
				}
				require.NotContains(t, plan, `"Sort"`, "%s\n%s", statement, plan)
				if name := indexName.FindString(c.step); name != "" && !strings.HasPrefix(name, "sqlite") {
					require.Contains(t, plan, `"`+name+`"`, statement)
				}
			}
		})
	}
}

// severalRows is the end of a statement that reads a page.
var severalRows = regexp.MustCompile(` LIMIT 1[01]$`)

// indexName finds what the table of plans calls the index.
var indexName = regexp.MustCompile(`[a-z]+_[a-z_]+`)

func statements(t *testing.T, s *Store, read reading) []string {
	t.Helper()
	sent := &recorder{}
	plain := s.read
	s.read = plain.WithQueryHook(sent)
	defer func() { s.read = plain }()
	for _, page := range []func(store.Key) store.Page{
		func(store.Key) store.Page { return store.Page{Limit: 10} },
		func(key store.Key) store.Page { return store.Page{Limit: 10, After: key} },
	} {
		require.NoError(t, s.View(t.Context(), func(tx store.Tx) error { return read(t.Context(), tx, page) }))
	}
	require.NotEmpty(t, sent.statements)
	return sent.statements
}

func explainPostgres(t *testing.T, s *Store, statement string) string {
	t.Helper()
	var plan json.RawMessage
	require.NoError(t, s.write.QueryRowContext(t.Context(), "EXPLAIN (FORMAT JSON) "+statement).Scan(&plan))
	return string(plan)
}

// crowd fills the tables: one client has nearly all rows, a few of its users
// many of them.
func crowd(t *testing.T, s *Store) {
	t.Helper()
	for _, statement := range strings.Split(crowdSQL, ";\n") {
		_, err := s.write.ExecContext(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

const crowdSQL = `
INSERT INTO clients SELECT 'cli_' || n, '', '', NULL, NULL, NULL, false, n FROM generate_series(1, 500) n;
INSERT INTO users SELECT 'usr_' || n, 'cli_1', '', CASE WHEN n % 2 = 0 THEN 'a' || n ELSE '' END, 'x' || n, '', NULL, n FROM generate_series(1, 3000) n;
INSERT INTO connections SELECT 'con_' || n, 'cli_1', 'usr_' || (1 + n % 1500), 'p', '', 's', true, n, '', NULL, NULL FROM generate_series(1, 3000) n;
INSERT INTO connections SELECT 'con_1_' || n, 'cli_1', 'usr_1', 'p', '', 's', true, n, '', NULL, NULL FROM generate_series(1, 3000) n;
INSERT INTO consents SELECT 'cst_' || n, 'cli_1', 'usr_' || (1 + n % 1500), 'con_' || (1 + n % 3000), 'p', 'd', CASE WHEN n % 9 = 0 THEN 's' ELSE 'ACTIVE' END, 'v', 'en', NULL, NULL, '', NULL, n, n, n, NULL, '', '', 0, n, 1 FROM generate_series(1, 9000) n;
INSERT INTO consents SELECT 'cst_1_' || n, 'cli_1', 'usr_1', 'con_1', 'p', 'd', CASE WHEN n % 9 = 0 THEN 's' ELSE 'ACTIVE' END, 'v', 'en', NULL, NULL, '', NULL, n, n, n, NULL, '', '', 0, n, 1 FROM generate_series(1, 3000) n;
INSERT INTO consent_accesses SELECT 'acs_' || n, 'cst_' || (1 + n % 9000), 'cli_1', 'usr_' || (1 + n % 1500), 'con_1', 'd', '', '', 'FETCH', false, n, n, '' FROM generate_series(1, 9000) n;
INSERT INTO consent_accesses SELECT 'acs_1_' || n, 'cst_1', 'cli_1', 'usr_1', 'con_1', 'd', '', '', 'FETCH', false, n, n, '' FROM generate_series(1, 3000) n;
INSERT INTO synchronizations SELECT 'syn_' || n, 'cli_1', 'usr_' || (1 + n % 1500), 'con_' || (1 + n % 3000), '', '', CASE WHEN n <= 3000 THEN 'QUEUED' ELSE 'SUCCESS' END,
 '', NULL, '', n, NULL, NULL, NULL, NULL, NULL, '', 0, NULL, n FROM generate_series(1, 9000) n;
INSERT INTO synchronizations SELECT 'syn_1_' || n, 'cli_1', 'usr_1', 'con_1', '', '', 'SUCCESS', '', NULL, '', n, NULL, NULL, NULL, NULL, NULL, '', 0, NULL, n FROM generate_series(1, 3000) n;
INSERT INTO challenges SELECT 'cha_' || n, 'cli_1', 'usr_' || (1 + n % 1500), 'con_' || (1 + n % 3000), 'syn_' || n, 'a', '', '', NULL, NULL, NULL, NULL, '',
 'h' || n, 'OPEN', n, NULL, 0, false, NULL, NULL FROM generate_series(1, 3000) n;
INSERT INTO accounts SELECT 'acc_' || n, 'cli_1', 'usr_' || (1 + n % 1500), 'con_' || (1 + n % 3000), 't', 's', '', '', '', '', 'EUR', NULL, NULL, NULL, NULL, NULL, '', '', true, n,
 NULL, NULL, NULL FROM generate_series(1, 3000) n;
INSERT INTO accounts SELECT 'acc_1_' || n, 'cli_1', 'usr_1', 'con_1', 't', 's', '', '', '', '', 'EUR', NULL, NULL, NULL, NULL, NULL, '', '', true, n, NULL, NULL, NULL FROM generate_series(1, 2000) n;
INSERT INTO transactions SELECT 'txn_' || n, 'cli_1', 'usr_' || (1 + n % 1500), 'con_' || (1 + n % 3000), 'acc_' || (1 + n % 3000), '1', 'k', 'EUR', 's', '', NULL, NULL, NULL,
 (date '2026-01-01' - n % 300)::text, NULL, NULL, '', '', '', '', '', '', 'text', 'a', '', 1, NULL, '', '', 0, NULL, false FROM generate_series(1, 20000) n;
INSERT INTO transactions SELECT 'txn_1_' || n, 'cli_1', 'usr_1', 'con_1', 'acc_1', '1', 'k', 'EUR', 's', '', NULL, NULL, NULL,
 (date '2026-01-20' - n % 300)::text, NULL, NULL, '', '', '', '', '', '', 'text', 'a', '', 1, NULL, '', '', 0, NULL, false FROM generate_series(1, 10000) n;
INSERT INTO configurations SELECT 'cfg_' || n, 'cli_' || (1 + n % 500), 'b', NULL, n FROM generate_series(1, 20000) n;
INSERT INTO queues SELECT 'que_' || n, 'cli_1', 'usr_' || n, NULL, 0, n FROM generate_series(1, 3000) n;
INSERT INTO webhooks SELECT 'whk_' || n, 'cli_' || (1 + n % 50), 'u', '', '', '', NULL, 'a', NULL, NULL, 'ENABLED', '', NULL, n, n, '', 0, 0, n FROM generate_series(1, 3000) n;
INSERT INTO deliveries SELECT 'whk_' || (1 + n % 100), n, 'evt_' || n, 'user.created', CASE WHEN n % 3 = 0 THEN 'PENDING' ELSE 's' END, NULL, 0, n, n FROM generate_series(1, 30000) n;
INSERT INTO deliveries SELECT 'whk_1', 40000 + n, 'evt_' || n, 'user.created', CASE WHEN n % 3 = 0 THEN 'PENDING' ELSE 's' END, NULL, 0, n, n FROM generate_series(1, 20000) n;
INSERT INTO category_rules SELECT 'rul_' || n, 'cli_1', 'usr_' || (1 + n % 100), '', 't', 'ANY', 'c', n FROM generate_series(1, 20000) n;
INSERT INTO category_rules SELECT 'rul_1_' || n, 'cli_1', NULL, '', 't', 'ANY', 'c', n FROM generate_series(1, 1000) n;
INSERT INTO events SELECT 'cli_1', n, 'evt_' || n, 'user.created', 1, n, 'usr_' || (1 + n % 1500), 'con_' || (1 + n % 3000), '', NULL FROM generate_series(1, 20000) n;
INSERT INTO events SELECT 'cli_1', 20000 + n, 'evt_1_' || n, 'user.created', 1, n, 'usr_1', 'con_1', '', NULL FROM generate_series(1, 10000) n;
INSERT INTO feed SELECT 'cli_1', n, 1, 'usr_' || (1 + n % 1500), true, '["txn_' || n || '"]' FROM generate_series(1, 20000) n;
INSERT INTO feed SELECT 'cli_1', 20000 + n, 1, 'usr_1', false, '["txn_1_' || n || '"]' FROM generate_series(1, 10000) n`
