package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/check"
	"github.com/tributary-dev/tributary/cmd/tributary/crash/load"
	"github.com/tributary-dev/tributary/cmd/tributary/crash/world"
	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// stage is one world with what goes on in it.
type stage struct {
	folder   string
	bank     *world.Bank
	database *world.Database
	server   *world.Server
	play     *load.Play
	memory   *check.Memory
	db       *sql.DB
}

// openStage starts a bank and a server on an empty database, and has the lasting
// users connect.
func openStage(ctx context.Context, programs world.Programs, cluster *pgcluster.Cluster, seed uint64) (s *stage, err error) {
	s = &stage{}
	if s.folder, err = os.MkdirTemp("", "tributary-crash-"); err != nil {
		return nil, err
	}
	if err := s.open(ctx, programs, cluster, seed); err != nil {
		err = errors.Join(err, s.tell())
		s.close(ctx)
		return nil, err
	}
	return s, nil
}

func (s *stage) open(ctx context.Context, programs world.Programs, cluster *pgcluster.Cluster, seed uint64) (err error) {
	if err := os.Mkdir(filepath.Join(s.folder, "data"), 0o700); err != nil {
		return err
	}
	if s.bank, err = world.OpenBank(programs, s.folder, load.BankFile(time.Now().UTC())); err != nil {
		return err
	}
	if s.database, err = world.OpenDatabase(ctx, s.folder, cluster); err != nil {
		return err
	}
	if s.server, err = world.OpenServer(programs, s.folder, s.bank, s.database); err != nil {
		return err
	}
	if err := s.server.Start(); err != nil {
		return err
	}
	if s.db, err = s.database.Open(); err != nil {
		return err
	}
	if s.play, err = load.Open(ctx, s.server, seed); err != nil {
		return err
	}
	if s.memory, err = check.Remember(ctx, s.play.Client()); err != nil {
		return err
	}
	if err := s.play.Begin(ctx); err != nil {
		return err
	}
	return s.rest(ctx)
}

// rest brings everything to an end that was begun.
func (s *stage) rest(ctx context.Context) error {
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"back", s.play.Back}, {"settle", s.play.Settle}, {"quiet", s.play.Quiet}, {"finish", s.play.Finish}, {"quiet", s.play.Quiet},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}

// look compares all that there is with all that is known.
func (s *stage) look(ctx context.Context) (check.Report, error) {
	return check.Scene{Client: s.play.Client(), Bank: s.bank, DB: s.db, Promises: s.play.Promises, Memory: s.memory}.Look(ctx)
}

// tell is what the server said last, for somebody who looks for a mistake.
func (s *stage) tell() error {
	if s.server == nil {
		return nil
	}
	return errors.New(s.server.Said())
}

func (s *stage) close(ctx context.Context) {
	if s.server != nil {
		s.server.Kill()
	}
	if s.bank != nil {
		s.bank.Kill()
	}
	if s.db != nil {
		_ = s.db.Close()
	}
	if s.database != nil {
		_ = s.database.Drop(context.WithoutCancel(ctx))
	}
	_ = os.RemoveAll(s.folder)
}
