// Package outboundtest has what refusing addresses is tried with: names that
// resolve to what a test says, and the ways to write an address that is not public.
// It must not know who is asked.
package outboundtest

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
)

// Resolver asks an answering function instead of the world. It speaks DNS over
// a pipe, so that no test opens a socket for it.
func Resolver(answer func(name string) []netip.Addr) *net.Resolver {
	return &net.Resolver{PreferGo: true, StrictErrors: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go serveDNS(there, answer)
		return here, nil
	}}
}

// serveDNS answers questions on a stream, each with its length before it.
func serveDNS(conn net.Conn, answer func(name string) []netip.Addr) {
	defer func() { _ = conn.Close() }()
	for {
		var size [2]byte
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			return
		}
		packet := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(conn, packet); err != nil {
			return
		}
		reply := replyTo(packet, answer)
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil { //nolint:gosec // a few addresses
			return
		}
	}
}

// replyTo answers the one question of a message (RFC 1035, section 4).
func replyTo(packet []byte, answer func(name string) []netip.Addr) []byte {
	const header = 12
	var labels []string
	at := header
	for size := int(packet[at]); size > 0; size = int(packet[at]) {
		labels = append(labels, string(packet[at+1:at+1+size]))
		at += 1 + size
	}
	wantsA, end := packet[at+2] == 1, at+5
	count, answers := byte(0), []byte(nil)
	for _, addr := range answer(strings.Join(labels, ".")) {
		if addr.Is4() != wantsA {
			continue
		}
		data := addr.AsSlice()
		count++
		answers = append(answers, 0xc0, header, packet[at+1], packet[at+2], 0, 1, 0, 0, 0, 0, 0, byte(len(data))) //nolint:gosec // 4 or 16
		answers = append(answers, data...)
	}
	reply := append([]byte{packet[0], packet[1], 0x81, 0x80, 0, 1, 0, count, 0, 0, 0, 0}, packet[header:end]...)
	return append(reply, answers...)
}

// Addrs parses addresses.
func Addrs(texts ...string) []netip.Addr {
	list := make([]netip.Addr, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParseAddr(text)
	}
	return list
}
