// Package play lives a life through the real application services and a real
// store. The bank is played by life.Bank, here or in a plugin process; what it
// told is kept beside, for the judge. It decides nothing about right and wrong.
package play
