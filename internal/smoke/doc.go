// Package smoke runs the built binary once, as CI's last step does.
package smoke
