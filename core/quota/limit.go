package quota

import "github.com/tributary-dev/tributary/core/bank"

// lawful is what the law lets a bank be asked with nobody there: RTS (EU)
// 2018/389, Art. 36(5)(b).
const lawful = 4

// LimitOf is how many unattended calls a channel has for each account and scope;
// zero is no limit. Of a bank's interface for others that says nothing, the law
// does. A web site has none, unless its provider knows one.
func LimitOf(kind bank.ChannelType, told int) int {
	if told <= 0 && kind == bank.Redirect {
		return lawful
	}
	return max(told, 0)
}
