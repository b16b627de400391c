// Command psd2 is the provider plugin for banks with a PSD2 account interface: one process that serves many banks from a
// catalogue, one readable file for each.
//
// It owns the choice of the bank and its dialect; the dialects are packages of their own (berlin, stet, openbanking). It must not know the
// server. Invariants: a bank of a known standard is a file and no code; nothing of one bank or session reaches another;
// certificates and credentials come from the operator's files alone.
package main

import "github.com/tributary-dev/tributary/plugins/sdk/serve"

func main() { serve.Main(fromSettings) }
