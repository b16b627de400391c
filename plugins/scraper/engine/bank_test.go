package engine_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// paper is a bank of plain pages. What it does depends on who logs in.
type paper struct {
	*httptest.Server
	mu      sync.Mutex
	sent    int
	polls   int
	logins  int
	expires bool
	breaks  bool
}

func newPaper(t *testing.T) *paper {
	t.Helper()
	p := &paper{}
	mux := http.NewServeMux()
	for path, page := range map[string]func(http.ResponseWriter, *http.Request) string{
		"/login": p.login, "/enter": p.enter, "/code": p.code, "/again": p.again, "/home": p.home, "/rows": p.rows, "/api/rows": p.api, "/open": p.open, "/card": p.card,
		"/export.csv": p.export, "/loan": p.loan, "/grown": p.grown, "/factor": p.factor, "/approval": p.approval, "/keys": p.keys, "/framed": p.framed,
		"/linked": p.linked, "/framed-linked": p.framed, "/slow": p.slow, "/framed-slow": p.framed,
		"/deaf": p.deaf, "/framed-deaf": p.framed, "/inattentive": p.inattentive, "/framed-inattentive": p.framed,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			body := page(w, r)
			_, _ = w.Write([]byte(body))
		})
	}
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

const form = `<div id=cookies style="position:fixed;inset:0;background:#fff">cookies <button onclick="this.parentNode.remove()">Refuser</button></div>
	<form action=/enter method=post>%s<input name=user><input name=pass type=password><button>Entrer</button></form>`

func (p *paper) login(http.ResponseWriter, *http.Request) string { return fmt.Sprintf(form, "") }

func (p *paper) in(w http.ResponseWriter, who string) {
	http.SetCookie(w, &http.Cookie{Name: "who", Value: who, Path: "/"})
	w.Header().Set("Location", "/home")
	w.WriteHeader(http.StatusSeeOther)
}

func who(r *http.Request, name string) string {
	cookie, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

func (p *paper) enter(w http.ResponseWriter, r *http.Request) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.logins++
	user := r.FormValue("user")
	switch {
	case r.FormValue("pass") != "s3cret-é" && r.FormValue("pass") != "1234567":
		return fmt.Sprintf(form, "<p class=error>Mot de passe "+r.FormValue("pass")+" incorrect</p>")
	case user == "texted" && who(r, "device") == "":
		p.sent++
		return p.codePage("")
	case user == "choice":
		w.Header().Set("Location", "/factor")
		w.WriteHeader(http.StatusSeeOther)
		return ""
	}
	pages := map[string]string{
		"terms": "Nos nouvelles conditions <a id=later href=/home>Plus tard</a>", "locked": "Compte bloqué", "change": "Vous devez changer votre mot de passe",
		"closed": "<p>En maintenance jusqu'à midi</p>", "wall": "Êtes-vous un robot ?", "odd": "Quelque chose de neuf", "approve": approvalPage,
	}
	if page, other := pages[user]; other {
		http.SetCookie(w, &http.Cookie{Name: "who", Value: user, Path: "/"})
		return page
	}
	p.in(w, user)
	return ""
}

const approvalPage = `Confirmez dans votre application<script>setInterval(() => fetch("/approval").then(r => r.text()).then(t => { if (t == "yes") location = "/home" }), 100)</script>`

func (p *paper) approval(http.ResponseWriter, *http.Request) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.polls++; p.polls > 30 {
		return "yes"
	}
	return "no"
}

func (p *paper) codePage(wrong string) string {
	return wrong + `<p class=phone>** ** 12 34</p><form action=/code><input id=otp name=otp></form><a id=again href=/again>Renvoyer</a>`
}

func (p *paper) code(w http.ResponseWriter, r *http.Request) string {
	if r.FormValue("otp") != "123456" {
		return p.codePage("<p class=error>Code faux</p>")
	}
	http.SetCookie(w, &http.Cookie{Name: "device", Value: "known", Path: "/", MaxAge: 100000})
	p.in(w, "texted")
	return ""
}

func (p *paper) again(http.ResponseWriter, *http.Request) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent++
	return p.codePage("")
}

func (p *paper) factor(_ http.ResponseWriter, r *http.Request) string {
	if r.FormValue("how") == "sms" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sent++
		return p.codePage("")
	}
	return `<form id=factor><label><input type=radio name=how value=sms>SMS au ** 34</label><label><input type=radio name=how value=app>Application</label><button>OK</button></form>`
}

func (p *paper) home(w http.ResponseWriter, r *http.Request) string {
	if who(r, "who") == "" {
		return p.login(w, r)
	}
	rows := ""
	for _, a := range [][4]string{
		{"c1", "Compte courant 1111", "1.234,56 €", "/rows?a=c1&p=1"}, {"c2", "Compte vide 2222", "0,00 €", "/rows?a=c2&p=1"},
		{"s1", "Livret 3333", "+ 10.000,00 €", "/home"}, {"k1", "Carte 4444", "− 42,10 €", "/card"}, {"l1", "Prêt 5555", "-90.000,00 €", "/loan"},
	} {
		rows += fmt.Sprintf(`<tr class=account data-id=%s><td class=name><a href="%s">%s</a> <a class=open href="/open">voir</a></td><td class=balance>%s</td></tr>`, a[0], a[3], a[1], a[2])
	}
	return `<h1>Bonjour Marie</h1><table id=accounts>` + rows + `</table><a id=logout href=/login>Quitter</a>`
}

