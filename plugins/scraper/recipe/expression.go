package recipe

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// Expression is one of the language of expr-lang.org, for what recipes have no words for. It is sandboxed: it sees its
// Scope alone, cannot loop without end, and has a bounded memory.
type Expression string

// Scope is what expressions see.
type Scope struct {
	// Text is what was read so far, in a field.
	Text string `expr:"text"`
	// Row has what was read of the row, by field.
	Row map[string]string `expr:"row"`
	// Account has what was read of the account, by field.
	Account map[string]string `expr:"account"`
	// Answer is what the user answered.
	Answer string `expr:"answer"`
	// Settings are the operator's.
	Settings map[string]string `expr:"settings"`
	// From and To are the days that are asked for, Today is the bank's.
	From  time.Time `expr:"from"`
	To    time.Time `expr:"to"`
	Today time.Time `expr:"today"`
}

const maxNodes = 500

var programs sync.Map // of expressions, to what they compiled to

// compile gives the program of an expression, as often as it is asked for.
func (e Expression) compile() (*vm.Program, error) {
	if known, ok := programs.Load(e); ok {
		if program, is := known.(*vm.Program); is {
			return program, nil
		}
	}
	program, err := expr.Compile(string(e), expr.Env(Scope{}), expr.MaxNodes(maxNodes))
	if err != nil {
		line, _, _ := strings.Cut(err.Error(), "\n")
		return nil, fmt.Errorf("is no expression: %s", line)
	}
	programs.Store(e, program)
	return program, nil
}

// Value evaluates to a text.
func (e Expression) Value(s Scope) (string, error) {
	out, err := e.run(s)
	if err != nil || out == nil {
		return "", err
	}
	return fmt.Sprint(out), nil
}

// Holds evaluates to true or false; an empty expression holds.
func (e Expression) Holds(s Scope) (bool, error) {
	if e == "" {
		return true, nil
	}
	out, err := e.run(s)
	if err != nil {
		return false, err
	}
	held, ok := out.(bool)
	if !ok {
		return false, fmt.Errorf("%q is neither true nor false", string(e))
	}
	return held, nil
}

func (e Expression) run(s Scope) (any, error) {
	program, err := e.compile()
	if err != nil {
		return nil, err
	}
	out, err := expr.Run(program, s)
	if err != nil { // the library's text may quote what was read
		return nil, fmt.Errorf("the expression %q fails", string(e))
	}
	return out, nil
}

// Template is a text with expressions in {{ }}.
type Template string

var hole = regexp.MustCompile(`\{\{(.*?)\}\}`)

// Fill gives the text with its holes filled. escape, where it is not nil, is applied to what fills them.
func (t Template) Fill(s Scope, escape func(string) string) (string, error) {
	var failed error
	out := hole.ReplaceAllStringFunc(string(t), func(whole string) string {
		value, err := Expression(strings.TrimSpace(hole.FindStringSubmatch(whole)[1])).Value(s)
		if err != nil && failed == nil {
			failed = err
		}
		if escape != nil {
			value = escape(value)
		}
		return value
	})
	return out, failed
}

// check compiles every hole.
func (t Template) check() error {
	for _, found := range hole.FindAllStringSubmatch(string(t), -1) {
		if _, err := Expression(strings.TrimSpace(found[1])).compile(); err != nil {
			return err
		}
	}
	return nil
}
