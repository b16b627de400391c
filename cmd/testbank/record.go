package main

import (
	"encoding/json"
	"os"

	"github.com/tributary-dev/tributary/testbank/bank"
)

// openRecord gives what writes each call of a program to a file, at once: a bank
// that is killed has written down all that it answered. Without a path it is nil.
func openRecord(path string) (record func(bank.Visit), err error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	lines := json.NewEncoder(file)
	return func(v bank.Visit) {
		if err := lines.Encode(v); err != nil {
			panic("testbank: a call cannot be written down: " + err.Error())
		}
	}, nil
}
