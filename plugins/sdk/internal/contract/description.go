package contract

import (
	"fmt"
	"net/url"
	"regexp"
	"time"
	_ "time/tzdata" // machines without time zones have these

	"github.com/tributary-dev/tributary/plugins/sdk"
)

var (
	stableID = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9._-]{0,126}[a-z0-9])?$`)
	version  = regexp.MustCompile(`^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]{1,64})?$`)
	country  = regexp.MustCompile(`^[A-Z]{2}$`)
	name     = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]{0,63}$`)
)

// Description checks a whole catalogue and tells all that is wrong with it.
func Description(d sdk.Description) error {
	c := &checker{}
	c.require(stableID.MatchString(d.Plugin), "plugin", "wants lower-case letters, digits and dashes")
	c.require(version.MatchString(d.Version), "version", "wants a semantic version")
	c.count("providers", len(d.Providers), maxProviders)
	providers, channels := map[string]bool{}, map[string]bool{}
	for i, p := range d.Providers {
		place := fmt.Sprintf("providers[%d]", i)
		c.unique(place+".id", p.ID, providers)
		c.provider(place, p, channels)
	}
	return c.err()
}

func (c *checker) unique(place, id string, seen map[string]bool) {
	c.require(stableID.MatchString(id), place, "wants lower-case letters, digits, dots and dashes")
	c.require(!seen[id], place, "stands twice")
	seen[id] = true
}

func (c *checker) provider(place string, p sdk.ProviderInfo, channels map[string]bool) {
	c.require(p.Name != "", place+".name", "is missing")
	c.text(place+".name", p.Name, maxID)
	c.require(country.MatchString(p.Country), place+".country", "wants two capital letters")
	c.logo(place+".logo_url", p.LogoURL)
	c.require(len(p.Channels) > 0, place+".channels", "there is none")
	c.count(place+".channels", len(p.Channels), 2)
	types := map[sdk.ChannelType]bool{}
	for i, ch := range p.Channels {
		at := fmt.Sprintf("%s.channels[%d]", place, i)
		c.unique(at+".id", ch.ID, channels)
		oneOf(c, at+".type", ch.Type, sdk.Redirect, sdk.Embedded)
		c.require(!types[ch.Type], at+".type", "stands twice")
		types[ch.Type] = true
		c.channel(at, ch)
	}
	c.maintenance(place+".maintenance", p.Maintenance)
	c.zone(place+".zone", p.Zone)
}

// zone wants nothing or a zone that everybody knows: "Local" is another one on
// each machine.
func (c *checker) zone(place, name string) {
	_, err := time.LoadLocation(name)
	c.require(err == nil && name != "Local", place, "wants the IANA name of a time zone, such as Europe/Paris")
}

// clock is a time of the day.
var clock = regexp.MustCompile(`^(?:[01]\d|2[0-3]):[0-5]\d$`)

func (c *checker) maintenance(place string, windows []sdk.Maintenance) {
	c.count(place, len(windows), maxMaintenance)
	for i, m := range windows {
		at := fmt.Sprintf("%s[%d]", place, i)
		c.count(at+".days", len(m.Days), 7)
		for _, day := range m.Days {
			c.require(day >= time.Sunday && day <= time.Saturday, at+".days", "wants days of the week")
		}
		c.require(clock.MatchString(m.From), at+".from", "wants a time such as 23:30")
		c.require(clock.MatchString(m.To), at+".to", "wants a time such as 05:00")
		c.zone(at+".zone", m.Zone)
	}
}

func (c *checker) channel(place string, ch sdk.ChannelDefinition) {
	c.require(len(ch.AccountTypes) > 0, place+".account_types", "there is none")
	for _, t := range ch.AccountTypes {
		oneOf(c, place+".account_types", t, accountTypes...)
	}
	c.fields(place+".credential_fields", ch.CredentialFields)
	l := ch.Limits
	for _, n := range []int{l.UnattendedPerDay, l.HistoryDays, l.ConsentDays, l.Concurrency} {
		c.require(n >= 0 && n <= maxLimit, place+".limits", "is negative or beyond reason")
	}
	c.require(l.MinInterval >= 0 && l.MinInterval <= 366*24*time.Hour, place+".limits", "is negative or beyond reason")
}

func (c *checker) fields(place string, fields []sdk.Field) {
	c.count(place, len(fields), maxFields)
	seen := map[string]bool{}
	for i, f := range fields {
		at := fmt.Sprintf("%s[%d]", place, i)
		c.require(name.MatchString(f.Name), at+".name", "wants letters, digits, dots, dashes and underscores")
		c.require(!seen[f.Name], at+".name", "stands twice")
		seen[f.Name] = true
		oneOf(c, at+".type", f.Type, sdk.FieldText, sdk.FieldPassword, sdk.FieldNumber, sdk.FieldDate, sdk.FieldList, sdk.FieldHidden, sdk.FieldKeypad)
		c.words(at+".label", f.Label)
		c.pattern(at+".regex", f.Regex)
		c.choices(at+".values", f.Values)
		c.require(f.Type != sdk.FieldList || len(f.Values) > 0, at+".values", "a list needs some")
	}
}

func (c *checker) pattern(place, expression string) {
	c.text(place, expression, maxRegex)
	if len(expression) <= maxRegex {
		_, err := regexp.Compile(expression)
		c.require(err == nil, place, "does not compile (RE2)")
	}
}

func (c *checker) choices(place string, choices []sdk.Choice) {
	c.count(place, len(choices), maxChoices)
	seen := map[string]bool{}
	for i, choice := range choices {
		at := fmt.Sprintf("%s[%d]", place, i)
		c.id(at+".value", choice.Value)
		c.require(!seen[choice.Value], at+".value", "stands twice")
		seen[choice.Value] = true
		c.words(at+".label", choice.Label)
	}
}

// link wants nothing or an absolute web address.
func (c *checker) link(place, address string) {
	c.text(place, address, maxURL)
	if address == "" {
		return
	}
	u, err := url.Parse(address)
	c.require(err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "", place, "wants an http or https address")
}
