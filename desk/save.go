package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"docket/desk/folder"
	"docket/model"
)

// SaveOptions say where pictures are saved.
type SaveOptions struct {
	Dir   string // made, for its owner only, when it is not there
	Force bool   // files that are there already are replaced
}

// FolderPath is the path of a folder that somebody typed, in full. ~ is the home
// folder, as in a shell, which leaves it to the program in --dir=~/case.
func FolderPath(typed string) (string, error) {
	if rest, ok := strings.CutPrefix(typed, "~"); ok {
		if rest != "" && !os.IsPathSeparator(rest[0]) {
			return "", model.NewProblem(model.KindUsage, "Only your own home folder is known here, as ~/", typed,
				"name the folder in full; one whose name begins so is ./"+typed)
		}
		home, err := os.UserHomeDir()
		if err != nil {
			return "", model.NewProblem(model.KindUsage, "The home folder is not known", typed, "name the folder in full").Because(err)
		}
		typed = filepath.Join(home, rest)
	}
	dir, err := filepath.Abs(typed)
	if err != nil {
		return "", model.NewProblem(model.KindFailed, "The folder could not be found", typed, "name it in full").Because(err)
	}
	return dir, nil
}

// saving is how many pictures are fetched and written side by side.
const saving = 4

// SavePictures saves pictures of a session in a folder, and sends what became of
// each as it is done; every picture gets an answer, also when ctx ends. Those that
// are in memory are not fetched again, and none stays in memory for it. The names
// of the files are made from id and type. A file is there whole or not at all.
func (s *Seat) SavePictures(ctx context.Context, id string, refs []model.PictureRef, o SaveOptions) <-chan model.SavedPicture {
	refs = unique(refs)
	out := make(chan model.SavedPicture, len(refs)) // so that nobody has to read to the end
	go func() {
		defer close(out)
		s.save(ctx, id, refs, o, out)
	}()
	return out
}

func unique(refs []model.PictureRef) []model.PictureRef {
	seen := map[model.PictureRef]bool{}
	var out []model.PictureRef
	for _, ref := range refs {
		if !seen[ref] {
			seen[ref] = true
			out = append(out, ref)
		}
	}
	return out
}

func (s *Seat) save(ctx context.Context, id string, refs []model.PictureRef, o SaveOptions, out chan<- model.SavedPicture) {
	var (
		dir  lazyFolder
		wg   sync.WaitGroup
		room = make(chan struct{}, saving)
	)
	for _, ref := range refs {
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			out <- s.saveOne(ctx, pictureKey{id, ref}, o, &dir)
		})
	}
	wg.Wait()
	dir.close()
}

// lazyFolder is made when there is something to put in it.
type lazyFolder struct {
	once sync.Once
	dir  *folder.Folder
	err  error
}

func (l *lazyFolder) open(path string) (*folder.Folder, error) {
	l.once.Do(func() { l.dir, l.err = folder.Open(path) })
	return l.dir, l.err
}

func (l *lazyFolder) close() {
	if l.dir != nil {
		_ = l.dir.Close() // every file in it is closed and synced
	}
}

func (s *Seat) saveOne(ctx context.Context, key pictureKey, o SaveOptions, dir *lazyFolder) model.SavedPicture {
	saved := model.SavedPicture{Ref: key.ref}
	if saved.Problem = s.farAway(key.ref.String()); saved.Problem != nil {
		return saved
	}
	p, problem := s.picture(ctx, key, false)
	if problem == nil && ctx.Err() != nil {
		problem = givenUp(ctx, key)
	}
	if problem != nil {
		saved.Problem = problem
		return saved
	}
	name := FileName(key.id, key.ref, p.Media)
	if err := s.Export(ctx, key.id, "picture "+key.ref.String()); err != nil {
		saved.Problem = model.AsProblem(err)
		return saved
	}
	into, err := dir.open(o.Dir)
	if err != nil {
		saved.Problem = noFolder(err, key)
		return saved
	}
	if err := into.Write(name, p.Body, o.Force); err != nil {
		saved.Problem = notSaved(err, key, name)
		return saved
	}
	saved.Path = filepath.Join(o.Dir, name)
	saved.Bytes, saved.SHA256, saved.Media = len(p.Body), p.SHA256, p.Media
	return saved
}

// noFolder is the problem of a picture that came and has no folder to go to.
func noFolder(err error, key pictureKey) *model.Problem {
	message := "The folder could not be made or opened"
	switch {
	case errors.Is(err, fs.ErrPermission):
		message += ": no permission"
	case errors.Is(err, syscall.ENOTDIR):
		message += ": something of that name is there, and is no folder"
	}
	return pictureProblem(model.KindFailed, message, key, "choose another folder").Because(err)
}

// notSaved is the problem of a picture that came and could not be written.
func notSaved(err error, key pictureKey, name string) *model.Problem {
	problem := func(message, do string) *model.Problem {
		p := pictureProblem(model.KindFailed, message, key, do).Because(err)
		p.Subject += ", " + name
		return p
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return problem("The file is there already, it was left as it is", "save into another folder, or overwrite with --force")
	case errors.Is(err, fs.ErrPermission):
		return problem("The picture could not be saved: no permission", "choose another folder")
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return problem("The picture could not be saved: no room", "make room, or choose another folder")
	default:
		return problem("The picture could not be saved", "check the folder, or choose another one")
	}
}

// plainType is what the name of a type has to be like to become part of a file's
// name: it comes from outside.
var plainType = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]{0,39}$`)

// extensions say how a file of each kind ends.
var extensions = map[model.Media]string{
	model.MediaJPEG: ".jpg", model.MediaPNG: ".png", model.MediaWebP: ".webp", model.MediaGIF: ".gif", model.MediaPDF: ".pdf",
}

// FileName names the file of a picture: id, type, number and kind, nothing that
// a server wrote. A type of another form than the API's own is called "other"
// with a number that follows from it, so that two such types are two files, and
// the same one is the same file tomorrow.
func FileName(id string, ref model.PictureRef, media model.Media) string {
	name := strings.Map(plainRune, id) + "-" + pictureName(ref)
	if ref.N > 0 {
		name += "-" + strconv.Itoa(ref.N+1)
	}
	return name + cmp.Or(extensions[media], ".bin")
}

func plainRune(r rune) rune {
	if r < 0x80 && (r == '-' || r == '_' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z') {
		return r
	}
	return '_'
}

// pictureName writes the type of a picture in characters that are harmless
// everywhere.
func pictureName(ref model.PictureRef) string {
	kind, second := strings.CutPrefix(ref.Type, model.SecondID)
	if !plainType.MatchString(kind) {
		sum := sha256.Sum256([]byte(ref.Type))
		return "other-" + hex.EncodeToString(sum[:4])
	}
	if second {
		return strings.TrimSuffix(model.SecondID, ".") + "-" + kind
	}
	return kind
}
