package category_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/money"
)

// labelled are labels as banks write them.
var labelled = []struct{ amount, label, want string }{
	{"-63.20", "CB CARREFOUR MARKET PARIS 12/03", "food.groceries"},
	{"-12.00", "CARTE 02/03 LIDL 4711", "food.groceries"},
	{"-41.17", "TESCO STORES 3456", "food.groceries"},
	{"-55.00", "E.LECLERC DRIVE", "food.groceries"},
	{"-9.90", "GRAND FRAIS LYON", "food.groceries"},
	{"8.00", "REMBOURSEMENT CARREFOUR", "food.groceries"},
	{"-4.20", "BOULANGERIE DE LA GARE", "food.specialty"},
	{"-11.00", "McDonald's Rennes", "food.fast_food"},
	{"-23.40", "UBER *EATS HELP.UBER.COM", "food.delivery"},
	{"-14.30", "UBER *TRIP AMSTERDAM", "transport.taxi"},
	{"-3.10", "Starbucks London", "food.bars_cafes"},
	{"-48.00", "RESTAURANT LE PETIT PARIS", "food.restaurants"},
	{"-750.00", "VIREMENT PERMANENT LOYER MARS", "housing.rent"},
	{"-900.00", "STANDING ORDER MONTHLY RENT", "housing.rent"},
	{"650.00", "VIR RECU LOYER M MARTIN", "income.rental"},
	{"-82.00", "PRLV SEPA EDF CLIENTS PARTICULIERS", "housing.energy"},
	{"-60.00", "DIRECT DEBIT OCTOPUS ENERGY", "housing.energy"},
	{"-31.00", "PRLV EAU DE PARIS", "housing.water"},
	{"-1120.00", "ECHEANCE PRET IMMO 00123", "housing.mortgage"},
	{"-240.00", "IKEA FRANCHEVILLE", "housing.furniture"},
	{"-66.00", "LEROY MERLIN VITRY", "housing.diy"},
	{"-29.99", "PRLV SEPA ORANGE SA", "digital.telecom"},
	{"-19.99", "PRLV FREE MOBILE", "digital.telecom"},
	{"-13.49", "NETFLIX.COM", "digital.streaming"},
	{"-10.99", "Spotify P1234ABC", "digital.streaming"},
	{"-2.99", "APPLE.COM/BILL ITUNES.COM", "digital.software"},
	{"-70.00", "TOTALENERGIES RELAIS A6", "transport.fuel"},
	{"-88.80", "PRLV NAVIGO IDF MOBILITÉS", "transport.public"},
	{"-2.80", "TFL TRAVEL CH", "transport.public"},
	{"-74.00", "SNCF CONNECT", "transport.train_coach"},
	{"-59.00", "TRAINLINE.COM LONDON", "transport.train_coach"},
	{"-3.00", "PARKING GARE DE LYON", "transport.parking"},
	{"-21.40", "APRR AUTOROUTES", "transport.tolls"},
	{"-310.00", "NORAUTO CRETEIL", "transport.maintenance"},
	{"-120.00", "EASYJET K8XY", "travel.flights"},
	{"-180.00", "HOTEL DES VOYAGEURS", "travel.lodging"},
	{"-95.00", "RENT A CAR PARIS 12", "travel.car_rental"},
	{"-35.50", "AMZN Mktp FR*2K4", "shopping.marketplace"},
	{"-59.90", "ZARA HAUSSMANN", "shopping.clothing"},
	{"-45.00", "DECATHLON CAMPUS", "shopping.sports"},
	{"-17.00", "LIBRAIRIE DES ABBESSES", "shopping.books_media"},
	{"-25.00", "DR LEFEBVRE", "health.doctor"},
	{"-8.30", "PHARMACIE DU CENTRE", "health.pharmacy"},
	{"-6.50", "Boots 1123 Leeds", "health.pharmacy"},
	{"17.50", "VIR CPAM DE PARIS", "health.reimbursement"},
	{"-52.00", "PRLV HARMONIE MUTUELLE", "health.insurance"},
	{"-29.00", "SALON DE COIFFURE ELLE", "personal.beauty"},
	{"-24.99", "PRLV BASIC FIT FRANCE", "personal.fitness"},
	{"-22.00", "UGC CINE CITE", "leisure.outings"},
	{"-412.00", "CRECHE LES PETITS LOUPS", "family.childcare"},
	{"-40.00", "CABINET VETERINAIRE DU PARC", "family.pets"},
	{"-1200.00", "PRLV DGFIP IMPOT REVENU", "taxes.income"},
	{"312.00", "DGFIP REMBOURSEMENT IMPOTS", "income.tax_refund"},
	{"-150.00", "Council Tax Leeds City", "taxes.property"},
	{"-135.00", "AMENDE ANTAI", "taxes.fines"},
	{"-2.00", "COTISATION CARTE VISA PREMIER", "finance.fees"},
	{"-1.50", "Foreign transaction fee", "finance.fees"},
	{"-7.30", "AGIOS DU TRIMESTRE", "finance.interest_paid"},
	{"12.40", "INTERETS LIVRET A 2026", "income.interest"},
	{"2310.00", "VIREMENT SALAIRE MARS ACME", "income.salary"},
	{"1980.00", "ACME LTD SALARY", "income.salary"},
	{"182.00", "VIR CAF DE LA SEINE", "income.benefits"},
	{"945.00", "FRANCE TRAVAIL ALLOCATION", "income.unemployment"},
	{"-60.00", "RETRAIT DAB 12/03 PARIS", "cash.withdrawal"},
	{"-50.00", "ATM CASH WITHDRAWAL HIGH ST", "cash.withdrawal"},
	{"-200.00", "VIREMENT VERS LIVRET A", "transfers.savings"},
	{"-30.00", "VIR INST MARIE DURAND", "transfers.person"},
	{"-77.00", "CHEQUE 1234567", "cash.cheque"},
	{"-15.00", "Croix-Rouge française", "other.charity"},
	{"-6.60", "LA POSTE PARIS LOUVRE", "other.postage"},
	{"-6.60", "XQZT 77", "other.uncategorised"},
	{"6.60", "XQZT 77", "income.other"},
}

