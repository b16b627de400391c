package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"
)

// crowd is how many ask for tokens at once: they come in waves.
const crowd = 64

// tokens measures issuing. Its raw limits are a bare handler that commits one
// row a token, and one that keeps nothing: what HTTP alone takes here.
func (b *bench) tokens(ctx context.Context, db database) error {
	b.say("issuing tokens on %s", db.name())
	s, err := b.start(ctx, db, "tokens")
	if err != nil {
		return err
	}
	defer s.stop()
	before := s.spent()
	ours, err := b.load(ctx, crowd, func() (*http.Request, error) { return s.tokenRequest(clientCredentials) })
	if err != nil {
		return err
	}
	spent := s.spent() - before
	committing, err := b.rawTokens(ctx, db)
	if err != nil {
		return err
	}
	answering, err := b.answering(ctx, crowd, func(context.Context) ([]byte, error) { _, text, err := newToken(); return text, err })
	if err != nil {
		return err
	}
	b.table.add("tokens issued, beside one commit each", ours.rate, committing.rate, "/s")
	b.table.add("tokens issued, beside none kept", ours.rate, answering.rate, "/s")
	b.table.add("tokens issued, p99, beside one commit each", ms(ours.p99), ms(committing.p99), "ms")
	b.table.add("CPU of the server a token", micros(spent)/float64(ours.count), 0, "µs")
	return nil
}

func newToken() (hash string, answer []byte, err error) {
	token := rand.Text()
	sum := sha256.Sum256([]byte(token))
	answer, err = json.Marshal(map[string]any{"access_token": token, "token_type": "bearer", "expires_in": 3600})
	return hex.EncodeToString(sum[:]), answer, err
}

func (b *bench) rawTokens(ctx context.Context, db database) (figures, error) {
	bare, err := db.open(ctx, "rawtokens")
	if err != nil {
		return figures{}, err
	}
	defer func() { _ = bare.Close() }()
	bare.SetMaxOpenConns(db.writers())
	bare.SetMaxIdleConns(db.writers())
	if err := execute(ctx, bare, "CREATE TABLE token (hash TEXT PRIMARY KEY, client TEXT, expires BIGINT)"); err != nil {
		return figures{}, err
	}
	statement := "INSERT INTO token VALUES (" + db.parameter(1) + ", " + db.parameter(2) + ", " + db.parameter(3) + ")"
	return b.answering(ctx, crowd, func(ctx context.Context) ([]byte, error) {
		hash, answer, err := newToken()
		if err != nil {
			return nil, err
		}
		_, err = bare.ExecContext(ctx, statement, hash, "client", time.Now().Unix())
		return answer, err
	})
}

// execute runs statements one after the other.
func execute(ctx context.Context, db interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}, statements ...string) error {
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func ms(d time.Duration) float64 { return micros(d) / 1000 }

func micros(d time.Duration) float64 { return float64(d.Microseconds()) }
