package serve

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
)

// handshake is the only line that may reach the server's end.
var handshake = regexp.MustCompile(`^\d+\|\d+\|(?:unix|tcp)\|[^|]+\|grpc(?:\|.*)?$`)

// handshakeOn lets the handshake, which go-plugin prints through os.Stdout,
// reach out, and turns whatever else is printed there meanwhile to standard
// error.
func handshakeOn(out *os.File) error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	os.Stdout = w
	go func() {
		passed := false
		lines := bufio.NewReader(r)
		for {
			line, err := lines.ReadString('\n')
			if !passed && handshake.MatchString(chomp(line)) {
				passed = true
				_, _ = fmt.Fprint(out, line)
				_ = out.Close()
			} else if line != "" {
				_, _ = fmt.Fprint(os.Stderr, line)
			}
			if err != nil {
				return
			}
		}
	}()
	return nil
}

func chomp(line string) string {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		return line[:n-1]
	}
	return line
}
