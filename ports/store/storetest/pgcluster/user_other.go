//go:build !linux

package pgcluster

import "syscall"

// Elsewhere the tests run as a user who may run a server.
func serverProcess() *syscall.SysProcAttr { return nil }

func inMemory() string { return "" }

func giveToServer(string) error { return nil }
