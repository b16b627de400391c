// Package scenarios owns the stories that ship with the test bank: one file for each way in which a bank's behaviour makes
// aggregators go wrong, named by the number of its field note. Each is a whole configuration with a timeline and a play;
// its comment tells what the bank does on which day, what usually goes wrong, and what must be true after each day.
//
// It knows nothing of how a bank runs. Its invariant, held by a test: every file is valid, has a play, and tells its story.
package scenarios
