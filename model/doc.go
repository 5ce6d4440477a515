// Package model says what a verification session is, in the words of the people
// who decide on it: sessions, checks, verdicts, OCR fields, devices, events,
// decisions. It is pure: the standard library only, and no input or output.
//
// Everything here has been cleaned. Text that came from outside was made safe
// for a terminal in package provider, where wire types become these types, and
// nowhere else.
package model
