package testbank

import (
	"cmp"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"sync"

	"github.com/tributary-dev/tributary/testbank/admin"
	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

const (
	// MaxConfigurations is how many further banks one process serves.
	MaxConfigurations = 100
	// MaxRows is about how many rows an uploaded configuration may give as of its first day: rules can be small and
	// give much.
	MaxRows = 300_000
)

// guests are the banks beside the one of the process's own file, each from a configuration that a client sent. They
// share its clock and its hold, and nothing else.
type guests struct {
	options bank.Options
	hold    *admin.Hold

	mu   sync.Mutex
	byID map[string]*guest
}

type guest struct {
	id      string
	file    *config.File
	handler http.Handler
}

var guestID = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

// put opens a bank under an id, in the place of one that has the id already. Refusals: InvalidRequest,
// TooManyConfigurations, ConfigurationTooLarge.
func (g *guests) put(id string, file *config.File) (created bool, err error) {
	if !guestID.MatchString(id) {
		return false, &bank.Refusal{Code: bank.InvalidRequest, Message: "The id is 1 to 64 of a-z, 0-9, _ and -, and begins with a letter or digit."}
	}
	options := g.options
	options.Name = "\x00" + id
	options.Keep, options.Kept = nil, nil // what is kept over a restart is the first bank's
	b, err := bank.New(file, options)
	if err != nil {
		return false, err
	}
	if ledger.Rows(file, b.Today()) > MaxRows {
		return false, &bank.Refusal{Code: bank.ConfigurationTooLarge, Message: "The rules of this configuration give too many transactions."}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	_, known := g.byID[id]
	if !known && len(g.byID) >= MaxConfigurations {
		return false, &bank.Refusal{Code: bank.TooManyConfigurations, Message: "Delete a configuration first."}
	}
	g.byID[id] = &guest{id: id, file: file, handler: handlerOf(b, g.hold)}
	return !known, nil
}

func (g *guests) get(id string) (*guest, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if found := g.byID[id]; found != nil {
		return found, nil
	}
	return nil, &bank.Refusal{Code: bank.ConfigurationNotFound, Message: "There is no such configuration."}
}

func (g *guests) remove(id string) error {
	_, err := g.get(id)
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.byID, id)
	return err
}

func (g *guests) list() []*guest {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.SortedFunc(maps.Values(g.byID), func(a, b *guest) int { return cmp.Compare(a.id, b.id) })
}
