// Package doctor looks at an installation and says what is wrong with it and
// how to mend it. It changes nothing.
package doctor

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/node"
)

// State of one check.
type State string

// States. A warning is something to know; a failure keeps a server from
// starting or from being safe.
const (
	OK      State = "ok"
	Warning State = "warning"
	Failure State = "failure"
)

// Finding is what one check says.
type Finding struct {
	Check string `json:"check"`
	State State  `json:"state"`
	Says  string `json:"says"`
	// Mend is what to do, empty where nothing is to be done.
	Mend string `json:"mend,omitempty"`
}

// Patient is what is looked at.
type Patient struct {
	Config node.Config
	Now    time.Time
	// Free tells the bytes left on the disk of a folder.
	Free func(folder string) (uint64, error)
}

// Examine makes every check, whatever the others say.
func Examine(ctx context.Context, p Patient) []Finding {
	var all []Finding
	for _, check := range []struct {
		name string
		look func(context.Context) []Finding
	}{
		{"settings", p.settings}, {"data folder", p.folder}, {"database", p.database}, {"master key", p.key},
		{"event bus", p.bus}, {"plugins", p.plugins}, {"clock", p.clock}, {"address", p.address}, {"disk", p.disk},
	} {
		for _, finding := range check.look(ctx) {
			finding.Check = check.name
			all = append(all, finding)
		}
	}
	return all
}

// Worst is the gravest state among findings.
func Worst(all []Finding) State {
	worst := OK
	for _, f := range all {
		if f.State == Failure {
			return Failure
		}
		if f.State == Warning {
			worst = Warning
		}
	}
	return worst
}

func good(says string) []Finding         { return []Finding{{State: OK, Says: says}} }
func bad(says, mend string) []Finding    { return []Finding{{State: Failure, Says: says, Mend: mend}} }
func doubts(says, mend string) []Finding { return []Finding{{State: Warning, Says: says, Mend: mend}} }
