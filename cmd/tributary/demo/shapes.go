package demo

// What the demo reads of the API's answers; there is more in each.

type list[T any] struct {
	Data       []T     `json:"data"`
	NextCursor *string `json:"next_cursor"`
}

type user struct {
	ID string `json:"id"`
}

type provider struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Country  string    `json:"country"`
	Channels []channel `json:"channel_definitions"`
}

type channel struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

type connection struct {
	ID                    string `json:"id"`
	Status                string `json:"status"`
	LastSynchronizationID string `json:"last_synchronization_id"`
}

type challenge struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Message string `json:"message"`
	Fields  []struct {
		Name string `json:"name"`
	} `json:"fields"`
}

type synchronization struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	Stage  string `json:"stage"`
	Error  *struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

type money struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

type account struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Name    string `json:"name"`
	IBAN    string `json:"iban"`
	Number  string `json:"number"`
	Balance *money `json:"balance"`
}

type transaction struct {
	Amount        money  `json:"amount"`
	Status        string `json:"status"`
	EffectiveDate string `json:"effective_date"`
	Label         string `json:"label"`
	Category      struct {
		ID string `json:"id"`
	} `json:"category"`
}

type event struct {
	Seq  int64          `json:"seq"`
	Name string         `json:"name"`
	Data map[string]any `json:"data"`
}
