package portal

import (
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/picture"
	"github.com/tributary-dev/tributary/testbank/reply"
)

type logInBody struct {
	Login       string `json:"login"`
	Password    string `json:"password"`
	DeviceToken string `json:"device_token"`
	Attended    *bool  `json:"attended"`
	ReturnURL   string `json:"return_url"`
	State       string `json:"state"`
}

type challengeBody struct {
	Kind      config.ChallengeKind `json:"kind"`
	Medium    string               `json:"medium"`
	URL       string               `json:"url,omitempty"`
	TriesLeft int                  `json:"tries_left,omitempty"`
	Question  string               `json:"question,omitempty"`
	Options   []optionBody         `json:"options,omitempty"`
	Image     []byte               `json:"image,omitempty"` // base64
	MediaType string               `json:"media_type,omitempty"`
	Keypad    bool                 `json:"keypad,omitempty"`
	ExpiresAt time.Time            `json:"expires_at"`
	Resend    *resendBody          `json:"resend,omitempty"`
}

type resendBody struct {
	AvailableAt time.Time `json:"available_at"`
	Left        int       `json:"left"`
}

type optionBody struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

type sessionBody struct {
	Session     string         `json:"session"`
	Status      bank.Status    `json:"status"`
	DeviceToken string         `json:"device_token,omitempty"`
	Challenge   *challengeBody `json:"challenge,omitempty"`
	ExpiresAt   time.Time      `json:"expires_at"`
}

func bodyOf(s bank.Session, base string) sessionBody {
	body := sessionBody{Session: s.ID, Status: s.Status, DeviceToken: s.DeviceToken, ExpiresAt: s.ExpiresAt.UTC()}
	if c := s.Challenge; c != nil {
		body.Challenge = &challengeBody{Kind: c.Kind, Medium: c.Medium, ExpiresAt: c.ExpiresAt.UTC(), Resend: resendOf(c.Resend)}
		switch c.Kind {
		case config.ChallengeSMSCode:
			body.Challenge.TriesLeft, body.Challenge.Keypad = c.TriesLeft, c.Keypad
		case config.ChallengeApproval:
			if c.QR {
				body.Challenge.Image, body.Challenge.MediaType = picture.QR(base+"/app/"+s.Login), picture.MediaType
			}
		case config.ChallengeQuestion:
			body.Challenge.TriesLeft, body.Challenge.Question = c.TriesLeft, c.Question
		case config.ChallengeOptions:
			body.Challenge.TriesLeft, body.Challenge.Question = c.TriesLeft, c.Question
			for _, o := range c.Options {
				body.Challenge.Options = append(body.Challenge.Options, optionBody(o))
			}
		case config.ChallengeImage:
			body.Challenge.TriesLeft, body.Challenge.Image, body.Challenge.MediaType = c.TriesLeft, c.Image, picture.MediaType
		case config.ChallengeRedirect:
			body.Challenge.URL = base + "/confirm/" + c.ID
		}
	}
	return body
}

func resendOf(r *bank.Resend) *resendBody {
	if r == nil {
		return nil
	}
	return &resendBody{AvailableAt: r.AvailableAt.UTC(), Left: r.Left}
}

func (p *Portal) logIn(w http.ResponseWriter, r *http.Request) {
	var body logInBody
	if err := reply.Read(w, r, &body); err != nil {
		reply.Error(w, r, err)
		return
	}
	if body.ReturnURL != "" {
		if err := bank.CheckReturnURL(body.ReturnURL); err != nil {
			reply.Error(w, r, err)
			return
		}
	}
	session, err := p.bank.LogIn(bank.LogIn{
		Login: body.Login, Password: body.Password, DeviceToken: body.DeviceToken,
		Attended: body.Attended == nil || *body.Attended, ReturnURL: body.ReturnURL, State: body.State,
	})
	if err != nil && p.late(r, body.Login) {
		return
	}
	p.sessionAnswer(w, r, http.StatusCreated, session, err)
}

func (p *Portal) session(w http.ResponseWriter, r *http.Request) {
	session, err := p.bank.Session(r.PathValue("id"))
	p.sessionAnswer(w, r, http.StatusOK, session, err)
}

func (p *Portal) answer(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Code   string `json:"code"`
		Option string `json:"option"`
	}
	if err := reply.Read(w, r, &body); err != nil {
		reply.Error(w, r, err)
		return
	}
	session, err := p.bank.Answer(r.PathValue("id"), bank.Answer{Code: body.Code, Option: body.Option})
	p.sessionAnswer(w, r, http.StatusOK, session, err)
}

func (p *Portal) resend(w http.ResponseWriter, r *http.Request) {
	session, err := p.bank.Resend(r.PathValue("id"))
	p.sessionAnswer(w, r, http.StatusOK, session, err)
}

func (p *Portal) logOut(w http.ResponseWriter, r *http.Request) {
	p.bank.LogOut(r.PathValue("id"))
	w.WriteHeader(http.StatusNoContent)
}
