// Package natsbroker owns a NATS server for the tests of whoever speaks with
// one. It knows nothing of what is sent.
//
// The server keeps JetStream in memory, asks for a password, and forgets
// everything when it is halted: as hostile as a real one may be.
package natsbroker

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// Broker is a server in this process.
type Broker struct {
	options *server.Options
	running *server.Server
}

const (
	user = "tributary"
	// startLimit is how long the server may take to answer.
	startLimit = 10 * time.Second
)

var errSlow = errors.New("natsbroker: the server does not answer")

// Start begins a server that keeps its files, if it has any, in a folder.
func Start(folder string) (*Broker, error) {
	b, err := choose(folder)
	if err != nil {
		return nil, err
	}
	return b, b.Resume()
}

// choose finds a place for a server.
func choose(folder string) (*Broker, error) {
	port, err := pgcluster.FreePort()
	return &Broker{options: options(folder, port)}, err
}

func options(folder string, port int) *server.Options {
	return &server.Options{
		Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: folder, Username: user, Password: "Canary-of-the-broker-77",
		NoLog: true, NoSigs: true,
	}
}

// Resume begins the server where it was before.
func (b *Broker) Resume() (err error) {
	if b.running, err = server.NewServer(b.options.Clone()); err != nil {
		return err
	}
	b.running.Start()
	if !b.running.ReadyForConnections(startLimit) {
		b.Halt()
		return errSlow
	}
	return nil
}

// Halt ends the server and what is connected to it.
func (b *Broker) Halt() {
	b.running.Shutdown()
	b.running.WaitForShutdown()
}

// Forbid has the server ask for another password, once it is resumed.
func (b *Broker) Forbid() { b.options.Password = "another" }

// Subscriptions counts what its clients listen to.
func (b *Broker) Subscriptions() int { return int(b.running.NumSubscriptions()) }

// Password is the one in the URL; nobody may ever print it.
func (b *Broker) Password() string { return b.options.Password }

// URL reaches the server.
func (b *Broker) URL() string {
	return (&url.URL{Scheme: "nats", User: url.UserPassword(user, b.options.Password), Host: net.JoinHostPort(b.options.Host, strconv.Itoa(b.options.Port))}).String()
}
