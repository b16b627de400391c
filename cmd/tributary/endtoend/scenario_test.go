package endtoend

import (
	"encoding/json"
	"flag"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestScenarios plays every story that ships with the test bank: a bank of its
// own, a server of its own, and day by day what the story says. After each step
// everything we hold is compared with the bank's truth.
func TestScenarios(t *testing.T) {
	t.Parallel()
	out, err := exec.Command(filepath.Join(programs, "testbank"), "scenarios", "--json").Output()
	require.NoError(t, err)
	var stories []struct{ Name string }
	require.NoError(t, json.Unmarshal(out, &stories))
	require.NotEmpty(t, stories)
	for _, story := range stories {
		t.Run(story.Name, func(t *testing.T) {
			t.Parallel()
			p := openDrama(t, story.Name)
			for i, step := range p.steps {
				p.play(t, i, step)
			}
		})
	}
}

// step is one step of a story, as the bank tells it.
type step struct {
	At              time.Time
	Do, By          string
	Attended        bool
	Login, Password string
	Ends, Because   string
	Expect          []expected
}

// expected is what we hold of an account after a step; null counts say nothing.
type expected struct {
	Account, Status, Name   string
	Booked, Pending, Other  *int
	Added, Changed, Removed *int
	Doubtful                int `json:"duplicate_candidates"`
	Doubled                 int
	SameAs                  int `json:"same_as"`
	Balance, Defect         string
}

// drama is a story on its way.
type drama struct {
	bank  *bank
	user  caller
	staff caller // the client itself, with nobody there
	// links are the connections, by the customer at the bank: one user of ours may have the log-ins of two.
	links map[string]link
	steps []step
	// codes are what a customer would type.
	codes map[string]string
	// known says which account of the bank each of ours is.
	known map[string]string
	// held is what we held of each customer's accounts after the step before.
	held map[string]map[string]possession
}

var chatty = flag.Bool("chatty", false, "show what is held after each step of a scenario")

// openDrama opens the story's bank, and a server before it.
func openDrama(t *testing.T, name string) *drama {
	t.Helper()
	p := launch(t, filepath.Join(programs, "testbank"), "serve", "--listen", "127.0.0.1:0", "--until-stdin-closes", "--scenario", name)
	var said struct {
		URL      string
		Personas []struct{ Login, Code string }
	}
	require.NoError(t, json.Unmarshal(p.greeting, &said))
	s := &drama{bank: &bank{url: said.URL, process: p}, codes: map[string]string{}, known: map[string]string{}, held: map[string]map[string]possession{}, links: map[string]link{}}
	for _, who := range said.Personas {
		s.codes[who.Login] = who.Code
	}
	var play struct{ Steps []step }
	s.bank.admin(t, http.MethodGet, "scenario", nil, &play)
	s.steps = play.Steps
	sandbox := startSandbox(t, options{bank: s.bank})
	s.staff = sandbox.asClient(t)
	s.user = s.staff.enrol(t, "ana")
	return s
}

// play moves the clock, does what the story says and looks at what came of it.
func (s *drama) play(t *testing.T, number int, now step) {
	t.Helper()
	s.staff.post(t, "/v1/sandbox/clock", map[string]any{"now": now.At}).want(t, http.StatusOK)
	s.act(t, now)
	run := s.over(t, now)
	require.Equal(t, now.Ends, run.text(t, ".status"), "step %d: %s", number, run.body)
	channels := s.links[now.Login].look(t)
	status := channels.text(t, ".channels[0].status")
	wanted := now.Because
	if wanted == "" {
		wanted = now.Ends
	}
	require.Equal(t, wanted, status, "step %d: %s", number, channels.body)
	s.judge(t, number, now, run)
}

// act does the step's move.
func (s *drama) act(t *testing.T, now step) {
	t.Helper()
	speaker, l := s.user, s.links[now.Login]
	if !now.Attended {
		speaker = s.staff
	}
	again := "/v1/connections/" + l.id + "/synchronizations"
	run := func(c caller, body any) string {
		return c.post(t, again, body).want(t, http.StatusAccepted).text(t, ".id")
	}
	switch {
	case now.Do == "connect" && now.By == "consent":
		l = s.connect(t, redirect, map[string]string{})
	case now.Do == "connect":
		l = s.connect(t, embedded, map[string]string{"login": now.Login, "password": now.Password})
	case now.Do == "mend" && now.By == "consent":
		l.run = run(s.user, nil)
	case now.Do == "mend":
		path := "/v1/connections/" + l.id + "/channels/" + embedded + "/credentials"
		body := map[string]any{"credentials": map[string]string{"login": now.Login, "password": now.Password}}
		l.run = s.user.send(t, s.user.request(t, http.MethodPut, path, body)).want(t, http.StatusAccepted).text(t, ".last_synchronization_id")
	case now.Do == "synchronize":
		l.run = run(speaker, nil)
	case now.Do == "list_accounts":
		l.run = run(speaker, `{"type":"LIST_ACCOUNTS"}`)
	default:
		require.FailNow(t, "no such move", now.Do)
	}
	s.links[now.Login] = l
}

// connect makes a connection that is synchronized when the story says so, and
// at no other time.
func (s *drama) connect(t *testing.T, channel string, credentials map[string]string) link {
	t.Helper()
	made := s.user.post(t, "/v1/connections", map[string]any{
		"provider_id": "testbank", "auto_sync": false,
		"channels": []any{map[string]any{"channel_definition_id": channel, "credentials": credentials}},
	}).want(t, http.StatusAccepted)
	return link{s.user, made.text(t, ".id"), made.text(t, ".last_synchronization_id")}
}

// over waits for the end of the run, and is the customer meanwhile.
func (s *drama) over(t *testing.T, now step) answer {
	t.Helper()
	l := s.links[now.Login]
	done := []string{"SUCCESS", "PARTIAL_SUCCESS", "FAILED", "CANCELLED"}
	run := l.until(t, append(done, "WAITING")...)
	if run.text(t, ".status") != "WAITING" || now.Ends == "WAITING" { // for the bank, and not for the customer
		return run
	}
	challenge := l.asked(t, "")
	if challenge.text(t, ".type") == "REDIRECT" {
		s.consent(t, now, challenge.text(t, ".url"))
	} else {
		l.answer(t, challenge, map[string]string{"code": s.codes[now.Login]}).want(t, http.StatusAccepted)
	}
	return l.until(t, done...)
}

// consent goes to the bank's page, agrees to everything there and comes back.
func (s *drama) consent(t *testing.T, now step, page string) {
	t.Helper()
	code, _ := post(t, page, map[string][]string{"login": {now.Login}, "password": {now.Password}})
	require.Equal(t, http.StatusSeeOther, code)
	form := map[string][]string{"decision": {"approve"}}
	for _, box := range checkbox.FindAllSubmatch(s.visit(t, page).body, -1) {
		form["accounts"] = append(form["accounts"], string(box[1]))
	}
	code, back := post(t, page, form)
	require.Equal(t, http.StatusSeeOther, code)
	s.returns(t, back)
}

// returns comes back from the bank, and is led on to the client's page. What comes behind a number sign no browser sends: the
// page's script moves it.
func (s *drama) returns(t *testing.T, back string) {
	t.Helper()
	back = strings.Replace(back, "#", "?", 1)
	request, err := http.NewRequest(http.MethodGet, back, http.NoBody)
	require.NoError(t, err)
	s.user.send(t, request).want(t, http.StatusSeeOther)
}

// checkbox is an account on the bank's page.
var checkbox = regexp.MustCompile(`name="accounts" value="([^"]+)"`)

func (s *drama) visit(t *testing.T, page string) answer {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, page, http.NoBody)
	require.NoError(t, err)
	return s.user.send(t, request).want(t, http.StatusOK)
}
