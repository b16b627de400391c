package httpapi

import (
	"context"
	"encoding/base64"
	"time"
	"unicode/utf8"

	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type (
	oneHistory  struct{ Body historyView }
	historyView struct {
		TransactionID string         `json:"transaction_id" example:"txn_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Whose history this is."`
		Removal       *string        `json:"removal" example:"MERGED" doc:"Why it is shown no more: VANISHED (the bank dropped a pending one), HIDDEN, MERGED, JOINED (with the same row, when its account moved), REPLACED (a merge was taken back), or null."`
		MergedInto    *string        `json:"merged_into" doc:"The transaction that it was merged into."`
		FirstSeenAt   time.Time      `json:"first_seen_at" doc:"When the bank first told it."`
		Layers        layersView     `json:"layers" doc:"Where its label and category come from; the highest layer that has a value is shown."`
		Revisions     []revisionView `json:"revisions" doc:"What changed, first change first."`
		Raw           *string        `json:"raw" doc:"What the bank told last, as it told it; bytes that are no text are in base64."`
	}
	layersView struct {
		Label    layeredView `json:"label"`
		Category layeredView `json:"category"`
	}
	layeredView struct {
		Raw    *string `json:"raw" doc:"The bank's own words."`
		Engine *string `json:"engine" doc:"What we make of them."`
		Rule   *string `json:"rule" doc:"What a rule gave; beneath a person's category, what one would give now."`
		User   *string `json:"user" doc:"What a person gave."`
	}
	revisionView struct {
		Number            int          `json:"number" example:"1" doc:"Counts from 1."`
		At                time.Time    `json:"at" doc:"When."`
		Evidence          string       `json:"evidence" example:"PENDING_BOOKED" doc:"Why: CONTENT, BANK_ID_AND_CONTENT, PENDING_BOOKED or BANK_ID is how it was recognised, NOT_TOLD_ANY_MORE that it was not; DECISION is a person's."`
		SynchronizationID *string      `json:"synchronization_id" doc:"The run that read it; null where a person changed it."`
		Changes           []changeView `json:"changes" doc:"The fields that changed."`
		RawBefore         *string      `json:"raw_before" doc:"What the bank had told until then, where that changed."`
	}
	changeView struct {
		Field string `json:"field" example:"status" doc:"Which."`
		Layer string `json:"layer" example:"PROVIDER" doc:"RAW, PROVIDER, ENGINE, RULE or USER: where the new value comes from."`
		From  string `json:"from" example:"PENDING" doc:"Before."`
		To    string `json:"to" example:"BOOKED" doc:"After."`
	}
)

func (a api) getHistory(ctx context.Context, p usecase.Principal, in *transactionPath) (*oneHistory, error) {
	history, err := a.Transactions.History(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneHistory{showHistory(history)}, nil
}

func showHistory(h usecase.History) historyView {
	t := h.Transaction
	into, _ := t.MergedInto()
	return historyView{
		TransactionID: string(t.ID), Removal: known(t.Removal), MergedInto: known(into), FirstSeenAt: instant(t.FirstSeenAt),
		Layers: showLayers(h), Revisions: each(h.Revisions, showRevision), Raw: rawText(t.Raw),
	}
}

func showLayers(h usecase.History) layersView {
	t := h.Transaction
	layers := layersView{
		Label:    layeredView{Raw: known(t.RawLabel), Engine: known(h.Engine.Label), User: known(t.GivenLabel)},
		Category: layeredView{Engine: known(h.Engine.Category.ID), Rule: known(h.Rule.ID)},
	}
	if t.Category.Source == ledger.SourceUser {
		layers.Category.User = known(t.Category.ID)
	}
	return layers
}

func showRevision(r ledger.Revision) revisionView {
	return revisionView{
		Number: r.Number, At: instant(r.At), Evidence: string(r.Evidence), SynchronizationID: known(r.Synchronization),
		Changes: each(r.Changes, func(c ledger.Change) changeView { return changeView{c.Field, string(c.Layer), c.From, c.To} }), RawBefore: rawText(r.RawBefore),
	}
}

// rawText shows what a bank told: mostly JSON or a line of text.
func rawText(raw []byte) *string {
	if !utf8.Valid(raw) {
		return known(base64.StdEncoding.EncodeToString(raw))
	}
	return known(string(raw))
}
