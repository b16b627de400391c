package httpapi

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/usecase"
)

func TestListsOfOneUser(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/v1/connections", "/v1/synchronizations", "/v1/accounts", "/v1/transactions", "/v1/transactions/sync", "/v1/category_rules"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			g := newRig()
			require.Equal(t, http.StatusOK, g.call("GET", path, clientToken, "").Code)
			require.Empty(t, g.principal.User)
			require.Equal(t, http.StatusOK, g.call("GET", path+"?user_id="+usr, clientToken, "").Code)
			require.EqualValues(t, usr, g.principal.User)
			require.Equal(t, http.StatusOK, g.call("GET", path+"?user_id="+usr, userToken, "").Code)
			require.EqualValues(t, usr, g.principal.User)
			for _, id := range []string{"usr_00000000000000000000000099", "nonsense"} {
				for _, token := range []string{clientToken, userToken} {
					p := refused(t, g.call("GET", path+"?user_id="+id, token, ""), http.StatusNotFound, "user_not_found")
					require.Equal(t, user.ErrNotFound.Message, p.Detail)
				}
			}
		})
	}
}

func TestWritesNameTheirUser(t *testing.T) {
	t.Parallel()
	g := newRig()
	g.call("POST", "/v1/connections", clientToken, `{"user_id":"`+usr+`","provider_id":"testbank","channels":[{"channel_definition_id":"c","credentials":{"login":"x"}}]}`)
	order := g.seen["order"].(usecase.NewConnection)
	require.Equal(t, usr, order.UserID)
	require.True(t, order.AutoSync, "unless told otherwise")
	require.Equal(t, "x", order.Channels[0].Credentials["login"].Reveal())
	g.call("POST", "/v1/synchronizations", clientToken, `{"user_id":"`+usr+`"}`)
	require.Equal(t, [2]any{usr, synchronization.All}, g.seen["all"])
	require.Equal(t, http.StatusAccepted, g.call("POST", "/v1/synchronizations", userToken, "").Code)
	require.Equal(t, [2]any{"", synchronization.All}, g.seen["all"])
	require.Equal(t, http.StatusAccepted, g.call("POST", "/v1/connections/"+con+"/synchronizations", userToken, "").Code)
	require.Equal(t, synchronization.All, g.seen["kind"])
	require.Equal(t, http.StatusCreated, g.call("POST", "/v1/queues", userToken, "").Code)
}

func TestChangesLeaveWhatIsNotGiven(t *testing.T) {
	t.Parallel()
	g := newRig()
	g.call("PATCH", "/v1/connections/"+con, clientToken, `{"name":"Mine"}`)
	require.Nil(t, g.seen["change"].(usecase.ConnectionChange).AutoSync)
	g.call("PATCH", "/v1/connections/"+con, clientToken, `{"auto_sync":false}`)
	require.Nil(t, g.seen["change"].(usecase.ConnectionChange).Name)
	require.False(t, *g.seen["change"].(usecase.ConnectionChange).AutoSync)
	g.call("PATCH", "/v1/users/me", userToken, `{"password":"secret2"}`)
	require.Nil(t, g.seen["change"].(usecase.UserChange).Email)
	require.Equal(t, "secret2", g.seen["change"].(usecase.UserChange).Password.Reveal())
	g.call("PATCH", "/v1/users/me", userToken, `{}`)
	require.Equal(t, usecase.UserChange{}, g.seen["change"])
}

func TestAttendedCalls(t *testing.T) {
	t.Parallel()
	calls := []example{}
	for _, e := range examples() {
		switch e.id {
		case "create-connection", "replace-credentials", "answer-challenge", "start-synchronization", "start-synchronizations":
			calls = append(calls, e)
		}
	}
	require.Len(t, calls, 5)
	for _, e := range calls {
		for name, c := range map[string]struct {
			token, ip, agent string
			want             *synchronization.PSU
		}{
			"client alone":           {clientToken, "", "", nil},
			"client names a browser": {clientToken, "", "Firefox", nil},
			"client names its user":  {clientToken, "2001:DB8::1", "Fire\x01fox", &synchronization.PSU{IP: "2001:db8::1", UserAgent: "Firefox"}},
			"user":                   {userToken, "", "", &synchronization.PSU{IP: "192.0.2.1", UserAgent: "own"}},
			"user through a server":  {userToken, "198.51.100.7", "", &synchronization.PSU{IP: "198.51.100.7"}},
		} {
			t.Run(e.id+"/"+name, func(t *testing.T) {
				t.Parallel()
				g := newRig()
				r := request(e.method, e.target, c.token, e.body)
				r.Header.Set("PSU-IP-Address", c.ip)
				r.Header.Set("PSU-User-Agent", c.agent)
				r.Header.Set("User-Agent", "own")
				require.Equal(t, e.status, g.do(r).Code)
				require.Equal(t, c.want, g.principal.PSU)
			})
		}
		r := request(e.method, e.target, clientToken, e.body)
		r.Header.Set("PSU-IP-Address", "not an address")
		p := refused(t, newRig().do(r), http.StatusUnprocessableEntity, "invalid_request")
		require.Equal(t, "header.PSU-IP-Address", p.Errors[0].Location)
	}
}

func TestReadingAQueue(t *testing.T) {
	t.Parallel()
	g := newRig()
	w := g.call("GET", "/v1/queues/"+que+"/events", clientToken, "")
	require.Nil(t, decoded(t, w)["next_cursor"])
	require.Nil(t, g.seen["read"].([3]any)[0])
	w = g.call("GET", "/v1/queues/"+que+"/events?after=0&limit=2", clientToken, "")
	require.Equal(t, "43", decoded(t, w)["next_cursor"], "a full page leads on")
	require.Equal(t, int64(0), *g.seen["read"].([3]any)[0].(*int64), "zero is a number")
}
