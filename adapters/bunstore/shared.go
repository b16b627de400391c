package bunstore

import (
	"context"
	"fmt"
)

// openShared opens a file without keeping its lock. The lock is taken for as
// long as the schema is being brought up to date, and not at all where it is.
func openShared(ctx context.Context, path string, config Config) (*Store, error) {
	found, err := InspectSQLite(ctx, path)
	if err != nil {
		return nil, err
	}
	if found.Current != found.Newest {
		if err := upgrade(ctx, path, config); err != nil {
			return nil, err
		}
	}
	s, err := openSQLite(path, config)
	if err != nil {
		return nil, err
	}
	s.release = func() error { return nil }
	return s, nil
}

func upgrade(ctx context.Context, path string, config Config) error {
	config.Shared, config.Path = false, path
	s, err := OpenSQLite(ctx, config)
	if err != nil {
		return fmt.Errorf("bunstore: the schema has to be brought up to date first: %w", err)
	}
	return s.Close()
}
