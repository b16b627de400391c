package recipe

import (
	_ "embed"
	"slices"
	"time"
)

//go:embed recipe.schema.json
var schemaText []byte

// Schema is the JSON Schema of a recipe.
func Schema() []byte { return slices.Clone(schemaText) }

// Language is the version of the language that is read.
const Language = 1

// Recipe is how one bank's web site is read.
type Recipe struct {
	Recipe       int               `yaml:"recipe"`
	Version      int               `yaml:"version"`
	Bank         Bank              `yaml:"bank"`
	Settings     []string          `yaml:"settings"`
	Options      []string          `yaml:"options"`
	Hosts        []string          `yaml:"hosts"`
	Start        Template          `yaml:"start"`
	Locale       Locale            `yaml:"locale"`
	AccountTypes []string          `yaml:"account_types"`
	Limits       Limits            `yaml:"limits"`
	Unattended   string            `yaml:"unattended"`
	Timeouts     Timeouts          `yaml:"timeouts"`
	Credentials  []Credential      `yaml:"credentials"`
	Flags        map[string]string `yaml:"flags"`
	Overlays     []Overlay         `yaml:"overlays"`
	Pages        []Page            `yaml:"pages"`
	LogOut       []Action          `yaml:"log_out"`
	Accounts     []Source          `yaml:"accounts"`
	Transactions []Source          `yaml:"transactions"`

	// File is where it was read from.
	File string `yaml:"-"`
	// Words are all that stand in it, in lower case: what may be read by anybody.
	Words []string `yaml:"-"`
}

// Bank is what users read of it.
type Bank struct {
	ID          string `yaml:"id"`
	Name        string `yaml:"name"`
	Country     string `yaml:"country"`
	Logo        string `yaml:"logo"`
	Zone        string `yaml:"zone"`
	Maintenance string `yaml:"maintenance"`
}

// Locale is how the site writes, and in which language it is asked for.
type Locale struct {
	Language string   `yaml:"language"`
	Decimal  string   `yaml:"decimal"`
	Group    string   `yaml:"group"`
	Debit    []string `yaml:"debit"`
	Credit   []string `yaml:"credit"`
	Dates    []string `yaml:"dates"`
	Currency string   `yaml:"currency"`
}

// Limits are what the bank bears and shows.
type Limits struct {
	UnattendedPerDay int `yaml:"unattended_per_day"`
	HistoryDays      int `yaml:"history_days"`
	Concurrency      int `yaml:"concurrency"`
	MinutesBetween   int `yaml:"minutes_between"`
	DownloadKiB      int `yaml:"download_kib"`
}

// When a run with nobody there may log in.
const (
	// Always: the bank never asks for a code.
	Always = "always"
	// KnownDevice: the bank does not ask for a code where it knows the browser.
	KnownDevice = "known-device"
	// Never: the bank always asks.
	Never = "never"
)

// Timeouts are in seconds.
type Timeouts struct {
	Page int `yaml:"page"`
	User int `yaml:"user"`
	Idle int `yaml:"idle"`
}

// PageWithin is how long a page may take.
func (t Timeouts) PageWithin() time.Duration { return time.Duration(t.Page) * time.Second }

// UserWithin is how long a page waits for the user.
func (t Timeouts) UserWithin() time.Duration { return time.Duration(t.User) * time.Second }

// IdleWithin is how long a session that is read stays open after its last call.
func (t Timeouts) IdleWithin() time.Duration { return time.Duration(t.Idle) * time.Second }

// Credential is asked for in a form, before anything begins.
type Credential struct {
	Name     string            `yaml:"name"`
	Type     string            `yaml:"type"`
	Label    map[string]string `yaml:"label"`
	Optional bool              `yaml:"optional"`
	Regex    string            `yaml:"regex"`
	Values   []Choice          `yaml:"values"`
}

// Choice is one value of a list.
type Choice struct {
	Value string            `yaml:"value"`
	Label map[string]string `yaml:"label"`
}

// Overlay is what lies over any page and is clicked away, such as a cookie banner.
type Overlay struct {
	Seen  Seen  `yaml:"seen"`
	Click Click `yaml:"click"`
}

// complete fills in what a file may leave out.
func (r *Recipe) complete() {
	or := func(at *int, value int) {
		if *at == 0 {
			*at = value
		}
	}
	or(&r.Timeouts.Page, 20)
	or(&r.Timeouts.User, 300)
	or(&r.Timeouts.Idle, 120)
	or(&r.Limits.DownloadKiB, 4096)
	if r.Unattended == "" {
		r.Unattended = KnownDevice
	}
	if r.Locale.Currency == "" {
		r.Locale.Currency = "EUR"
	}
}
