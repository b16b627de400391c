package endtoend

import "strings"

func order(provider, channel, credentials string) string {
	return `{"provider_id":"` + provider + `","channels":[{"channel_definition_id":"` + channel + `","credentials":` + credentials + `}]}`
}

// refusals is the table. Names of properties and parameters are told back on
// purpose, so there the canary is only the value.
func (s scene) refusals() map[string]refusal {
	const nobody, good = "con_00000000000000000000000000", `{"login":"` + canary + `","password":"` + canary + `"}`
	answer := func(id string) string { return `{"id":"` + id + `","answers":{"code":"` + canary + `"}}` }
	asked := "/v1/connections/" + s.asking.id + "/challenge"
	return map[string]refusal{
		"unknown_provider":            {"POST", "/v1/connections", order(canary, embedded, good), 404, "provider_not_found"},
		"unknown_channel":             {"POST", "/v1/connections", order("testbank", canary, good), 422, "channel_definition_not_found"},
		"no_channel":                  {"POST", "/v1/connections", `{"provider_id":"testbank","channels":[]}`, 422, "no_channels"},
		"missing_credential":          {"POST", "/v1/connections", order("testbank", embedded, `{"login":"`+canary+`"}`), 422, "invalid_credentials"},
		"empty_credential":            {"POST", "/v1/connections", order("testbank", embedded, `{"login":"`+canary+`","password":""}`), 422, "invalid_credentials"},
		"unknown_credential":          {"POST", "/v1/connections", order("testbank", embedded, `{"login":"x","password":"y","`+canary+`":"z"}`), 422, "invalid_credentials"},
		"credential_of_a_wrong_type":  {"POST", "/v1/connections", order("testbank", embedded, `{"login":["`+canary+`"],"password":1}`), 422, "invalid_request"},
		"credentials_not_an_object":   {"POST", "/v1/connections", order("testbank", embedded, `"`+canary+`"`), 422, "invalid_request"},
		"unknown_property":            {"POST", "/v1/connections", `{"provider_id":"testbank","channels":[],"colour":"` + canary + `"}`, 422, "unknown_property"},
		"property_in_another_case":    {"POST", "/v1/connections", `{"Provider_ID":"testbank","channels":[]}`, 422, "unknown_property"},
		"body_no_JSON":                {"POST", "/v1/connections", `{"provider_id":"` + canary, 400, "malformed_body"},
		"body_too_large":              {"POST", "/v1/connections", order("testbank", embedded, `{"login":"`+strings.Repeat(canary, 1<<17)+`"}`), 413, "body_too_large"},
		"no_body":                     {"POST", "/v1/connections", "", 400, "malformed_body"},
		"unknown_parameter":           {"GET", "/v1/connections?colour=" + canary, "", 422, "unknown_parameter"},
		"repeated_parameter":          {"GET", "/v1/connections?limit=1&limit=2", "", 422, "repeated_parameter"},
		"limit_too_large":             {"GET", "/v1/transactions?limit=501", "", 422, "invalid_request"},
		"limit_no_number":             {"GET", "/v1/transactions?limit=" + canary, "", 422, "invalid_request"},
		"amount_no_number":            {"GET", "/v1/transactions?min_amount=" + canary, "", 422, "invalid_amount"},
		"date_no_date":                {"GET", "/v1/transactions?from=" + canary, "", 422, "invalid_request"},
		"status_no_status":            {"GET", "/v1/transactions?status=" + canary, "", 422, "invalid_request"},
		"malformed_cursor":            {"GET", "/v1/transactions?cursor=" + canary, "", 422, "invalid_cursor"},
		"cursor_of_another_list":      {"GET", "/v1/accounts?cursor=" + s.cursor, "", 422, "invalid_cursor"},
		"malformed_id":                {"GET", "/v1/connections/" + canary, "", 404, "connection_not_found"},
		"unknown_id":                  {"GET", "/v1/connections/" + nobody, "", 404, "connection_not_found"},
		"id_of_another_kind":          {"GET", "/v1/accounts/" + s.done.id, "", 404, "account_not_found"},
		"malformed_transaction":       {"GET", "/v1/transactions/txn_" + canary, "", 404, "transaction_not_found"},
		"malformed_run":               {"GET", "/v1/synchronizations/" + canary, "", 404, "synchronization_not_found"},
		"malformed_queue":             {"GET", "/v1/queues/" + canary + "/events", "", 404, "queue_not_found"},
		"delete_an_unknown_id":        {"DELETE", "/v1/connections/" + nobody, "", 404, "connection_not_found"},
		"second_run_while_one_runs":   {"POST", "/v1/connections/" + s.stuck.id + "/synchronizations", "{}", 409, "synchronization_running"},
		"second_run_while_one_waits":  {"POST", "/v1/connections/" + s.asking.id + "/synchronizations", "{}", 409, "synchronization_running"},
		"new_credentials_meanwhile":   {"PUT", "/v1/connections/" + s.stuck.id + "/channels/" + embedded + "/credentials", `{"credentials":` + good + `}`, 409, "synchronization_running"},
		"run_of_no_type":              {"POST", "/v1/connections/" + s.done.id + "/synchronizations", `{"type":"` + canary + `"}`, 422, "invalid_request"},
		"cancel_what_is_over":         {"POST", "/v1/synchronizations/" + s.done.run + "/cancel", "", 409, "synchronization_over"},
		"no_challenge":                {"GET", "/v1/connections/" + s.done.id + "/challenge", "", 404, "no_challenge"},
		"answer_without_a_challenge":  {"POST", "/v1/connections/" + s.done.id + "/challenge", answer(s.challenge), 404, "no_challenge"},
		"answer_an_unknown_challenge": {"POST", asked, answer("cha_00000000000000000000000000"), 404, "no_challenge"},
		"answer_a_malformed_one":      {"POST", asked, answer(canary), 404, "no_challenge"},
		"answer_without_the_code":     {"POST", asked, `{"id":"` + s.challenge + `","answers":{}}`, 422, "invalid_answer"},
		"answer_with_more":            {"POST", asked, `{"id":"` + s.challenge + `","answers":{"code":"1","` + canary + `":"2"}}`, 422, "invalid_answer"},
		"acknowledge_what_is_not_yet": {"POST", "/v1/queues/" + s.queue + "/ack", `{"seq":9007199254740991}`, 422, "acknowledged_ahead"},
		"queue_for_an_unknown_event":  {"POST", "/v1/queues", `{"types":["` + canary + `"]}`, 422, "unknown_event_type"},
		"user_by_a_user":              {"POST", "/v1/users", `{"email":"` + canary + `@example.org","password":"passw0rd"}`, 403, "client_token_required"},
		"unknown_route":               {"GET", "/v1/" + canary, "", 404, "route_not_found"},
		"wrong_method":                {"DELETE", "/v1/categories", "", 405, "method_not_allowed"},
		"unknown_return":              {"GET", "/connect/return?state=" + canary + "&code=" + canary, "", 404, "unknown_return"},
	}
}
