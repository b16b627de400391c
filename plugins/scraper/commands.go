package main

import "io"

var commands = map[string]func(args []string, out, notes io.Writer) int{}
