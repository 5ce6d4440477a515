// Package cli is the command line: one file a command. Run takes everything it
// works with from Env and touches no global state, so that tests and a server
// can run the same commands side by side.
//
// Results go to standard output, everything else to standard error. What goes
// wrong is a model.Problem, and its kind is the exit code.
package cli
