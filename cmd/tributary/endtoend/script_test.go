package endtoend

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

// customers are those of the transcripts: each of one transcript alone, so that
// the bank's counts tell what that one caused.
func customers() []persona {
	quick, phone, page := texted("quick", "424242"), plain("phone"), plain("page")
	quick.challenge = `{kind: sms_code, code: "424242", expires_after: 2s}`
	phone.challenge = `{kind: app_approval}`
	page.challenge = `{kind: redirect}`
	slow, wrong, refusing, polled := plain("slow"), plain("wrong"), plain("refusing"), plain("polled")
	slow.behaviours = `[{kind: slow, delay: 1s}]`
	wrong.behaviours = `[{kind: wrong_password}]`
	refusing.challenge, polled.challenge = phone.challenge, `{kind: app_approval, approve_after_polls: 2}`
	always := texted("always", "111111")
	always.challenge = `{kind: sms_code, code: "111111", always: true}`
	again, hasty := texted("again", "123456"), texted("hasty", "123456")
	again.challenge = `{kind: sms_code, code: "123456", resends: 2, resend_code: "654321"}`
	hasty.challenge = `{kind: sms_code, code: "123456", resends: 2, resend_after: 4m}`
	return []persona{
		again, hasty, texted("single", "123456"), plain("none"), texted("texted", "123456"), texted("mistyped", "123456"), texted("thrice", "123456"), texted("twice", "123456"),
		texted("patient", "123456"), plain("consenting"), plain("declining"), quick, phone, page, slow, wrong, refusing, polled, always,
		plain("pages"), plain("queued"), plain("ruled"), plain("both1"), plain("both2"),
		texted("cancelled", "123456"),
	}
}

// TestTranscripts plays testdata/*.txtar against one server.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, customers()...)})
	testscript.Run(t, testscript.Params{
		Dir: "testdata", RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Values[stageKey{}] = &stage{sandbox: s, cast: map[string]caller{}}
			e.Setenv("BANK", s.bank.url)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"user": as(user), "as": as(speak), "GET": as(call("GET")), "POST": as(call("POST")), "PUT": as(call("PUT")),
			"PATCH": as(call("PATCH")), "DELETE": as(call("DELETE")), "connect": as(connect), "status": as(status), "json": as(value),
			"save": as(save), "await": as(await), "asked": as(asked), "answer": as(respond), "truth": as(truth), "bank": as(counts),
			"form": as(form), "visit": as(visit), "location": as(leads), "events": as(log), "says": as(says), "header": as(carries),
		},
	})
}

// stage is where one transcript plays.
type stage struct {
	*testscript.TestScript
	sandbox *sandbox
	cast    map[string]caller
	speaker caller
	last    answer
}

type stageKey struct{}

// Errorf, FailNow and Helper make it a tester.
func (s *stage) Errorf(format string, args ...any) { s.Logf(format, args...) }
func (s *stage) FailNow()                          { s.Fatalf("it is not so") }
func (s *stage) Helper()                           {}

func as(command func(*stage, bool, []string)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, negated bool, args []string) {
		s := ts.Value(stageKey{}).(*stage)
		s.TestScript = ts
		command(s, negated, args)
	}
}

// user NAME enrols a user, who then speaks; $NAME is the id.
func user(s *stage, _ bool, args []string) {
	made := s.sandbox.asClient(s).enrol(s, args[0]+"-"+s.Name())
	s.cast[args[0]], s.speaker = made, made
	s.Setenv(args[0], made.user)
}

// as NAME lets another user speak, or client.
func speak(s *stage, _ bool, args []string) {
	if args[0] == "client" {
		s.speaker = s.sandbox.asClient(s)
		return
	}
	s.speaker = s.cast[args[0]]
}

// GET PATH, POST PATH [JSON]
func call(method string) func(*stage, bool, []string) {
	return func(s *stage, _ bool, args []string) {
		var body any
		if len(args) > 1 {
			body = strings.Join(args[1:], " ")
		}
		s.last = s.speaker.send(s, s.speaker.request(s, method, args[0], body))
		s.Logf("%d %s", s.last.status, s.last.body)
	}
}

// connect LOGIN PASSWORD makes a connection: $CON, and its run $RUN. With
// redirect instead of both, through the bank's own page.
func connect(s *stage, _ bool, args []string) {
	var l link
	if args[0] == "redirect" {
		l = s.speaker.connectTo(s, "testbank", redirect, nil)
	} else {
		l = s.speaker.connect(s, args[0], args[1])
	}
	s.Setenv("CON", l.id)
	s.Setenv("RUN", l.run)
}

