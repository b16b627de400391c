package config

// Persona is one customer of the bank.
type Persona struct {
	Login       string      `yaml:"login" need:"true" doc:"What the customer types as login. Unique."`
	Password    string      `yaml:"password" need:"true" doc:"What the customer types as password."`
	Holder      string      `yaml:"holder" need:"true" doc:"Name of the account holder."`
	Description string      `yaml:"description" doc:"One sentence for whoever picks a persona."`
	LogIn       LogIn       `yaml:"log_in" enum:"fields|keypad" doc:"How the password is given at the web site: typed in a field, or pressed on a scrambled keypad of pictures; then it is 4 to 10 digits. Default: as the site's."`
	Challenge   Challenge   `yaml:"challenge" doc:"The strong authentication asked at log-in. Default: none."`
	Behaviours  []Behaviour `yaml:"behaviours" doc:"What goes differently for this customer."`
}
