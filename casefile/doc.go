// Package casefile puts everything that is known of one session into a file that an
// auditor can keep, read without docket, and verify: a zip with a signed list of the
// SHA-256 of every file in it. It reads and writes what it is handed, and nothing
// else.
package casefile