func (s *stage) link() link { return link{s.speaker, s.Getenv("CON"), s.Getenv("RUN")} }

// status 404 [CODE]
func status(s *stage, _ bool, args []string) {
	wanted, err := strconv.Atoi(args[0])
	s.Check(err)
	if len(args) > 1 {
		s.last.refused(s, wanted, args[1])
		return
	}
	s.last.want(s, wanted)
}

// json PATH VALUE compares; without VALUE something has to be there.
func value(s *stage, negated bool, args []string) {
	got, wanted := s.last.text(s, args[0]), strings.Join(args[1:], " ")
	if same := got == wanted; len(args) == 1 {
		require.Equal(s, negated, got == "", "%s is %q", args[0], got)
	} else {
		require.Equal(s, !negated, same, "%s is %q", args[0], got)
	}
}

// save VARIABLE PATH
func save(s *stage, _ bool, args []string) { s.Setenv(args[0], s.last.text(s, args[1])) }

// await PATH JSONPATH VALUE|VALUE asks until it is so.
func await(s *stage, _ bool, args []string) {
	wanted := strings.Split(args[2], "|")
	eventually(s, patience, args[1]+" does not become "+args[2], func() bool {
		s.last = s.speaker.get(s, args[0])
		return s.last.status == http.StatusOK && slices.Contains(wanted, s.last.text(s, args[1]))
	})
}

// asked waits for a challenge, another than $CHA; $CHA is its id, $URL its page.
func asked(s *stage, _ bool, _ []string) {
	s.last = s.link().asked(s, s.Getenv("CHA"))
	s.Setenv("CHA", s.last.text(s, ".id"))
	s.Setenv("URL", s.last.text(s, ".url"))
}

// answer FIELD=VALUE... answers $CHA.
func respond(s *stage, _ bool, args []string) {
	answers := map[string]string{}
	for name, values := range fields(args) {
		answers[name] = values[0]
	}
	s.last = s.speaker.post(s, "/v1/connections/"+s.Getenv("CON")+"/challenge", map[string]any{"id": s.Getenv("CHA"), "answers": answers})
}

// truth LOGIN compares all of $CON with what the bank knows.
func truth(s *stage, _ bool, args []string) { s.link().equalsTruth(s, args[0]) }

// bank LOGIN COUNT N
func counts(s *stage, _ bool, args []string) {
	require.Equal(s, args[2], strconv.Itoa(s.sandbox.bank.stats(s, args[0])[args[1]]), "%s of %s", args[1], args[0])
}

// form URL FIELD=VALUE... is a browser that sends a form; $LOCATION is where
// it is sent on to.
func form(s *stage, _ bool, args []string) {
	code, location := post(s, args[0], fields(args[1:]))
	s.last = answer{call: "POST " + args[0], status: code}
	s.Setenv("LOCATION", location)
}

func fields(args []string) url.Values {
	values := url.Values{}
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		values.Add(name, value)
	}
	return values
}

// visit URL is a browser that looks at a page.
func visit(s *stage, _ bool, args []string) {
	request, err := http.NewRequest(http.MethodGet, args[0], http.NoBody)
	s.Check(err)
	request.Header.Set("Accept", "text/html")
	response, err := s.sandbox.http.Do(request)
	s.Check(err)
	body, err := io.ReadAll(response.Body)
	s.Check(err)
	s.Check(response.Body.Close())
	s.last = answer{call: "GET page", status: response.StatusCode, header: response.Header, body: body}
	s.Setenv("LOCATION", response.Header.Get("Location"))
}

// location PREFIX
func leads(s *stage, _ bool, args []string) {
	require.True(s, strings.HasPrefix(s.Getenv("LOCATION"), args[0]), "it leads to %q", s.Getenv("LOCATION"))
}

// says TEXT looks for a text in the last answer.
func says(s *stage, negated bool, args []string) {
	require.Equal(s, !negated, strings.Contains(string(s.last.body), strings.Join(args, " ")), "%s", s.last.body)
}

// header NAME wants the last answer to have it.
func carries(s *stage, negated bool, args []string) {
	require.Equal(s, negated, s.last.header.Get(args[0]) == "", "%s", args[0])
}

// events NAME... are those of $CON, each at least once and in this order.
func log(s *stage, _ bool, args []string) {
	var names []string
	for _, f := range s.speaker.facts(s) {
		if f.ConnectionID == s.Getenv("CON") {
			names = append(names, f.Name)
		}
	}
	rest := names
	for _, name := range args {
		i := slices.Index(rest, name)
		require.GreaterOrEqual(s, i, 0, "%s is not where it belongs in %v", name, names)
		rest = rest[i+1:]
	}
}
