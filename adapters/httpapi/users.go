package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type userView struct {
	ID         string    `json:"id" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The user's id."`
	Email      *string   `json:"email" example:"ada@example.org" doc:"Null for a user known by external_id."`
	ExternalID *string   `json:"external_id" example:"customer-42" doc:"The client's own id of the user; null for a user known by e-mail."`
	CreatedAt  time.Time `json:"created_at" doc:"When the user was created."`
}

func showUser(u *user.User) userView {
	return userView{ID: string(u.ID), Email: known(u.Email), ExternalID: known(u.ExternalID), CreatedAt: instant(u.CreatedAt)}
}

type newUser struct {
	Email      string     `json:"email,omitempty" example:"ada@example.org" doc:"With password: the user can have a token by the password grant."`
	Password   secretText `json:"password,omitzero" doc:"6 characters or more, with a letter and a digit."`
	ExternalID string     `json:"external_id,omitempty" example:"customer-42" doc:"Instead of e-mail and password: the client's own id of the user."`
}

type userChange struct {
	Email    *string     `json:"email,omitempty" example:"ada@example.org" doc:"The new e-mail address."`
	Password *secretText `json:"password,omitempty" doc:"The new password: 6 characters or more, with a letter and a digit."`
}

type (
	userPath struct {
		ID string `path:"id" doc:"A user's id; with a user's token also me." example:"me"`
	}
	oneUser  struct{ Body userView }
	madeUser struct {
		Location string `header:"Location" doc:"The new user."`
		Body     userView
	}
	createUserInput struct{ Body newUser }
	listUsersInput  struct {
		PageParams
		Email      string `query:"email" doc:"Only the user with this e-mail address."`
		ExternalID string `query:"external_id" doc:"Only the user with this external id."`
	}
	userList        struct{ Body list[userView] }
	changeUserInput struct {
		ID   string `path:"id" doc:"A user's id; with a user's token also me." example:"me"`
		Body userChange
	}
	nothing struct{}
)

func (a api) users() {
	add(a, operation{
		ID: "create-user", Method: http.MethodPost, Path: "/v1/users", Tag: tagUsers, Status: http.StatusCreated,
		Creates: true, Summary: "Create a user", Text: "With an e-mail address and a password, or with an external id alone.",
		Who: clientHolding(client.UsersCreate), Errors: []int{http.StatusConflict},
	}, a.createUser)
	add(a, operation{
		ID: "list-users", Method: http.MethodGet, Path: "/v1/users", Tag: tagUsers,
		Summary: "List users", Text: "The client's users in the order of their creation.",
		Who: clientHolding(client.UsersManage),
	}, a.listUsers)
	add(a, operation{
		ID: "get-user", Method: http.MethodGet, Path: "/v1/users/{id}", Tag: tagUsers, Tagged: true,
		Summary: "Get a user", Text: "The id me stands for the user of the token.",
		Who: byMode(client.UsersManage, client.Profile), Errors: []int{http.StatusNotFound},
	}, a.getUser)
	add(a, operation{
		ID: "change-user", Method: http.MethodPatch, Path: "/v1/users/{id}", Tag: tagUsers, Guarded: true,
		Summary: "Change a user", Text: "What is not given stays as it is.",
		Who: byMode(client.UsersManage, client.ProfileEdit), Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, guard(a, a.userNow, a.changeUser))
	add(a, operation{
		ID: "delete-user", Method: http.MethodDelete, Path: "/v1/users/{id}", Tag: tagUsers, Status: http.StatusNoContent, Guarded: true,
		Summary: "Erase a user", Text: "Erases the user with all connections, accounts and transactions. There is no way back.",
		Within: patient, Who: byMode(client.UsersManage, client.ProfileEdit), Errors: []int{http.StatusNotFound},
	}, guard(a, a.userNow, a.deleteUser))
}

func (a api) createUser(ctx context.Context, p usecase.Principal, in *createUserInput) (*madeUser, error) {
	made, err := a.Users.Create(ctx, p, user.Identity{Email: in.Body.Email, Password: in.Body.Password.value, ExternalID: in.Body.ExternalID})
	if err != nil {
		return nil, err
	}
	return &madeUser{"/v1/users/" + string(made.ID), showUser(made)}, nil
}

func (a api) listUsers(ctx context.Context, p usecase.Principal, in *listUsersInput) (*userList, error) {
	l := newListing("users", p, in.Email, in.ExternalID)
	page, err := l.page(in.PageParams)
	if err != nil {
		return nil, err
	}
	slice, err := a.Users.List(ctx, p, store.UserFilter{Email: in.Email, ExternalID: in.ExternalID}, page)
	return &userList{listOf(l, slice, showUser)}, err
}

func (a api) getUser(ctx context.Context, p usecase.Principal, in *userPath) (*oneUser, error) {
	found, err := a.Users.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneUser{showUser(found)}, nil
}

func (a api) changeUser(ctx context.Context, p usecase.Principal, in *changeUserInput) (*oneUser, error) {
	change := usecase.UserChange{Email: in.Body.Email}
	if in.Body.Password != nil {
		change.Password = new(secret.String)
		*change.Password = in.Body.Password.value
	}
	changed, err := a.Users.Change(ctx, p, in.ID, change)
	if err != nil {
		return nil, err
	}
	return &oneUser{showUser(changed)}, nil
}

func (a api) deleteUser(ctx context.Context, p usecase.Principal, in *userPath) (*nothing, error) {
	return nil, a.Users.Delete(ctx, p, in.ID)
}
