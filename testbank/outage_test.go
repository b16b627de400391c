package testbank_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOutage_takes_one_bank_down_and_up(t *testing.T) {
	t.Parallel()
	w := open(t)
	status, _ := w.upload("PUT", configurations+"/guest-1", guestFile)
	require.Equal(t, 201, status)
	w.ok("POST", "/b/guest-1/api/admin/outage", "", object{"down": true})
	status, refusal := w.call("POST", "/b/guest-1/api/sessions", "", credentials("plain", "p1"))
	require.Equal(t, 503, status)
	require.Equal(t, "unavailable", refusal["code"])
	response, _ := w.page("/b/guest-1/app/plain", nil)
	require.Equal(t, 503, response.StatusCode)
	w.ok("GET", "/b/guest-1/healthz", "", nil)
	w.logIn("plain", nil) // the other bank is up
	w.ok("POST", "/b/guest-1/api/admin/outage", "", object{"down": false})
	w.ok("POST", "/b/guest-1/api/sessions", "", credentials("plain", "p1"))
	w.refused("invalid_request", "POST", "/api/admin/outage", "", object{})
}

func TestInstance_tells_a_process_from_the_one_before(t *testing.T) {
	t.Parallel()
	w := open(t)
	first := w.ok("GET", "/healthz", "", nil)["instance"]
	require.NotEmpty(t, first)
	require.Equal(t, first, w.ok("GET", "/healthz", "", nil)["instance"])
	require.NotEqual(t, first, open(t).ok("GET", "/healthz", "", nil)["instance"])
}
