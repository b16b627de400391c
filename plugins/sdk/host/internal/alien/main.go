// Command alien is a plugin that does not use the SDK's server, as one in
// another language would not, and does the thing wrong that its first argument
// names.
package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

func main() {
	mode := os.Args[1]
	if before := beforeHandshake[mode]; before != nil {
		before()
		return
	}
	serve(answers[mode])
}

// beforeHandshake are the faults of programs that never come to serve.
var beforeHandshake = map[string]func(){
	"is-silent": func() { time.Sleep(time.Minute) },
	"prints-garbage": func() {
		fmt.Println("1|1|not a handshake\n\x1b[2J||||")
		time.Sleep(time.Minute)
	},
	"prints-endless-line": func() {
		block := strings.Repeat("x", 1<<20)
		for range 256 {
			fmt.Print(block)
		}
		time.Sleep(time.Minute)
	},
	"speaks-another-version": func() {
		fmt.Println("1|99|unix|/tmp/nowhere|grpc|")
		time.Sleep(time.Minute)
	},
	"speaks-net-rpc": func() {
		fmt.Println("1|1|unix|/tmp/nowhere|netrpc|")
		time.Sleep(time.Minute)
	},
	"listens-nowhere": func() {
		fmt.Println("1|1|unix|/tmp/nowhere|grpc|")
		time.Sleep(time.Minute)
	},
}
