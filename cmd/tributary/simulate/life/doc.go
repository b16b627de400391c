// Package life makes up what the simulation plays: bank accounts, what really
// happens on them, how a bank tells it, and when it is asked. All of it follows
// from a seed. It is the truth, so it imports nothing of ours: the code under
// test sees only what Bank.Answer tells, as a bank would tell it.
//
// Invariant: an Answer is made of public facts alone. What a Row really is
// (Movement, Stage) is there for the judge and never crosses the gateway.
package life
