package config

import (
	"github.com/goccy/go-yaml/token"
)

// What no configuration needs, and what makes a parser slow or deep: the time it takes grows with the square of each.
const (
	maxNesting   = 16  // brackets within brackets, and dashes or colons on one line
	maxKeys      = 100 // keys of one mapping
	maxDocuments = 8
	maxTokens    = 300_000
)

// shape counts what a text holds before it is parsed. It is untrusted: a client may have sent it.
type shape struct {
	nesting, dashes, colons, documents int
	line                               int
	keys                               map[int]int // by column, of the mappings that are open
}

// tooMuch gives the first thing that goes beyond the limits, or nil.
func tooMuch(tokens token.Tokens) *Mistake {
	s := &shape{keys: map[int]int{}}
	for i, t := range tokens {
		if reason := s.next(t, i); reason != "" {
			return &Mistake{Line: t.Position.Line, Column: t.Position.Column, Reason: "the file: " + reason}
		}
	}
	return nil
}

func (s *shape) next(t *token.Token, index int) string {
	if t.Position.Line != s.line {
		s.line, s.dashes, s.colons = t.Position.Line, 0, 0
	}
	switch t.Type {
	case token.SequenceStartType, token.MappingStartType:
		s.nesting++
	case token.SequenceEndType, token.MappingEndType:
		s.nesting--
	case token.SequenceEntryType:
		s.dashes++
		s.close(t.Position.Column)
	case token.DocumentHeaderType:
		s.documents++
	case token.MappingValueType:
		s.key(t)
	}
	switch {
	case s.nesting > maxNesting, s.dashes > maxNesting, s.colons > maxNesting:
		return "is nested too deep"
	case s.documents > maxDocuments:
		return "the file must hold one YAML document"
	case t.Type == token.MappingValueType && t.Prev != nil && s.keys[t.Prev.Position.Column] > maxKeys:
		return "a mapping has too many keys"
	case index > maxTokens:
		return "is too large to be a configuration"
	}
	return ""
}

// key counts a key at its column; mappings further right are over by then.
func (s *shape) key(colon *token.Token) {
	if colon.Prev == nil {
		return
	}
	column := colon.Prev.Position.Column
	if s.nesting == 0 {
		s.colons++
		s.close(column)
	}
	s.keys[column]++
}

func (s *shape) close(column int) {
	for open := range s.keys {
		if open > column {
			delete(s.keys, open)
		}
	}
}