// rows has 3 pages of 10, a row a day, from the last of February backwards.
func (p *paper) rows(w http.ResponseWriter, r *http.Request) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.expires {
		p.expires = false
		http.SetCookie(w, &http.Cookie{Name: "who", Path: "/", MaxAge: -1})
		return fmt.Sprintf(form, "")
	}
	page, _ := strconv.Atoi(r.FormValue("p"))
	if r.FormValue("a") == "c2" {
		return "Aucune opération"
	}
	text := ""
	for i := range 10 {
		n := (page-1)*10 + i
		day := 28 - n
		month := 2
		if day < 1 {
			day, month = day+31, 1
		}
		text += fmt.Sprintf(`<tr class=row data-id="2026-%d"><td class=date>%02d/%02d/2026</td><td class=label>RETRAIT %d<br>rue</td><td class=amount>- %d,50 €</td></tr>`, n, day, month, n, n+1)
	}
	if p.breaks {
		_, _ = w.Write([]byte("<table>" + text))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	next := ""
	if page < 3 {
		next = fmt.Sprintf(`<a class=next href="/rows?a=c1&p=%d">Suivant</a>`, page+1)
	}
	return `<table id=rows>` + text + `</table>` + next
}

func (p *paper) open(http.ResponseWriter, *http.Request) string {
	return `<div id=list></div><script>fetch("/api/rows").then(r => r.json())</script>`
}

func (p *paper) api(w http.ResponseWriter, _ *http.Request) string {
	w.Header().Set("Content-Type", "application/json")
	return `{"data": {"items": [{"key": "a", "when": "2026-02-01", "text": "Intérêts", "cents": 1250}, {"key": "b", "when": "2026-01-31", "text": "Virement", "cents": -200}]}}`
}

func (p *paper) card(http.ResponseWriter, *http.Request) string {
	return `<a id=csv href=/export.csv>CSV</a>`
}

func (p *paper) export(w http.ResponseWriter, _ *http.Request) string {
	w.Header().Set("Content-Type", "text/csv")
	w.Header().Set("Content-Disposition", "attachment; filename=x.csv")
	return "Date;Libell\xe9;D\xe9bit;Cr\xe9dit\n03/02/2026;Boutique;12,00;\n02/02/2026;Avoir;;5,00\n"
}

func (p *paper) loan(http.ResponseWriter, *http.Request) string {
	return `<a id=open href=/grown target=_blank>Échéances</a>`
}

func (p *paper) grown(http.ResponseWriter, *http.Request) string {
	return `<table id=grown><tr><th>Date</th></tr><tr><td>1 févr. 2026</td><td>Échéance</td><td>-800,00</td></tr></table><button id=more>Plus</button>
	<script>let n = 0; more.onclick = () => setTimeout(() => { n++; for (const m of n == 1 ? ["janv. 2026", "déc. 2025"] : ["nov. 2025"]) grown.insertAdjacentHTML("beforeend", "<tr><td>1 " + m + "</td><td>Échéance</td><td>-800,00</td></tr>"); if (n == 2) more.disabled = true }, 50)</script>`
}

func (p *paper) framed(_ http.ResponseWriter, r *http.Request) string {
	keys := strings.TrimPrefix(r.URL.Path, "/framed")
	return `<frameset cols="20%,80%"><frame name=menu src="about:blank"><frame name=keys src=/` + cmp.Or(strings.TrimPrefix(keys, "-"), "keys") + `></frameset>`
}

func (p *paper) keys(http.ResponseWriter, *http.Request) string {
	return keypad(`<img alt="touche %c" width=30 height=30 style="background:#ccc" onclick="press('%[1]c')">`)
}

// slow takes a key a moment after it was pressed; inattentive does not take the second press ever, deaf that of each page.
func (p *paper) slow(w http.ResponseWriter, r *http.Request) string {
	return p.keys(w, r) + `<script>const now = press; press = digit => setTimeout(now, 300, digit)</script>`
}

func (p *paper) inattentive(w http.ResponseWriter, r *http.Request) string {
	return p.keys(w, r) + `<script>
		const takes = press
		press = digit => { sessionStorage.keys = Number(sessionStorage.keys ?? 0) + 1; if (sessionStorage.keys != 2) takes(digit) }
	</script>`
}

func (p *paper) deaf(w http.ResponseWriter, r *http.Request) string {
	return p.keys(w, r) + `<script>const takes = press; let keys = 0; press = digit => ++keys == 2 || takes(digit)</script>`
}

// linked has keys that are links to a script, on a page that is slow to follow them.
func (p *paper) linked(http.ResponseWriter, *http.Request) string {
	return keypad(`<a href="javascript:press('%c')"><img alt="touche %[1]c" width=30 height=30 style="background:#ccc"></a>`) + `<script>
		const busy = new MessageChannel()
		busy.port1.onmessage = () => { for (const begin = performance.now(); performance.now() - begin < 20;); busy.port2.postMessage("") }
		busy.port2.postMessage("")
	</script>`
}

func keypad(key string) string {
	keys := ""
	for i, digit := range "3817049625" {
		keys += fmt.Sprintf(key, digit)
		if i%5 == 4 {
			keys += "<br>"
		}
	}
	return `<form action=/enter method=post target=_top><input name=user><input name=pass type=hidden><div class=keypad>` + keys + `</div><button id=go>OK</button><output id=marks></output></form>
		<script>var press = digit => { document.forms[0].pass.value += digit; marks.value += "* " }</script>`
}

func (p *paper) codes() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sent
}
