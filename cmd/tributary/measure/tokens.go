package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"
)

// tokens measures issuing; the raw limit commits one row a token, as we do.
func (b *bench) tokens(ctx context.Context) error {
	s, err := b.start("tokens")
	if err != nil {
		return err
	}
	defer s.stop()
	ours, err := b.load(ctx, func(int, int) (*http.Request, error) { return s.tokenRequest(clientCredentials) })
	if err != nil {
		return err
	}
	bare, err := b.rawTokens(ctx)
	if err != nil {
		return err
	}
	b.row("tokens issued", ours.rate, bare.rate, "/s")
	b.row("tokens issued, p99", ms(ours.p99), ms(bare.p99), "ms")
	return nil
}

func (b *bench) rawTokens(ctx context.Context) (figures, error) {
	r, err := b.raw("rawtokens", `CREATE TABLE token (hash TEXT PRIMARY KEY, client TEXT, expires INTEGER) STRICT`)
	if err != nil {
		return figures{}, err
	}
	defer func() { _ = r.db.Close() }()
	server := rawServer(func(ctx context.Context) ([]byte, error) {
		token := rand.Text()
		sum := sha256.Sum256([]byte(token))
		if _, err := r.db.ExecContext(ctx, `INSERT INTO token VALUES (?, ?, ?)`, hex.EncodeToString(sum[:]), "client", time.Now().Unix()); err != nil {
			return nil, err
		}
		return json.Marshal(map[string]any{"access_token": token, "token_type": "bearer", "expires_in": 3600})
	})
	defer server.Close()
	return b.load(ctx, func(int, int) (*http.Request, error) { return http.NewRequest(http.MethodPost, server.URL, nil) })
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
