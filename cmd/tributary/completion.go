package main

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help says where the script goes.
func (completionCommand) Help() string {
	return examples("Put the script where the shell looks for it:",
		"tributary completion bash > /etc/bash_completion.d/tributary",
		"tributary completion zsh  > /usr/local/share/zsh/site-functions/_tributary",
		"tributary completion fish > ~/.config/fish/completions/tributary.fish")
}

// Run writes the script. It is made from the commands as they are, and calls
// nothing when it completes.
func (c completionCommand) Run(std streams, app *kong.Application) error {
	places := placesOf(app.Node)
	text := map[string]func([]place) string{"bash": bashScript, "zsh": zshScript, "fish": fishScript}[c.Shell](places)
	_, err := fmt.Fprint(std.out, text)
	return err
}

// place is a command and what may come next.
type place struct {
	// path is "" for the program itself, else "client create".
	path     string
	commands []word
	flags    []word
}

type word struct{ text, help string }

func placesOf(node *kong.Node) (all []place) {
	here := place{}
	for n := node; n.Type != kong.ApplicationNode; n = n.Parent {
		here.path = strings.TrimSpace(n.Name + " " + here.path)
	}
	for _, child := range node.Children {
		here.commands = append(here.commands, word{child.Name, child.Help})
	}
	for _, group := range node.AllFlags(true) {
		for _, flag := range group {
			here.flags = append(here.flags, word{"--" + flag.Name, flag.Help})
		}
	}
	all = append(all, here)
	for _, child := range node.Children {
		all = append(all, placesOf(child)...)
	}
	return all
}

func (p place) words() string {
	var texts []string
	for _, w := range append(append([]word{}, p.commands...), p.flags...) {
		texts = append(texts, w.text)
	}
	return strings.Join(texts, " ")
}

// bashScript follows the words so far as long as they are commands.
func bashScript(places []place) string {
	var b strings.Builder
	b.WriteString("# bash completion for tributary\n_tributary() {\n  local word path='' i next\n" +
		"  for ((i = 1; i < COMP_CWORD; i++)); do\n    next=\"${path:+$path }${COMP_WORDS[i]}\"\n    case \"$next\" in\n")
	for _, p := range places[1:] {
		fmt.Fprintf(&b, "      '%s') path=\"$next\" ;;\n", p.path)
	}
	b.WriteString("    esac\n  done\n  word=\"${COMP_WORDS[COMP_CWORD]}\"\n  case \"$path\" in\n")
	for _, p := range places {
		fmt.Fprintf(&b, "    '%s') next='%s' ;;\n", p.path, p.words())
	}
	b.WriteString("  esac\n  if [[ $COMP_CWORD -gt 1 && ${COMP_WORDS[COMP_CWORD-1]} =~ -(file|data|plugins|config|testbank|out)$ ]]; then\n" +
		"    COMPREPLY=($(compgen -f -- \"$word\"))\n    return\n  fi\n  COMPREPLY=($(compgen -W \"$next\" -- \"$word\"))\n}\n" +
		"complete -o filenames -F _tributary tributary\n")
	return b.String()
}

// zshScript lends bash's to zsh.
func zshScript(places []place) string {
	return "#compdef tributary\nautoload -U +X bashcompinit && bashcompinit\n" + bashScript(places)
}

func fishScript(places []place) string {
	var b strings.Builder
	b.WriteString("# fish completion for tributary\nfunction __tributary_at\n  set -l path\n" +
		"  for word in (commandline -opc)[2..-1]\n    set -l next (string trim -- \"$path $word\")\n    switch \"$next\"\n")
	for _, p := range places[1:] {
		fmt.Fprintf(&b, "      case '%s'\n        set path $next\n", p.path)
	}
	b.WriteString("    end\n  end\n  test \"$path\" = \"$argv[1]\"\nend\ncomplete -c tributary -f\n")
	for _, p := range places {
		for _, w := range p.commands {
			fmt.Fprintf(&b, "complete -c tributary -n \"__tributary_at '%s'\" -a %s -d '%s'\n", p.path, w.text, fishQuote(w.help))
		}
		for _, w := range p.flags {
			fmt.Fprintf(&b, "complete -c tributary -n \"__tributary_at '%s'\" -l %s -d '%s'\n", p.path, strings.TrimPrefix(w.text, "--"), fishQuote(w.help))
		}
	}
	return b.String()
}

func fishQuote(text string) string {
	return strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text)
}
