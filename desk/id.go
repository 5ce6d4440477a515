package desk

// ValidID reports whether a text can be an interview id at all: letters,
// digits, - and _, at most 64. Nothing else is sent, stored or named in a file.
func ValidID(id string) bool { return validID(id) }