func TestAssign_by_label(t *testing.T) {
	t.Parallel()
	for _, c := range labelled {
		got := category.Assign(category.Movement{Amount: money.Must(c.amount, "EUR"), Label: c.label})
		require.Equal(t, c.want, got.ID, "%s %s", c.amount, c.label)
		require.Equal(t, "ENGINE", got.Source)
	}
}

func TestAssign_weighs_its_sources(t *testing.T) {
	t.Parallel()
	spent, got := money.Must("-20", "EUR"), money.Must("20", "EUR")
	for name, c := range map[string]struct {
		movement category.Movement
		want     string
	}{
		"the_merchant_code_beats_the_label":      {category.Movement{Amount: spent, Label: "LIDL", MerchantCode: "5912"}, "health.pharmacy"},
		"a_code_inside_a_range":                  {category.Movement{Amount: spent, MerchantCode: "3777"}, "travel.lodging"},
		"a_code_of_no_category_is_ignored":       {category.Movement{Amount: spent, Label: "LIDL", MerchantCode: "9999"}, "food.groceries"},
		"a_malformed_code_is_ignored":            {category.Movement{Amount: spent, Label: "LIDL", MerchantCode: "+912"}, "food.groceries"},
		"cash_from_a_machine_in_a_shop_is_cash":  {category.Movement{Amount: spent, Type: "ATM", Label: "CARREFOUR"}, "cash.withdrawal"},
		"an_own_transfer_is_neutral":             {category.Movement{Amount: got, Type: "INTERNAL_TRANSFER", Label: "M DUPONT"}, "transfers.internal"},
		"a_fee_is_a_fee":                         {category.Movement{Amount: spent, Type: "FEE"}, "finance.fees"},
		"interest_is_paid":                       {category.Movement{Amount: spent, Type: "INTEREST"}, "finance.interest_paid"},
		"interest_is_earned":                     {category.Movement{Amount: got, Type: "INTEREST"}, "income.interest"},
		"a_dividend_that_leaves_says_nothing":    {category.Movement{Amount: spent, Type: "DIVIDEND"}, "other.uncategorised"},
		"a_standing_order_hints_at_a_person":     {category.Movement{Amount: spent, Type: "STANDING_ORDER", Label: "XQZT"}, "transfers.person"},
		"the_counterparty_counts_like_the_label": {category.Movement{Amount: spent, Label: "PRLV 123", Counterparty: "Électricité de France EDF"}, "housing.energy"},
		"nothing_known_and_nothing_moved":        {category.Movement{Amount: money.Must("0", "EUR")}, "other.uncategorised"},
		"accents_and_case_do_not_matter":         {category.Movement{Amount: spent, Label: "inte\u0301re\u0302ts de\u0301biteurs"}, "finance.interest_paid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, category.Assign(c.movement).ID)
		})
	}
}

func TestAssign_always_names_a_category(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		movement := category.Movement{
			Amount: money.Must(rapid.StringMatching(`-?[0-9]{1,4}`).Draw(t, "amount"), "EUR"),
			Type:   rapid.String().Draw(t, "type"), Label: rapid.String().Draw(t, "label"),
			Counterparty: rapid.String().Draw(t, "counterparty"), MerchantCode: rapid.StringMatching(`[0-9]{0,5}`).Draw(t, "code"),
		}
		got := category.Assign(movement)
		found, ok := category.ByID(got.ID)
		require.True(t, ok, got.ID)
		require.False(t, found.Deprecated())
		require.Greater(t, got.Confidence, 0.0)
		require.LessOrEqual(t, got.Confidence, 1.0)
		require.Equal(t, got, category.Assign(movement))
	})
}
