// Package load is what clients and users do to a server while it is killed:
// they connect banks, answer what is asked, correct, delete, and move the clock.
// It writes down what was acknowledged, and sends again what nobody knows about.
// It does not judge.
package load
