package upgrade

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// filling says how a table is filled: how many rows there are for a number of
// transactions, and what is in the columns that mean something. The others get
// what fits their type; those with a default keep it. A table that is not here
// stays empty.
type filling struct {
	table string
	rows  func(transactions int) int
	// values are SQL, by column; i is the number of the row.
	values map[string]string
}

// Each number divides the next, so that row i of any table belongs to client
// i % clients, user i % users, and so on, consistently.
const (
	clients     = 4
	users       = 5 * clients
	connections = 2 * users
	accounts    = 3 * connections
)

func fixed(n int) func(int) int { return func(int) int { return n } }

func owned(more map[string]string) map[string]string {
	values := map[string]string{
		"client_id":     fmt.Sprintf("'cli_' || (i %% %d)", clients),
		"user_id":       fmt.Sprintf("'usr_' || (i %% %d)", users),
		"connection_id": fmt.Sprintf("'con_' || (i %% %d)", connections),
		"account_id":    fmt.Sprintf("'acc_' || (i %% %d)", accounts),
		"status":        "'SUCCESS'",
	}
	for column, value := range more {
		values[column] = value
	}
	return values
}

// fillings are in the order in which tables refer to each other.
var fillings = []filling{
	{"clients", fixed(clients), map[string]string{"id": "'cli_' || (i - 1)"}},
	{"users", fixed(users), owned(map[string]string{"id": "'usr_' || (i - 1)"})},
	{"tokens", fixed(500), owned(nil)},
	{"connections", fixed(connections), owned(map[string]string{"id": "'con_' || (i - 1)"})},
	{"channels", fixed(connections), owned(map[string]string{"definition_id": "'testbank-embedded'", "position": "0"})},
	{"synchronizations", fixed(1000), owned(map[string]string{"id": "'syn_' || i"})},
	{"challenges", fixed(200), owned(map[string]string{"id": "'cha_' || i", "synchronization_id": "'syn_' || i"})},
	{"breakers", fixed(20), map[string]string{"provider_id": "'bank_' || i", "channel": "'way_' || i"}},
	{"accounts", fixed(accounts), owned(map[string]string{"id": "'acc_' || (i - 1)", "status": "'ACTIVE'", "currency": "'EUR'"})},
	{"transactions", func(n int) int { return n }, owned(map[string]string{
		"id": "'txn_' || (100000000 + i)", "status": "'BOOKED'", "currency": "'EUR'", "amount": "'-' || i || '.30'", "amount_key": "'k' || (100000000 + i)",
		"booking_date": day, "effective_date": day, "category_confidence": "0.5",
	})},
	{"consents", fixed(connections), owned(map[string]string{"id": "'cst_' || i", "status": "'ACTIVE'"})},
	{"consent_entries", fixed(connections), owned(map[string]string{"consent_id": "'cst_' || i", "number": "1"})},
	{"consent_accesses", fixed(1000), owned(map[string]string{"id": "'acs_' || i", "consent_id": "'cst_1'"})},
	{"consent_withdrawals", fixed(10), owned(map[string]string{"consent_id": "'cst_' || i"})},
	{"event_heads", fixed(clients), map[string]string{"client_id": "'cli_' || (i - 1)", "seq": "1000"}},
	{"events", fixed(1000 * clients), owned(map[string]string{"id": "'evt_' || i", "seq": fmt.Sprintf("(i - 1) / %d + 1", clients), "name": "'user.created'"})},
	{"event_tails", fixed(clients), map[string]string{"client_id": "'cli_' || (i - 1)", "seq": "0"}},
	{"queues", fixed(100), owned(map[string]string{"id": "'que_' || i", "acked": "i"})},
	{"quota_calls", fixed(500), owned(map[string]string{"id": "'cal_' || i", "channel": "'testbank-embedded'"})},
	{"webhooks", fixed(20), owned(map[string]string{"id": "'whk_' || (i - 1)", "status": "'ENABLED'", "reached": "i", "lease_until": "0"})},
	{"deliveries", fixed(2000), map[string]string{"webhook_id": "'whk_' || (i % 20)", "seq": "i", "status": "'DELIVERED'"}},
	{"themes", fixed(clients), owned(map[string]string{"name": "'default'"})},
	{"widget_sessions", fixed(100), owned(map[string]string{"id": "'wid_' || i", "wanted": "'{}'", "progress": "'{}'"})},
	{"attempts", fixed(500), owned(map[string]string{"status": "201"})},
}

// day is one of some four years.
const day = "'20' || (22 + i % 4) || '-' || (10 + i % 3) || '-' || (10 + i % 18)"

// fill writes rows into every table that the schema has, each table in one
// statement: the database makes the rows itself, and its indexes afterwards.
func (d database) fill(t *testing.T, n int) {
	t.Helper()
	execute := func(statement string) {
		t.Helper()
		_, err := d.db.ExecContext(t.Context(), statement)
		require.NoError(t, err, statement)
	}
	execute(d.quick)
	defer execute(d.usual)
	indexes := d.read(t, d.bare)
	for _, index := range indexes {
		execute("DROP INDEX " + index[0])
	}
	there := map[string][]column{}
	for _, row := range d.read(t, d.columns) {
		there[row[0]] = append(there[row[0]], column{name: row[1], kind: row[2], required: row[3] == "1", filled: row[4] != ""})
	}
	for _, f := range fillings {
		if columns, ok := there[f.table]; ok {
			execute(fmt.Sprintf(d.numbers, f.rows(n)) + f.insert(columns))
		}
	}
	for _, index := range indexes {
		execute(index[1])
	}
}

// column as the database describes it.
type column struct {
	name, kind string
	required   bool
	// filled by the database itself where nothing is said.
	filled bool
}

// insert is the second half of a statement whose first half makes the numbers.
func (f filling) insert(columns []column) string {
	var names, values []string
	for _, c := range columns {
		value, meant := f.values[c.name]
		if !meant {
			value = c.any()
		}
		if value != "" {
			names, values = append(names, `"`+c.name+`"`), append(values, value)
		}
	}
	return fmt.Sprintf(" INSERT INTO %s (%s) SELECT %s FROM numbers", f.table, joined(names, ", "), joined(values, ", "))
}

// flags are what SQLite keeps as integers and the program reads as yes or no.
var flags = []string{"disabled", "revoked", "auto_sync", "selective", "live", "stable_id", "removed", "done", "attended"}

// any is some value of a column's type; nothing where the column needs none.
// Texts hold what a careless copy would spoil.
func (c column) any() string {
	switch kind := strings.ToUpper(c.kind); {
	case c.filled:
		return ""
	case strings.HasPrefix(kind, "BOOL"):
		return "i % 2 = 0"
	case slices.Contains(flags, c.name):
		return "i % 2"
	case kind == "BYTEA":
		return "decode(lpad(to_hex(i), 16, '0'), 'hex')"
	case kind == "BLOB":
		return "CAST(x'00ff' || i AS BLOB)"
	case strings.Contains(kind, "INT"):
		return "i"
	case strings.HasPrefix(kind, "DOUBLE"), kind == "REAL":
		return "i / 4.0"
	case c.required:
		return "'" + c.name + " é'' ' || i"
	}
	return ""
}

func joined(words []string, by string) string { return strings.Join(words, by) }
