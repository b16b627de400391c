package upgrade

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tributary-dev/tributary/migrations"
)

// What was built: the program of this tree, and one that knows all migrations
// but the newest.
var (
	current, previous string
	// versions are those of all migrations, the oldest first.
	versions []int64
	// latest is what the program knows, before what the previous one does.
	latest, before int64
)

// Sizes of the run: small ones unless told otherwise.
var (
	transactions = number("N", 3000)
	kills        = number("KILLS", 2)
	seed         = uint64(number("SEED", int(time.Now().UnixNano()&0xffffff)))
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	flag.Parse()
	folder, err := os.MkdirTemp("", "tributary-upgrade-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := build(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Printf("upgrade: N=%d KILLS=%d SEED=%d\n", transactions, kills, seed)
	return m.Run()
}

// build makes both programs. The earlier one is made from the same tree without
// the files of the newest migration, so that nobody has to keep old binaries.
func build(folder string) error {
	names, err := files(migrations.SQLite())
	if err != nil {
		return err
	}
	for _, name := range names {
		digits, _, _ := strings.Cut(name, "_")
		version, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return err
		}
		before, latest = latest, version
		versions = append(versions, version)
	}
	newest := names[len(names)-1]
	gone := map[string]string{}
	for _, dialect := range []string{"sqlite", "postgres"} {
		path, err := filepath.Abs(filepath.Join("..", "..", "..", "migrations", dialect, newest))
		if err != nil {
			return err
		}
		gone[path] = ""
	}
	overlay := filepath.Join(folder, "overlay.json")
	text, err := json.Marshal(map[string]any{"Replace": gone})
	if err != nil {
		return err
	}
	if err := os.WriteFile(overlay, text, 0o600); err != nil {
		return err
	}
	current, previous = filepath.Join(folder, "tributary"), filepath.Join(folder, "tributary-previous")
	if err := compile(current); err != nil {
		return err
	}
	return compile(previous, "-overlay", overlay)
}

func compile(target string, more ...string) error {
	arguments := slices.Concat([]string{"build", "-ldflags", "-s -w", "-o", target}, more, []string{"./cmd/tributary"})
	command := exec.Command("go", arguments...)
	command.Dir = filepath.Join("..", "..", "..")
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("go %s: %w\n%s", strings.Join(arguments, " "), err, out)
	}
	return nil
}

func number(name string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return usual
}

// dice are the same for the same seed and place.
func dice(place string, version int64) *rand.Rand {
	sum := uint64(version)
	for _, letter := range []byte(place) {
		sum = sum*31 + uint64(letter)
	}
	return rand.New(rand.NewPCG(seed, sum))
}
