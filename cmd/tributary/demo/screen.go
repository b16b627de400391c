package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"text/tabwriter"
)

var stages = []string{"START", "CONNECT", "INTERACTIVE", "ACCOUNTS", "RECENT", "FULL", "FINISH"}

// progress draws a run's stage as a bar.
func progress(run synchronization) string {
	done := 0
	for i, stage := range stages {
		if stage == run.Stage {
			done = i + 1
		}
	}
	bar := strings.Repeat("█", done*3) + strings.Repeat("░", (len(stages)-done)*3)
	return fmt.Sprintf("%s  %-11s %s", bar, strings.ToLower(run.Stage), run.Status)
}

func (p *play) show(ctx context.Context) error {
	var accounts list[account]
	if err := p.user.call(ctx, http.MethodGet, "/v1/accounts", nil, &accounts); err != nil {
		return err
	}
	var rows list[transaction]
	if err := p.user.call(ctx, http.MethodGet, "/v1/transactions?limit=12", nil, &rows); err != nil {
		return err
	}
	if len(accounts.Data) == 0 || len(rows.Data) == 0 {
		return errors.New("the bank showed no account or no transaction")
	}
	p.accounts(accounts.Data)
	return p.transactions(rows.Data)
}

func (p *play) accounts(accounts []account) {
	table := tabwriter.NewWriter(p.out, 2, 4, 2, ' ', 0)
	fmt.Fprintln(table, "  ACCOUNT\tTYPE\tNUMBER\tBALANCE")
	for _, a := range accounts {
		number, balance := a.IBAN, ""
		if number == "" {
			number = a.Number
		}
		if a.Balance != nil {
			balance = a.Balance.Amount + " " + a.Balance.Currency
		}
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", a.Name, a.Type, number, balance)
	}
	_ = table.Flush()
	fmt.Fprintln(p.out)
}

func (p *play) transactions(rows []transaction) error {
	table := tabwriter.NewWriter(p.out, 2, 4, 2, ' ', 0)
	fmt.Fprintln(table, "  DATE\tLABEL\tAMOUNT\tCATEGORY\tSTATUS")
	for _, row := range rows {
		if row.Category.ID == "" {
			return errors.New("a transaction has no category")
		}
		fmt.Fprintf(table, "  %s\t%.34s\t%s %s\t%s\t%s\n", row.EffectiveDate, row.Label, row.Amount.Amount, row.Amount.Currency, row.Category.ID, strings.ToLower(row.Status))
	}
	return table.Flush()
}

// events reads the queue to its end and acknowledges it.
func (p *play) events(ctx context.Context) error {
	var read list[event]
	path := "/v1/queues/" + p.queue
	if err := p.user.call(ctx, http.MethodGet, path+"/events?limit=100&wait=2", nil, &read); err != nil {
		return err
	}
	if len(read.Data) == 0 {
		return errors.New("the queue told nothing")
	}
	for _, e := range read.Data {
		fmt.Fprintf(p.out, "  %4d  %-38s %s\n", e.Seq, e.Name, detail(e))
	}
	last := read.Data[len(read.Data)-1].Seq
	p.say("POST …/ack", fmt.Sprint(last))
	return p.user.call(ctx, http.MethodPost, path+"/ack", map[string]int64{"seq": last}, nil)
}

func detail(e event) string {
	for _, key := range []string{"stage", "status", "type", "count", "error"} {
		if value, ok := e.Data[key]; ok {
			return fmt.Sprintf("%s=%v", key, value)
		}
	}
	return ""
}
