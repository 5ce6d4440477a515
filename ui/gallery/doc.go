// Package gallery is the pages that show the pictures of a session: one at a
// time, and two side by side. Pictures are fetched and decoded beside Update, and
// nothing of them is kept once the page is left.
package gallery
