package main

import "fmt"

type validate struct {
	File string `arg:"" help:"The configuration file."`
}

// Run prints one line about a good file; of a bad one every mistake, and the status is 1.
func (v *validate) Run(std streams) error {
	file, err := source{Config: v.File}.load(std.out)
	if err != nil {
		return err
	}
	rows, rules := 0, 0
	for _, account := range file.Accounts {
		rows, rules = rows+len(account.Transactions), rules+len(account.Recurring)
	}
	fmt.Fprintf(std.out, "%s: valid: %d personas, %d accounts, %d transactions, %d recurring rules\n",
		v.File, len(file.Personas), len(file.Accounts), rows, rules)
	return nil
}
