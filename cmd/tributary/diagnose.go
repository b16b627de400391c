package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/doctor"
	"github.com/tributary-dev/tributary/cmd/tributary/node"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
)

type doctorCommand struct {
	Environment string `help:"${environment}" placeholder:"NAME"`
	placeFlags
	busFlags
	keyFlags
	listenFlags
	rateFlags
	drainFlags
	pluginFlags
	JSON bool `name:"json" help:"Print JSON."`
}

// Help says what the exit status tells.
func (doctorCommand) Help() string {
	return examples("Takes the settings of 'serve', changes nothing, and ends with status 1 if something must be mended.",
		"tributary doctor --config /etc/tributary.yaml", "tributary doctor --environment sandbox --json")
}

var errUnwell = errors.New("something must be mended")

// Run examines.
func (c doctorCommand) Run(ctx context.Context, std streams, v setting.Values) error {
	config := node.FromValues(v)
	var err error
	if config.Plugins, err = pluginsOf(v); err != nil {
		return err
	}
	found := doctor.Examine(ctx, doctor.Patient{Config: config, Now: time.Now(), Free: doctor.Free})
	if c.JSON {
		err = printList(std.out, found)
	} else {
		err = printFindings(std, found)
	}
	if err == nil && doctor.Worst(found) == doctor.Failure {
		err = errUnwell
	}
	return err
}

func printFindings(std streams, found []doctor.Finding) error {
	for _, f := range found {
		if _, err := fmt.Fprintf(std.out, "%-8s %-12s %s\n", f.State, f.Check, f.Says); err != nil {
			return err
		}
		if f.Mend != "" {
			_, _ = fmt.Fprintf(std.out, "%-8s %-12s → %s\n", "", "", f.Mend)
		}
	}
	return nil
}
