package main

import (
	"context"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"

	"github.com/tributary-dev/tributary/plugins/sdk/internal/launch"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/wire"
)

// answers are the items of a fetch.
var answers = map[string]func() []*wire.Item{
	"sends-huge-message": func() []*wire.Item {
		return []*wire.Item{account(&wire.Account{Raw: make([]byte, 64<<20)})}
	},
	"sends-invalid-utf8": func() []*wire.Item { return []*wire.Item{account(&wire.Account{Name: "caf\xe9"})} },
	"sends-long-label": func() []*wire.Item {
		return []*wire.Item{account(&wire.Account{Name: string(make([]byte, 9<<10))})}
	},
	"sends-unknown-word": func() []*wire.Item { return []*wire.Item{account(&wire.Account{Type: "SOCK"})} },
	"sends-unknown-item": func() []*wire.Item { return []*wire.Item{{}} },
	"sends-not-a-number": func() []*wire.Item {
		return []*wire.Item{account(&wire.Account{}), {Kind: &wire.Item_Balances{Balances: &wire.BalancesItem{
			Account: "1", Balances: []*wire.Balance{{Type: "BOOKED", Amount: "1e400", Currency: "EUR"}},
		}}}}
	},
	"sends-out-of-order": func() []*wire.Item {
		return []*wire.Item{{Kind: &wire.Item_AccountDone{AccountDone: &wire.AccountDoneItem{Account: "1"}}}}
	},
	"sends-unknown-failure": func() []*wire.Item { return nil },
	"sends-many-items": func() []*wire.Item {
		many := make([]*wire.Item, 5000)
		for i := range many {
			many[i] = &wire.Item{Kind: &wire.Item_Progress{Progress: &wire.ProgressItem{Stage: "FULL"}}}
		}
		return many
	},
}

func account(a *wire.Account) *wire.Item {
	a.Ref, a.Currency = "1", "EUR"
	if a.Type == "" {
		a.Type = "SAVINGS"
	}
	return &wire.Item{Kind: &wire.Item_Account{Account: &wire.AccountItem{Account: a}}}
}

type server struct {
	wire.UnimplementedProviderServer
	items func() []*wire.Item
}

func (server) Describe(context.Context, *wire.DescribeRequest) (*wire.DescribeResponse, error) {
	return &wire.DescribeResponse{Description: &wire.Description{Plugin: "alien", Version: "1.0.0", Providers: []*wire.ProviderInfo{{
		Id: "alien", Name: "Alien", Country: "FR",
		Channels: []*wire.ChannelDefinition{{Id: "alien-embedded", Type: "EMBEDDED", AccountTypes: []string{"SAVINGS"}}},
	}}}}, nil
}

func (s server) Fetch(_ *wire.FetchRequest, stream grpc.ServerStreamingServer[wire.Item]) error {
	items := s.items()
	if items == nil {
		st, _ := status.New(codes.NotFound, "hunter2").WithDetails(&wire.Failure{Code: "BECAUSE", Whose: "NOBODY"})
		return st.Err()
	}
	for _, item := range items {
		if err := stream.Send(item); err != nil {
			return err
		}
	}
	return nil
}

func serve(items func() []*wire.Item) {
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig:  launch.Handshake,
		VersionedPlugins: map[int]goplugin.PluginSet{launch.Version: {launch.Service: service{server: server{items: items}}}},
		GRPCServer: func(opts []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(opts, grpc.ForceServerCodecV2(careless{encoding.GetCodecV2(proto.Name)}))...)
		},
	})
}

type service struct {
	goplugin.NetRPCUnsupportedPlugin
	server server
}

func (p service) GRPCServer(_ *goplugin.GRPCBroker, g *grpc.Server) error {
	wire.RegisterProviderServer(g, p.server)
	return nil
}

func (service) GRPCClient(context.Context, *goplugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, nil
}

// careless writes strings that are not UTF-8, as libraries of other languages do.
type careless struct{ encoding.CodecV2 }

func (c careless) Marshal(v any) (mem.BufferSlice, error) {
	item, ok := v.(*wire.Item)
	if !ok || item.GetAccount().GetAccount().GetName() != "caf\xe9" {
		return c.CodecV2.Marshal(v)
	}
	// Item{1: AccountItem{1: Account{1: "1", 5: "caf\xe9"}}} by hand.
	raw := "\x0a\x0b" + "\x0a\x09" + "\x0a\x01" + "1" + "\x2a\x04" + "caf\xe9"
	return mem.BufferSlice{mem.SliceBuffer(raw)}, nil
}
