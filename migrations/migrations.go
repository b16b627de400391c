// Package migrations owns the database schema: one folder a dialect, the same
// numbers and names in each. It knows nothing of the code that uses the tables.
//
// Rules of the schema: instants are microseconds since 1970 in UTC, as integers
// (they sort, they are exact, they are short; a text of RFC 3339 sorts only
// with a fixed number of digits); NULL is an instant not known. Days are texts
// such as 2006-01-02. Amounts are decimal texts, with a key of fixed length
// beside them where they are compared. Lists that are only read as a whole are
// JSON texts; an empty one is NULL. Texts compare byte by byte in both dialects,
// whatever language the server speaks (COLLATE "C" on PostgreSQL). A migration
// that has been released is never changed.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed sqlite/0*.sql postgres/0*.sql
var files embed.FS

// SQLite gives the migrations of SQLite.
func SQLite() fs.FS { return folder("sqlite") }

// Postgres gives the migrations of PostgreSQL.
func Postgres() fs.FS { return folder("postgres") }

func folder(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic("migrations: " + err.Error()) // the name is a constant of this file
	}
	return sub
}
