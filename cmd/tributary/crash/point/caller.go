package point

import (
	"runtime"
	"slices"
	"strings"
)

// rooms are where transactions are begun; what lies between there and the store
// (decorators, a package's own commit) does not name them.
var rooms = []string{"/core/app/", "/adapters/oauth."}

// passages are functions that hand a transaction on for others.
var passages = map[string]bool{"repeating.Update": true, "synchronizing.commit": true, "synchronizing.outlast": true}

// transaction names the transaction that is being begun by the function that
// wants it: synchronizing.claim, connecting.Create.
func transaction() string {
	var counters [32]uintptr
	frames := runtime.CallersFrames(counters[:runtime.Callers(3, counters[:])])
	for {
		frame, more := frames.Next()
		if name := nameOf(frame.Function); name != "" && !passages[name] {
			return name
		}
		if !more {
			return "other"
		}
	}
}

// nameOf makes of a function in one of the rooms its package and name, without
// receiver and without the closures in it; of any other function nothing.
func nameOf(function string) string {
	if !slices.ContainsFunc(rooms, func(room string) bool { return strings.Contains(function, room) }) {
		return ""
	}
	parts := strings.Split(function[strings.LastIndex(function, "/")+1:], ".")
	name := parts[1]
	// Of a method the receiver comes first: (*Worker), or Service where it is a value.
	if len(parts) > 2 && !strings.HasPrefix(parts[2], "func") {
		name = parts[2]
	}
	return parts[0] + "." + name
}
