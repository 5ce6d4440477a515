// Package e2e tests docket whole: the real binary or its command line, over real
// HTTP against the simulated API, with a real inbox file and an emulated
// terminal. It has no code of its own.
package e2e
