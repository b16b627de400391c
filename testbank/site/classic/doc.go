// Package classic owns the theme of a bank whose web site is from long ago: frames, tables in tables, windows that open for
// details, ISO 8859-1, no style sheet to speak of and no names on anything. Every form goes back with a token that is good
// once; places in lists are numbers. It decides nothing: the desk says how far a visit is.
//
//	/web/classic/                 the frames: top.do, menu.do and centre.do, which shows what comes next
//	…/logon.do, …/code.do         log-in, in two steps where a customer of the bank has a keypad (…/grille.do, one picture)
//	…/secure.do                   the second factor; …/envoi.do begins it, …/renvoi.do sends a code again, …/image.do
//	…/mdp.do, …/cgu.do            what has to be done first: a new password, new terms
//	…/comptes.do                  accounts (?r=S, C or L for savings, cards and loans)
//	…/mvts.do                     the rows of an account, by posting cpt and page
//	…/detail.do                   one row, in a window of its own
//	…/telech.do                   downloads; …/quitter.do logs out
//
// Its two markups: columns change places, fields and words are called otherwise, and frames become inner frames.
package classic
