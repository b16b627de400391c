package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/sealbox"
	"github.com/tributary-dev/tributary/cmd/tributary/node"
	"github.com/tributary-dev/tributary/core/app/rekeying"
)

func (p Patient) settings(context.Context) []Finding {
	var all []Finding
	for _, refusal := range p.Config.Refusals() {
		all = append(all, bad(refusal, "a server refuses to start until this is mended")...)
	}
	if len(all) == 0 {
		return good("a " + p.Config.Environment + " would start with them")
	}
	return all
}

func (p Patient) folder(context.Context) []Finding {
	data := p.Config.Data
	info, err := os.Stat(data)
	if err != nil || !info.IsDir() {
		return bad(data+" is not a folder that can be read", "mkdir -m 700 "+data)
	}
	var all []Finding
	for _, path := range []string{data, node.Database(data), node.Database(data) + "-wal", p.Config.MasterKeyFile} {
		all = append(all, private(path)...)
	}
	if len(all) == 0 {
		return good(data + " is its owner's alone")
	}
	return all
}

func private(path string) []Finding {
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return nil // what is missing is another check's
	}
	mend := "chmod 600 " + path
	if info.IsDir() {
		mend = "chmod 700 " + path
	}
	return bad(fmt.Sprintf("%s may be read or changed by others (mode %04o)", path, info.Mode().Perm()), mend)
}

func (p Patient) database(ctx context.Context) []Finding {
	found, err := p.Config.Schema(ctx)
	if err == nil && found.Current > 0 {
		err = found.Check()
	}
	switch {
	case err == nil && found.Current == 0:
		return doubts("there is no database yet at "+p.Config.DatabaseName(), "the first 'tributary serve' makes it; if there was one, look for its folder")
	case errors.Is(err, bunstore.ErrNewer):
		return bad(err.Error(), "install the newer version again, or restore a backup from before it")
	case errors.Is(err, bunstore.ErrOlder):
		return doubts(fmt.Sprintf("the schema is at %d, this program knows %d", found.Current, found.Newest), "take a backup; then 'tributary migrate up', or start the server")
	case err != nil:
		return bad("the database does not open: "+oneLine(err), p.mendDatabase())
	}
	return good(fmt.Sprintf("it opens, at schema %d", found.Current))
}

// oneLine tells what a driver says in several lines, and twice.
func oneLine(err error) string {
	var said []string
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSpace(line); !slices.Contains(said, line) {
			said = append(said, line)
		}
	}
	return strings.Join(said, " ")
}

func (p Patient) mendDatabase() string {
	if file := p.Config.DatabaseURLFile; file != "" {
		return "see that the server runs and can be reached from here, and that " + file + " holds its address: postgres://user:password@host:5432/database"
	}
	return "look at the file and its disk; restore a backup if it is broken"
}

// key opens a sample: a key that is readable may still be another database's.
func (p Patient) key(ctx context.Context) []Finding {
	path := p.Config.MasterKeyFile
	box, err := sealbox.Watch(path, time.Now)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p.keyMissing(ctx, path)
	case err != nil:
		return bad("the master key cannot be used: "+err.Error(), "restore the file from where it is kept")
	}
	found, err := p.Config.Schema(ctx)
	if err != nil || found.Current != found.Newest {
		return good(path + " is readable; it was not tried")
	}
	state, err := p.Config.OpenStore(ctx, bunstore.Config{Shared: true})
	if err != nil {
		return doubts(path+" is readable; it was not tried: "+err.Error(), "mend the database first")
	}
	defer func() { _ = state.Close() }()
	tried, err := rekeying.Service{Store: state, Box: box}.Sample(ctx)
	if err != nil {
		return bad(path+" does not open what this database holds", "restore the key file that belongs to the database")
	}
	if !tried {
		return good(path + " is readable; there is nothing yet to try it on")
	}
	return append(good(path+" opens what the database holds"), unfinished(path)...)
}

func (p Patient) keyMissing(ctx context.Context, path string) []Finding {
	if p.Config.NeedsKey(ctx) {
		return bad(path+" is not there, and the database needs it", "restore the file from where it is kept; a new key opens nothing")
	}
	return bad(path+" is not there", "tributary keys generate")
}

func unfinished(path string) []Finding {
	if stage, err := sealbox.StageOf(path); err == nil && stage != sealbox.Single {
		return doubts("a rotation of the master key is under way or was interrupted: both keys are in the file", "if none runs, call 'tributary keys rotate' again")
	}
	return nil
}
