package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/testbank"
	"github.com/tributary-dev/tributary/testbank/admin"
	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
)

type serve struct {
	source
	interfaceFlags
	Listen           string    `help:"Address to listen on; port 0 picks a free one. Default: ${default}." default:"127.0.0.1:8765" placeholder:"HOST:PORT"`
	Now              time.Time `help:"Open the bank at another time of its clock, such as 2026-03-14T12:00:00Z. Default: the real one." placeholder:"TIME"`
	Record           string    `help:"Append each call of a program to this file, a line of JSON each: log-ins, tokens and what was read. Default: none." placeholder:"FILE"`
	Consents         string    `help:"Keep consents of third parties in this file over a restart. Default: they end with the bank." placeholder:"FILE"`
	UntilStdinCloses bool      `help:"End when standard input closes, which it does when the program that started the bank has died."`
}

// announcement is the one line that tells a script where the bank is and who can log in.
type announcement struct {
	URL string `json:"url"`
	// PSD2URL is where third parties find the interface of the Berlin Group, where it is open.
	PSD2URL string `json:"psd2_url,omitempty"`
	// STET is how they speak that standard, SealURL where the seal of the folder of certificates is.
	STET    *french `json:"stet,omitempty"`
	SealURL string  `json:"seal_url,omitempty"`
	// OpenBankingURL is that of UK Open Banking, which is the issuer of its tokens.
	OpenBankingURL string          `json:"open_banking_url,omitempty"`
	Personas       []admin.Persona `json:"personas"`
}

// french says how third parties speak STET with the bank.
type french struct {
	URL      string              `json:"url"`
	Path     string              `json:"path"`
	Consents config.STETConsents `json:"consents"`
}

// grace is how long requests that are being answered may take when the bank ends.
const grace = time.Second

// Run serves until the context ends, or standard input closes if that is wanted.
func (s *serve) Run(ctx context.Context, std streams) error {
	file, err := s.load(std.err)
	if err != nil {
		return err
	}
	offset := &bank.Offset{}
	if !s.Now.IsZero() {
		offset.Set(time.Until(s.Now))
	}
	record, err := openRecord(s.Record)
	if err != nil {
		return err
	}
	kept, keep, err := openConsents(s.Consents)
	if err != nil {
		return err
	}
	trusted, err := s.certificates()
	if err != nil {
		return err
	}
	others, err := s.listen(ctx, trusted.settings)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return err
	}
	url := "http://" + listener.Addr().String()
	// Browsers know no test authority: third parties send them to the pages that they would see anyway.
	desk := deskAt(others)
	handler, err := testbank.New(file, bank.Options{Offset: offset, Record: record, Authorities: trusted.authorities, Seals: trusted.seals, Pages: url, Interface: desk, Kept: kept, Keep: keep})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if s.UntilStdinCloses {
		go func() {
			_, _ = io.Copy(io.Discard, std.in) // whatever ends the reading, the parent is gone
			cancel()
		}()
	}
	server := &http.Server{Handler: s.around(handler), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}
	ended := make(chan error, 2)
	go func() { ended <- server.Serve(listener) }()
	line := announcement{URL: url, Personas: admin.Personas(file)}
	if others != nil {
		line.PSD2URL, line.OpenBankingURL, line.SealURL = desk+"/xs2a", desk+"/open-banking", desk+sealPath
		line.STET = &french{desk + "/stet", file.Bank.STET.Path, file.Bank.STET.Consents}
		go func() { ended <- server.Serve(others) }()
	}
	// The listener accepts from here on: a request made after this line is answered.
	if err := json.NewEncoder(std.out).Encode(line); err != nil {
		return errors.Join(err, server.Close())
	}
	return waitAndStop(ctx, server, handler, ended)
}

// waitAndStop serves until the context ends; then what is under way gets a moment, and no longer.
func waitAndStop(ctx context.Context, server *http.Server, handler *testbank.Server, ended <-chan error) error {
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	handler.Close()
	last, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return server.Close()
	}
	return nil
}
