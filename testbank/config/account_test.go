package config_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank/config"
)

const joint = `personas:
  - {login: ann, password: p, holder: Ann}
  - {login: bob, password: p, holder: Bob}
accounts:
  - {ref: eur, owner: ann, co_owners: [bob], type: CHECKINGS, name: Joint, iban: FR7699991004200000010010180, currency: EUR, balance: 1.00}
  - {ref: usd, owner: ann, co_owners: [bob], type: CHECKINGS, name: Joint, iban: FR7699991004200000010010180, currency: USD, balance: 1.00}
  - {ref: card, owner: ann, co_owners: [bob], type: CREDIT_CARD, name: Card, number: "1", currency: EUR, balance: -1.00, settled_on: eur}
`

func TestParse_relates_accounts(t *testing.T) {
	t.Parallel()
	file, err := config.Parse([]byte(joint))
	require.NoError(t, err)
	require.Equal(t, []string{"ann", "bob"}, file.Accounts[1].Owners())
	require.Equal(t, 31, file.Accounts[2].SettledDay)
	for change, want := range map[string]string{
		"currency: USD>currency: EUR":     "6:82: accounts[1].iban: is already used for an account in that currency",
		"settled_on: eur>settled_on: usd": "7:134: accounts[2].settled_on: must be an account in the same currency",
	} {
		old, replacement, _ := strings.Cut(change, ">")
		_, err := config.Parse([]byte(strings.Replace(joint, old, replacement, 1)))
		require.EqualError(t, err, want)
	}
	_, err = config.Parse([]byte(strings.Replace(joint, "ref: card, owner: ann, co_owners: [bob]", "ref: card, owner: ann", 1)))
	require.ErrorContains(t, err, "settled_on: must be an account of the same owners")
}
