//go:build unix

package picture

import "golang.org/x/sys/unix"

// SystemCell returns the cell of the terminal behind a file as the system knows
// it, or none. Some terminals do not answer the query for it.
func SystemCell(fd uintptr) Cell {
	size, err := unix.IoctlGetWinsize(int(fd), unix.TIOCGWINSZ)
	if err != nil || size.Col == 0 || size.Row == 0 {
		return Cell{}
	}
	return sensible(int(size.Xpixel)/int(size.Col), int(size.Ypixel)/int(size.Row))
}
