package sshd

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"docket/internal/config"
)

// builder puts a roster together and notes what is wrong.
type builder struct {
	r      *Roster
	found  []Finding
	shared map[string]bool // keys of more than one person, which are nobody's
}

func (b *builder) find(bars bool, what, subject, do string) {
	b.found = append(b.found, Finding{what, subject, do, bars})
}

// add gives a key to a person. One that proves two people proves nobody.
func (b *builder) add(key ssh.PublicKey, name, place string) {
	wire, fingerprint := string(key.Marshal()), ssh.FingerprintSHA256(key)
	if owner, taken := b.r.owners[wire]; b.shared[wire] || taken && owner != name {
		delete(b.r.owners, wire)
		b.shared[wire] = true
		b.find(true, "A key is given to more than one person, so it lets nobody in", fingerprint+", "+place, "leave it with the one whose it is")
		return
	}
	if do := config.WeakKey(key); do != "" {
		b.find(true, "A key proves too little", fingerprint+", "+place, do)
		return
	}
	if _, known := b.r.person(name); !known {
		b.find(true, "A key belongs to nobody that the configuration names", quoted(name)+", "+place, "add [[person]] with this name, or remove the key")
		return
	}
	b.r.owners[wire] = name
}

// readKeys reads a file of keys, or a folder in which NAME.pub has those of a person.
func (b *builder) readKeys(path string) {
	if path == "" {
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		b.find(true, "The keys cannot be read: "+cause(err), path, "correct keys in [ssh]")
		return
	}
	if !info.IsDir() {
		b.readKeyFile(path, "")
		return
	}
	if !b.safe(path) {
		return
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		b.find(true, "The keys cannot be read: "+cause(err), path, "check who may read the folder")
		return
	}
	for _, e := range entries {
		if name, isKey := strings.CutSuffix(e.Name(), ".pub"); isKey {
			b.readKeyFile(filepath.Join(path, e.Name()), name)
		}
	}
}

// readKeyFile reads keys. Those of a file that has a person's name are theirs.
func (b *builder) readKeyFile(path, name string) {
	b.eachKey(path, func(k keyLine) {
		place := fmt.Sprintf("%s line %d", path, k.number)
		whose, do := k.whose(name)
		if do != "" {
			b.find(true, "A key has options that docket does not obey", place, do)
			return
		}
		b.add(k.key, whose, place)
	})
}

// readCAs reads the authorities whose certificates are trusted.
func (b *builder) readCAs(path string) {
	if path == "" {
		return
	}
	b.eachKey(path, func(k keyLine) {
		place := fmt.Sprintf("%s line %d", path, k.number)
		if do := config.WeakKey(k.key); do != "" || len(k.options) > 0 {
			b.find(true, "An authority cannot be trusted like this", place, "write its public key alone, as its .pub file has it")
			return
		}
		b.r.cas[string(k.key.Marshal())] = ssh.FingerprintSHA256(k.key)
	})
}

// keyLine is a line of an authorized_keys file.
type keyLine struct {
	number  int
	key     ssh.PublicKey
	comment string
	options []string
}

// obeyed are options that hold for everybody here anyway.
var obeyed = []string{"no-agent-forwarding", "no-port-forwarding", "no-x11-forwarding", "no-user-rc"}

// whose says to whom a key belongs: the person of the file, else of the option
// person="NAME", else of the comment, NAME or NAME@machine.
func (k keyLine) whose(file string) (name, do string) {
	name = file
	for _, option := range k.options {
		value, isPerson := strings.CutPrefix(option, `person="`)
		switch {
		case isPerson && file == "":
			name = strings.TrimSuffix(value, `"`)
		case !slices.Contains(obeyed, strings.ToLower(option)):
			return "", `leave out the options before the key; there is person="NAME" alone`
		}
	}
	if name == "" {
		name, _, _ = strings.Cut(k.comment, "@")
	}
	return name, ""
}

// eachKey reads the keys of a file, a line each, and notes the lines that hold none.
func (b *builder) eachKey(path string, do func(keyLine)) {
	if !b.safe(path) {
		return
	}
	text, err := readFile(path)
	if err != nil {
		b.find(true, "The keys cannot be read: "+cause(err), path, "correct the path in [ssh], and who may read it")
		return
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, maxFile)
	for number := 1; lines.Scan(); number++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		key, comment, options, _, err := ssh.ParseAuthorizedKey(line)
		if err != nil {
			b.find(true, "This is no public key", fmt.Sprintf("%s line %d", path, number), "write it as a .pub file has it")
			continue
		}
		do(keyLine{number, key, strings.TrimSpace(comment), options})
	}
}

// safe reports whether nobody but its owner can put keys into a file or folder. What
// others can write lets nobody in.
func (b *builder) safe(path string) bool {
	if runtime.GOOS == "windows" {
		return true
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return true // reading it says why
	}
	for _, p := range append([]string{filepath.Dir(path), target}, above(target)...) {
		info, err := os.Stat(p)
		if err != nil {
			return true
		}
		const others, sticky = 0o022, fs.ModeSticky
		shared := p != target && info.Mode()&sticky != 0 // others can add to it, and not replace what is there
		if info.Mode().Perm()&others != 0 && !shared {
			b.find(true, fmt.Sprintf("Others can change keys (mode %04o), so none of them is used", info.Mode().Perm()), p, "run chmod go-w "+p)
			return false
		}
	}
	return true
}

// above returns the folders that a path is in, from the nearest to the root.
func above(path string) []string {
	var all []string
	for dir := filepath.Dir(path); dir != path; path, dir = dir, filepath.Dir(dir) {
		all = append(all, dir)
	}
	return all
}

// lookAtPeople notes who cannot come in although the configuration names them.
func (b *builder) lookAtPeople(cfg config.Config) {
	for _, p := range cfg.People {
		if !b.r.canCome(p) && p.Local == "" {
			b.find(true, "Nothing lets this person in", p.Name, "give them keys, or principals of certificates with ca in [ssh], or local")
		}
		if b.r.canCome(p) && cfg.SSH.Second == config.SecondTOTP {
			if _, err := secretOf(p); err != nil {
				b.find(true, "The second factor of this person cannot be asked: "+cause(err), p.Name,
					"name in totp_file a file for you alone (chmod 600) that holds their secret in base32")
			}
		}
	}
	if len(b.r.cas) == 0 && slices.ContainsFunc(cfg.People, func(p config.Person) bool { return len(p.Principals) > 0 }) {
		b.find(false, "Principals are named, and no authority is trusted", "[ssh]", "name with ca the file of its public key")
	}
}

// maxFile is far above any file of keys.
const maxFile = 1 << 20

var errTooLarge = errors.New("it is larger than 1 MiB")

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = errTooLarge
	}
	return text, err
}

// cause says why the system refused something, without the call and the path.
func cause(err error) string {
	var refused *fs.PathError
	if errors.As(err, &refused) {
		err = refused.Err
	}
	return err.Error()
}

// quoted shows a name from a file.
func quoted(text string) string { return fmt.Sprintf("%.64q", text) }
