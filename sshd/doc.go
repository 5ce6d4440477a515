// Package sshd serves docket over SSH: it lets people in by their keys or certificates,
// gives each a terminal or runs a command for them, and ends that when they may no longer
// be here. What runs is its caller's; files, forwarding and shells there are none.
package sshd
