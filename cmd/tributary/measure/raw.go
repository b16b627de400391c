package main

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver of the store
)

// raw is a bare database on the store's driver and settings, and a bare server
// before it: what the same work costs without us.
type raw struct {
	db *sql.DB
}

func (b *bench) raw(name, schema string) (*raw, error) {
	path := filepath.Join(b.folder, name+".db")
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = db.Exec(schema)
	return &raw{db}, err
}

// rawServer answers with what handle does, as JSON.
func rawServer(handle func(ctx context.Context) ([]byte, error)) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := handle(r.Context())
		if err != nil {
			http.Error(w, "failed", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text)
	}))
}
