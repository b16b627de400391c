package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/testbank/bank"
)

// openConsents reads the consents of third parties that a file keeps, and gives what writes further ones to it at once, a
// line each. Without a path there are none, and nothing is kept.
func openConsents(path string) (kept []bank.Kept, keep func(bank.Kept), err error) {
	if path == "" {
		return nil, nil, nil
	}
	if kept, err = readConsents(path); err != nil {
		return nil, nil, fmt.Errorf("--consents: %w", err)
	}
	// What was said of a consent before the last time is of no use: the file begins anew with one line each.
	fresh, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("--consents: %w", err)
	}
	lines := json.NewEncoder(fresh)
	for _, k := range kept {
		err = errors.Join(err, lines.Encode(k))
	}
	if err = errors.Join(err, os.Rename(path+".new", path)); err != nil {
		return nil, nil, fmt.Errorf("--consents: %w", err)
	}
	return kept, func(k bank.Kept) {
		if err := lines.Encode(k); err != nil {
			panic("testbank: a consent cannot be written down: " + err.Error())
		}
	}, nil
}

// readConsents gives the last word on each consent. The end of the file may be half a line: the bank was killed there.
func readConsents(path string) ([]bank.Kept, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	byID := map[string]bank.Kept{}
	for lines, number := bufio.NewScanner(file), 1; lines.Scan(); number++ {
		var k bank.Kept
		if err := json.Unmarshal(lines.Bytes(), &k); err != nil {
			if lines.Scan() {
				return nil, fmt.Errorf("%s:%d: is no consent", path, number)
			}
			break
		}
		byID[k.ID] = k
	}
	return slices.SortedFunc(maps.Values(byID), func(a, b bank.Kept) int { return strings.Compare(a.ID, b.ID) }), nil
}
