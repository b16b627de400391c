package world

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"

	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// Database is where a server keeps its state.
type Database struct {
	// Cluster is the PostgreSQL server; nil with a file.
	Cluster *pgcluster.Cluster
	name    string
	folder  string
}

// StartCluster starts a PostgreSQL server that keeps what it acknowledged when
// its processes are killed; a power cut it need not survive here.
func StartCluster(ctx context.Context) (*pgcluster.Cluster, error) {
	return pgcluster.Start(ctx, "synchronous_commit=on", "full_page_writes=on", "restart_after_crash=on")
}

// OpenDatabase makes an empty one: in a folder, or in a cluster.
func OpenDatabase(ctx context.Context, folder string, cluster *pgcluster.Cluster) (*Database, error) {
	d := &Database{Cluster: cluster, folder: folder}
	if cluster == nil {
		return d, nil
	}
	var err error
	if d.name, err = cluster.Create(ctx, "template0"); err != nil {
		return nil, err
	}
	return d, os.WriteFile(d.addressFile(), []byte(cluster.DSN(d.name)), 0o600)
}

func (d *Database) addressFile() string { return filepath.Join(d.folder, "database.url") }

// flags tell a server which database is meant.
func (d *Database) flags() []string {
	if d.Cluster == nil {
		return nil
	}
	return []string{"-database-url-file", d.addressFile()}
}

// Open reads the database beside whoever works with it.
func (d *Database) Open() (*sql.DB, error) {
	if d.Cluster == nil {
		return sql.Open("sqlite", "file:"+filepath.Join(d.folder, "data", "tributary.db")+"?_pragma=busy_timeout(10000)")
	}
	return sql.Open("pgx", d.Cluster.DSN(d.name)+"&default_query_exec_mode=exec")
}

// Drop removes it from its cluster.
func (d *Database) Drop(ctx context.Context) error {
	if d.Cluster == nil {
		return nil
	}
	return d.Cluster.Drop(ctx, d.name)
}
