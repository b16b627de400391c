package main

import (
	"bufio"
	"fmt"
	"io"
	"sync"
)

// gates stop whoever reaches the armed point.
type gates struct {
	out  io.Writer
	mu   sync.Mutex
	name string
	skip int
	seen map[string]bool
	goOn chan struct{}
}

func newGates(out io.Writer) *gates {
	return &gates{out: out, seen: map[string]bool{}, goOn: make(chan struct{})}
}

// Reach implements point.Gate.
func (g *gates) Reach(name string) {
	g.mu.Lock()
	if !g.seen[name] {
		g.seen[name] = true
		g.say("seen", name)
	}
	if name != g.name {
		g.mu.Unlock()
		return
	}
	if g.skip > 0 {
		g.skip--
		g.mu.Unlock()
		return
	}
	g.name = ""
	g.say("at", name)
	wait := g.goOn
	g.mu.Unlock()
	<-wait
}

// say writes a line; nobody who listens is left when it fails.
func (g *gates) say(what, name string) { _, _ = fmt.Fprintln(g.out, what, name) }

// listen does what it is told until the other end is gone.
func (g *gates) listen(in io.Reader) {
	for lines := bufio.NewScanner(in); lines.Scan(); {
		g.told(lines.Text())
	}
}

func (g *gates) told(line string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var name string
	var skip int
	if n, _ := fmt.Sscanf(line, "arm %s %d", &name, &skip); n == 2 {
		g.name, g.skip = name, skip
		return
	}
	g.name = ""
	if line == "go" {
		close(g.goOn)
		g.goOn = make(chan struct{})
	}
}
