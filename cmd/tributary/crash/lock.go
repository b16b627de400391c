package main

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/point"
)

// deed is a claim of a run or a write under one, as a process wrote it down.
type deed struct {
	kind, run string
	epoch     int64
}

// outcome is what came of it; an empty one says that nobody knows.
type outcome string

// lockModel is what a run's lease promises: whoever claims it gets a higher
// number than all before, and only whoever has the highest number writes.
var lockModel = porcupine.NondeterministicModel{
	Init: func() []any { return []any{int64(0)} },
	Step: func(state, input, output any) []any {
		highest, _ := state.(int64)
		did, _ := input.(deed)
		came, _ := output.(outcome)
		return step(highest, did, came)
	},
}

func step(highest int64, d deed, o outcome) []any {
	switch {
	case d.kind == point.Claim && o == point.Done && d.epoch > highest:
		return []any{d.epoch}
	case d.kind == point.Claim && o == "" && d.epoch > highest:
		return []any{highest, d.epoch}
	case d.kind == point.Claim && o == "":
		return []any{highest}
	case d.kind == point.Write && o == point.Done && d.epoch == highest,
		d.kind == point.Write && o == point.Fenced && d.epoch < highest:
		return []any{highest}
	}
	return nil
}

// history is what several processes did to runs.
type history struct {
	operations map[string][]porcupine.Operation // by run
	claims     int
	writes     int
	refused    int
}

// readHistory reads the files of several processes. What had no effect, and
// writes of which nobody knows whether they had any, say nothing of the lock.
func readHistory(files []string) (history, error) {
	all := history{operations: map[string][]porcupine.Operation{}}
	for client, file := range files {
		if err := all.read(client, file); err != nil {
			return all, err
		}
	}
	return all, nil
}

func (h *history) read(client int, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	open := map[int64]*porcupine.Operation{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var what, word, run string
		var id, at, epoch int64
		if n, _ := fmt.Sscanf(lines.Text(), "%s %d %d %s %s %d", &what, &id, &at, &word, &run, &epoch); n != 6 {
			return fmt.Errorf("%s: not a line of a history: %q", path, lines.Text())
		}
		switch what {
		case "call":
			open[id] = &porcupine.Operation{ClientId: client, Call: at, Input: deed{word, run, epoch}}
		case "wants":
			open[id].Input = deed{word, run, epoch}
		case "end":
			open[id].Return = at
			h.add(*open[id], outcome(word))
			delete(open, id)
		}
	}
	for _, o := range open { // the process was killed
		if d, _ := o.Input.(deed); d.kind == point.Claim && d.run != "-" {
			o.Return, o.Output = math.MaxInt64, outcome("")
			h.operations[d.run] = append(h.operations[d.run], *o)
		}
	}
	return nil
}

func (h *history) add(o porcupine.Operation, came outcome) {
	d, _ := o.Input.(deed)
	switch {
	case came == point.Done && d.kind == point.Claim:
		h.claims++
	case came == point.Done:
		h.writes++
	case came == point.Fenced && d.kind == point.Write:
		h.refused++
	case d.kind == point.Claim && d.run != "-" && came == point.Other:
		came = "" // its commit may have been done when the answer was lost
	default:
		return
	}
	o.Output = came
	h.operations[d.run] = append(h.operations[d.run], o)
}

// broken lists the runs whose history no lock allows.
func (h *history) broken() (runs []string) {
	model := lockModel.ToModel()
	for run, operations := range h.operations {
		if porcupine.CheckOperationsTimeout(model, operations, 20*time.Second) != porcupine.Ok {
			runs = append(runs, run+": "+describe(operations))
		}
	}
	return runs
}

func describe(operations []porcupine.Operation) string {
	lines := []string{}
	for _, o := range operations {
		lines = append(lines, fmt.Sprintf("[%d %d] %d %v %v", o.Call, o.Return, o.ClientId, o.Input, o.Output))
	}
	return strings.Join(lines, "; ")
}
