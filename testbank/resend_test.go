package testbank_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCode_sent_again(t *testing.T) {
	t.Parallel()
	t.Run("after_a_while_with_the_time_anew_but_not_the_tries", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		asked := w.logIn("again", nil)
		first := asked["challenge"].(object)
		require.InDelta(t, 2, first["resend"].(object)["left"], 0)
		path := "/api/sessions/" + asked["session"].(string) + "/challenge"
		early := w.refused("resend_too_early", "POST", path+"/resend", "", nil)
		require.Equal(t, first["resend"].(object)["available_at"], early["retry_at"])
		w.refused("wrong_code", "POST", path, "", object{"code": "000000"})
		w.pass(4 * time.Minute)
		again := w.ok("POST", path+"/resend", "", nil)["challenge"].(object)
		require.InDelta(t, 1, again["resend"].(object)["left"], 0)
		require.InDelta(t, 2, again["tries_left"], 0)
		require.Equal(t, first["medium"], again["medium"])
		w.refused("resend_too_early", "POST", path+"/resend", "", nil)
		w.pass(4 * time.Minute) // beyond the time of the first
		w.ok("POST", path+"/resend", "", nil)
		w.refused("too_many_resends", "POST", path+"/resend", "", nil)
		require.InDelta(t, 3, w.stats("again")["codes_sent"], 0)
		require.Equal(t, "AUTHENTICATED", w.ok("POST", path, "", object{"code": "123456"})["status"], "the same code")
		w.refused("invalid_request", "POST", path+"/resend", "", nil)
	})
	t.Run("may_be_another_which_alone_is_right_then", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		path := "/api/sessions/" + w.logIn("renewed", nil)["session"].(string) + "/challenge"
		w.refused("resend_not_supported", "POST", path+"/resend", "", nil)
		w.ok("POST", path, "", object{"option": "sms"})
		w.refused("wrong_code", "POST", path, "", object{"code": "654321"})
		w.ok("POST", path+"/resend", "", nil)
		w.refused("wrong_code", "POST", path, "", object{"code": "123456"})
		require.Equal(t, "AUTHENTICATED", w.ok("POST", path, "", object{"code": "654321"})["status"])
	})
	t.Run("not_where_it_is_over_or_never", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		never := w.logIn("texted", nil)
		require.NotContains(t, never["challenge"], "resend")
		w.refused("resend_not_supported", "POST", "/api/sessions/"+never["session"].(string)+"/challenge/resend", "", nil)
		w.refused("not_found", "POST", "/api/sessions/none/challenge/resend", "", nil)
		late := "/api/sessions/" + w.logIn("again", nil)["session"].(string) + "/challenge"
		spent := "/api/sessions/" + w.logIn("again", nil)["session"].(string) + "/challenge"
		for range 3 {
			w.call("POST", spent, "", object{"code": "000000"})
		}
		w.refused("too_many_codes", "POST", spent+"/resend", "", nil)
		w.pass(5*time.Minute + time.Second)
		w.refused("code_expired", "POST", late+"/resend", "", nil)
	})
}
