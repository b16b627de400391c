package bank

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"io"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

// Options are what a bank needs from outside. The zero value is the real clock and the real randomness.
type Options struct {
	Now    func() time.Time
	Random io.Reader
	// Wait lets time pass for slow personas, until the context ends.
	Wait func(ctx context.Context, d time.Duration) error
	// Offset moves this bank's clock together with others'; nil gives it a clock of its own.
	Offset *Offset
	// Authorities issue the certificates of third parties that the PSD2 interface serves; nil serves none.
	Authorities *x509.CertPool
	// Seals finds the certificate of a third party at the address that its signatures name; nil finds none.
	Seals func(ctx context.Context, address string) (*x509.Certificate, error)
	// Pages is where customers' browsers find the bank, where third parties call it somewhere else; without a slash at its end.
	Pages string
	// Interface is where third parties call the bank, for what browsers are shown; without a slash at its end. Where it is empty,
	// it is where a request came.
	Interface string
	// Name tells banks of one file apart: tokens of one are nothing to the other.
	Name string
	// Kept are consents of third parties from before a restart; Keep, if any, is told of each that was given or has ended. It
	// may not call the bank.
	Kept []Kept
	Keep func(Kept)
	// Record, if any, is told of each call of a program. It may not call the bank.
	Record func(Visit)
}

// Bank is one bank with its state in memory. It is safe for concurrent use.
type Bank struct {
	File *config.File
	Book *ledger.Book
	// Authorities, Seals, Pages and Interface are those of Options.
	Authorities *x509.CertPool
	Seals       func(ctx context.Context, address string) (*x509.Certificate, error)
	Pages       string
	Interface   string

	name   string
	clock  *clock
	random io.Reader
	wait   func(ctx context.Context, d time.Duration) error
	record func(Visit)
	keep   func(Kept)

	happenings []happening

	mu         sync.Mutex
	personas   map[string]config.Persona
	stats      map[string]*Stats
	standings  map[string]*standing
	sessions   map[string]*session
	challenges map[string]*challenge
	consents   map[string]*consent
	clients    map[string]json.RawMessage
	leaves     map[pair]Leave
	codes      map[string]*consent
	access     map[string]*accessToken
	refresh    map[string]*consent
	spent      map[string]bool // refresh tokens from before a restart
}

// New opens a bank for a checked file. The day of opening is the origin of the file's relative days.
func New(file *config.File, options Options) (*Bank, error) {
	zone, err := time.LoadLocation(file.Bank.Timezone)
	if err != nil {
		return nil, err
	}
	b := &Bank{
		File: file, Authorities: options.Authorities, Seals: options.Seals, Pages: options.Pages, Interface: options.Interface, name: options.Name, clock: &clock{real: options.Now, zone: zone, offset: options.Offset}, random: options.Random, wait: options.Wait, record: options.Record, keep: options.Keep,
		personas: map[string]config.Persona{}, stats: map[string]*Stats{}, standings: map[string]*standing{}, sessions: map[string]*session{},
		challenges: map[string]*challenge{}, consents: map[string]*consent{}, clients: map[string]json.RawMessage{}, leaves: map[pair]Leave{}, codes: map[string]*consent{},
		access: map[string]*accessToken{}, refresh: map[string]*consent{}, spent: map[string]bool{},
	}
	b.orDefaults()
	b.Book = ledger.New(file, b.clock.today())
	b.arrange()
	for _, p := range file.Personas {
		b.personas[p.Login], b.stats[p.Login], b.standings[p.Login] = p, &Stats{}, &standing{}
	}
	b.remember(options.Kept)
	return b, nil
}

func (b *Bank) orDefaults() {
	if b.clock.real == nil {
		b.clock.real = time.Now
	}
	if b.clock.offset == nil {
		b.clock.offset = &Offset{}
	}
	if b.random == nil {
		b.random = rand.Reader
	}
	if b.wait == nil {
		b.wait = pause
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Delay lets a slow persona's answer come late. The error is the context's.
func (b *Bank) Delay(ctx context.Context, login string) error {
	b.mu.Lock()
	slow, ok := b.who(login).Behaviour(config.BehaviourSlow)
	b.mu.Unlock()
	if ok {
		return b.wait(ctx, time.Duration(slow.Delay))
	}
	return nil
}

// id draws an identifier that nobody guesses.
func (b *Bank) id(prefix string) string {
	bytes := make([]byte, 18)
	if _, err := io.ReadFull(b.random, bytes); err != nil {
		panic("bank: no randomness: " + err.Error())
	}
	return prefix + hex.EncodeToString(bytes)
}
