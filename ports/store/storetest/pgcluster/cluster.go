// Package pgcluster owns a temporary PostgreSQL server for the tests of any
// adapter. It knows nothing of what is stored there and links no driver: it
// uses the server's own programs.
//
// The server is hostile where a real one may be: it compares texts as English
// does, not byte by byte, and its time zone is a quarter of an hour beside
// every usual one. Invariant: a missing PostgreSQL is an error and never a
// reason to skip; a server ends with the process that started it.
package pgcluster

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
)

// Cluster is a running server.
type Cluster struct {
	bin, home string
	port      int
	password  string
	ended     chan error
	server    *exec.Cmd
	settings  []string
	databases atomic.Int64
	// creating keeps copies of one template apart: the server refuses two at once.
	creating sync.Mutex
}

// Start makes a cluster and waits until it answers. Settings are those of
// postgresql.conf, as "name=value"; they win over the defaults, which give up
// durability for speed.
func Start(ctx context.Context, settings ...string) (*Cluster, error) {
	bin, err := programs(debian)
	if err != nil {
		return nil, err
	}
	home, err := newHome(settings)
	if err != nil {
		return nil, fmt.Errorf("pgcluster: %w", err)
	}
	c := &Cluster{bin: bin, home: home, password: "canary-of-the-test-cluster", settings: settings}
	if err := c.launch(ctx); err != nil {
		_ = os.RemoveAll(home)
		return nil, err
	}
	return c, nil
}

func (c *Cluster) launch(ctx context.Context) (err error) {
	if c.port, err = FreePort(); err != nil {
		return fmt.Errorf("pgcluster: %w", err)
	}
	if err := c.initialize(ctx); err != nil {
		return err
	}
	return c.Resume(ctx)
}

// Halt ends the server and what is connected to it; its files stay for Resume.
func (c *Cluster) Halt() error { return c.halt() }

// Stop ends the server and removes its files.
func (c *Cluster) Stop() error {
	err := c.halt()
	if removed := os.RemoveAll(c.home); err == nil {
		err = removed
	}
	return err
}

// Folder holds the server's unix socket.
func (c *Cluster) Folder() string { return c.home }

// Port is where the server listens, on 127.0.0.1 and in the socket's name.
func (c *Cluster) Port() int { return c.port }

// Password is the one in each DSN; nobody may ever print it.
func (c *Cluster) Password() string { return c.password }

// DSN reaches a database through TCP, with a password.
func (c *Cluster) DSN(database string) string {
	return (&url.URL{
		Scheme: "postgres", User: url.UserPassword(superuser, c.password),
		Host: "127.0.0.1:" + strconv.Itoa(c.port), Path: "/" + database, RawQuery: "sslmode=disable",
	}).String()
}

// SocketDSN reaches a database through the unix socket.
func (c *Cluster) SocketDSN(database string) string {
	return (&url.URL{
		Scheme: "postgres", User: url.User(superuser), Path: "/" + database,
		RawQuery: url.Values{"host": {c.home}, "port": {strconv.Itoa(c.port)}}.Encode(),
	}).String()
}

// Create makes an empty database, or a copy of a template that nobody has open
// (unless that is empty), and gives its name.
func (c *Cluster) Create(ctx context.Context, template string) (string, error) {
	name := fmt.Sprintf("test_%d", c.databases.Add(1))
	statement := "CREATE DATABASE " + name
	if template != "" {
		statement += " TEMPLATE " + template
	}
	c.creating.Lock()
	defer c.creating.Unlock()
	return name, c.command(ctx, statement)
}

// Drop removes a database, whoever has it open.
func (c *Cluster) Drop(ctx context.Context, database string) error {
	return c.command(ctx, "DROP DATABASE "+database+" WITH (FORCE)")
}

func (c *Cluster) command(ctx context.Context, statement string) error {
	return c.run(ctx, "psql", "--no-psqlrc", "--quiet", "--dbname", c.SocketDSN("postgres"), "--command", statement)
}

// Copy makes a database with what another one holds now, whoever has it open.
func (c *Cluster) Copy(ctx context.Context, database string) (string, error) {
	name, err := c.Create(ctx, "")
	if err != nil {
		return "", err
	}
	dump := filepath.Join(c.home, name+".dump")
	if err := c.run(ctx, "pg_dump", "--format=custom", "--compress=0", "--file", dump, c.SocketDSN(database)); err != nil {
		return "", err
	}
	return name, c.run(ctx, "pg_restore", "--dbname", c.SocketDSN(name), "--exit-on-error", dump)
}

// Dump tells what a database holds now, as statements; bytes are written in
// hexadecimal.
func (c *Cluster) Dump(ctx context.Context, database string) ([]byte, error) {
	out := filepath.Join(c.home, database+".sql")
	if err := c.run(ctx, "pg_dump", "--inserts", "--file", out, c.SocketDSN(database)); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}

func (c *Cluster) run(ctx context.Context, program string, arguments ...string) error {
	out, err := exec.CommandContext(ctx, filepath.Join(c.bin, program), arguments...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("pgcluster: %s: %w: %s", program, err, out)
	}
	return nil
}
