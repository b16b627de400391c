package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/tributary-dev/tributary/adapters/pluginhost"
	"github.com/tributary-dev/tributary/adapters/telemetry"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
	"github.com/tributary-dev/tributary/core/bank"
)

type pluginCommands struct {
	List pluginList `cmd:"" help:"List the plugins, and whether each is what its manifest says."`
}

type pluginList struct {
	Config string `help:"YAML file of settings ($$TRIBUTARY_CONFIG)." placeholder:"FILE"`
	pluginFlags
	JSON bool `name:"json" help:"Print JSON."`
}

type pluginShape struct {
	Name     string `json:"name"`
	Version  string `json:"version,omitempty"`
	Protocol int    `json:"protocol,omitempty"`
	SHA256   string `json:"sha256,omitempty"`
	Problem  string `json:"problem,omitempty"`
}

// Run lists what lies in the folder; nothing is started. A plugin with a
// problem makes the command fail.
func (c pluginList) Run(std streams, v setting.Values) error {
	folder, err := pluginsOf(v)
	if err != nil {
		return err
	}
	found, err := pluginhost.Inspect(folder)
	if err != nil {
		return err
	}
	var shapes []pluginShape
	bad := 0
	for _, p := range found {
		shape := pluginShape{Name: p.Name, Version: p.Version, Protocol: p.Protocol, SHA256: p.SHA256}
		if p.Problem != nil {
			bad++
			shape.Problem = p.Problem.Error()
		}
		shapes = append(shapes, shape)
	}
	if c.JSON {
		err = printList(std.out, shapes)
	} else {
		err = printTable(std.out, "PLUGIN\tVERSION\tPROTOCOL\tSTATE", func(line func(string, ...any)) {
			for _, s := range shapes {
				line("%s\t%s\t%d\t%s", s.Name, cmp.Or(s.Version, "-"), s.Protocol, cmp.Or(s.Problem, "as its manifest says"))
			}
		})
	}
	if err == nil && bad > 0 {
		err = fmt.Errorf("%d of %d plugins in %s would not be served", bad, len(found), folder)
	}
	return err
}

type providerCommands struct {
	List providerList `cmd:"" help:"Start the plugins and list the banks they serve."`
}

type providerList struct {
	Config string `help:"YAML file of settings ($$TRIBUTARY_CONFIG)." placeholder:"FILE"`
	pluginFlags
	LogLevel string        `help:"${log_level}" placeholder:"LEVEL"`
	Timeout  time.Duration `help:"When to give up." default:"30s"`
	JSON     bool          `name:"json" help:"Print JSON."`
}

type providerShape struct {
	ID       string             `json:"id"`
	Name     string             `json:"name"`
	Country  string             `json:"country"`
	Plugins  []string           `json:"plugins"`
	Status   string             `json:"status"`
	Channels []bank.ChannelType `json:"channels"`
}

// Run asks the plugins.
func (c providerList) Run(ctx context.Context, std streams, v setting.Values) error {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	folder, err := pluginsOf(v)
	if err != nil {
		return err
	}
	log, err := telemetry.NewLogger(std.log, telemetry.Config{Level: cmp.Or(v.LogLevel, "warn")})
	if err != nil {
		return err
	}
	host, err := pluginhost.Open(ctx, pluginhost.Options{Dir: folder, Settings: v.PluginSettings, Together: v.PluginsTogether, Logger: log})
	if err != nil {
		return err
	}
	defer host.Close(time.Second)
	all, err := host.Providers(ctx)
	if err != nil {
		return err
	}
	var shapes []providerShape
	for _, p := range all {
		shape := providerShape{ID: p.ID, Name: p.Name, Country: p.Country, Plugins: p.Plugins(), Status: string(p.Health())}
		for _, channel := range p.Channels {
			shape.Channels = append(shape.Channels, channel.Type)
		}
		shapes = append(shapes, shape)
	}
	if c.JSON {
		return printList(std.out, shapes)
	}
	return printTable(std.out, "PROVIDER\tNAME\tCOUNTRY\tCHANNELS\tPLUGINS\tSTATUS", func(line func(string, ...any)) {
		for _, s := range shapes {
			line("%s\t%s\t%s\t%s\t%s\t%s", s.ID, s.Name, s.Country, joined(s.Channels), joined(s.Plugins), s.Status)
		}
	})
}
