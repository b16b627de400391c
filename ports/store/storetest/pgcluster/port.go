package pgcluster

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
)

// Ports that no system hands out by itself: Linux starts at 32768, others
// later. One from there would be taken by anybody's outgoing connection between
// the moment it is found free and the moment it is listened on, and again while
// a server is down for a restart.
const lowest, highest = 10000, 32000

var errNoPort = errors.New("pgcluster: no free port found")

// FreePort finds a port of 127.0.0.1 for a server that has to be told one, or
// that will come back to it.
func FreePort() (int, error) {
	for range 100 {
		port := lowest + rand.IntN(highest-lowest) //nolint:forbidigo // two tests that start together must not agree
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return port, listener.Close()
		}
	}
	return 0, errNoPort
}

// FreeAddress is FreePort as an address to listen on.
func FreeAddress() (string, error) {
	port, err := FreePort()
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), err
}
