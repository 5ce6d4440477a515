package desk_test

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
)

var selfie = model.PictureRef{Type: "selfie"}

// counted answers with pictures of a size and counts how often it was asked.
func counted(b *bench, size int) *atomic.Int64 {
	var n atomic.Int64
	b.provider.set(func(p *faultyProvider) {
		p.pictures = func(_ context.Context, id string, ref model.PictureRef) (model.Picture, *model.Problem) {
			n.Add(1)
			return madePicture(id, ref, size), nil
		}
	})
	return &n
}

func TestAPictureIsFetchedOnce(t *testing.T) {
	b := newBench(t)
	asked := counted(b, 0)
	for range 3 {
		p, err := b.Picture(t.Context(), id1, selfie)
		require.NoError(t, err)
		require.Equal(t, madePicture(id1, selfie, 0), p)
	}
	assert.EqualValues(t, 1, asked.Load())
	_, err := b.Picture(t.Context(), id2, selfie)
	require.NoError(t, err)
	_, err = b.Picture(t.Context(), id1, model.PictureRef{Type: "selfie", N: 1})
	require.NoError(t, err)
	assert.EqualValues(t, 3, asked.Load(), "another session and another number are other pictures")

	b.DropPictures(id2)
	_, err = b.Picture(t.Context(), id1, selfie)
	require.NoError(t, err)
	assert.EqualValues(t, 3, asked.Load())
	b.DropPictures(id1)
	_, err = b.Picture(t.Context(), id1, selfie)
	require.NoError(t, err)
	assert.EqualValues(t, 4, asked.Load())
	b.DropPictures()
	_, err = b.Picture(t.Context(), id1, selfie)
	require.NoError(t, err)
	assert.EqualValues(t, 5, asked.Load())
}

// Memory has a bound in bytes; what was not looked at longest goes first.
func TestPicturesInMemoryHaveABound(t *testing.T) {
	b := newBench(t)
	asked := counted(b, 10<<20)
	see := func(n int) {
		_, err := b.Picture(t.Context(), id1, model.PictureRef{Type: "selfie", N: n})
		require.NoError(t, err)
	}
	for n := range 4 { // 40 of 48 MB
		see(n)
	}
	see(0)
	assert.EqualValues(t, 4, asked.Load())
	see(4) // pushes out 1
	see(0)
	assert.EqualValues(t, 5, asked.Load())
	see(1)
	assert.EqualValues(t, 6, asked.Load())
}

func TestAProblemIsNotKept(t *testing.T) {
	b := newBench(t)
	b.provider.set(func(p *faultyProvider) {
		p.pictures = func(context.Context, string, model.PictureRef) (model.Picture, *model.Problem) {
			return model.Picture{}, model.NewProblem(model.KindServer, "The picture's server failed", "selfie", "try again")
		}
	})
	_, err := b.Picture(t.Context(), id1, selfie)
	assert.Equal(t, model.KindServer, kindOf(t, err))
	counted(b, 0)
	_, err = b.Picture(t.Context(), id1, selfie)
	require.NoError(t, err)
}

// waiting is a provider whose pictures wait for a gate or the end of their fetch.
type waiting struct {
	begun, ended chan struct{}
	gate         chan struct{}
	n            atomic.Int64
}

func waits(b *bench) *waiting {
	w := &waiting{begun: make(chan struct{}, 9), ended: make(chan struct{}, 9), gate: make(chan struct{})}
	b.provider.set(func(p *faultyProvider) {
		p.pictures = func(ctx context.Context, id string, ref model.PictureRef) (model.Picture, *model.Problem) {
			w.n.Add(1)
			w.begun <- struct{}{}
			select {
			case <-w.gate:
				return madePicture(id, ref, 0), nil
			case <-ctx.Done():
				w.ended <- struct{}{}
				return model.Picture{}, model.NewProblem(model.KindUndone, "given up", "", "").Because(ctx.Err())
			}
		}
	})
	return w
}

func TestAFetchEndsWhenNobodyWaits(t *testing.T) {
	b := newBench(t)
	w := waits(b)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, err := b.Picture(ctx, id1, selfie)
		assert.Error(t, err)
	}()
	<-w.begun
	cancel()
	<-done
	<-w.ended
	close(w.gate)
	_, err := b.Picture(t.Context(), id1, selfie)
	require.NoError(t, err, "who asks next gets a fetch of its own")
}

func TestWhatIsDroppedWhileItComesIsNotKept(t *testing.T) {
	b := newBench(t)
	w := waits(b)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, err := b.Picture(context.Background(), id1, selfie)
		assert.NoError(t, err, "who waits still gets it")
	}()
	<-w.begun
	b.DropPictures(id1)
	close(w.gate)
	<-done
	_, err := b.Picture(t.Context(), id1, selfie)
	require.NoError(t, err)
	assert.EqualValues(t, 2, w.n.Load())
}

func TestPicturesThatAreNotAskedFor(t *testing.T) {
	b := newBench(t, func(c *desk.Config) { c.NoImages = true })
	switchedOff := counted(b, 0)
	_, err := b.Picture(t.Context(), id1, selfie)
	assert.Equal(t, model.KindGuard, kindOf(t, err))
	assert.Contains(t, err.Error(), "selfie of session")
	assert.Zero(t, switchedOff.Load())

	b = newBench(t)
	asked := counted(b, 0)
	_, err = b.Picture(t.Context(), "../x", selfie)
	assert.Equal(t, model.KindUsage, kindOf(t, err))
	blind := b.desk.As(model.Actor{Identity: "os:eve", Role: "somebody"})
	_, err = blind.Picture(t.Context(), id1, selfie)
	assert.Equal(t, model.KindForbidden, kindOf(t, err), "also what is in memory for others")
	assert.Zero(t, asked.Load())
}

func TestPicturesOfADeletedSessionAreGone(t *testing.T) {
	b := newBench(t)
	b.Add(t.Context(), []string{id1})
	asked := counted(b, 0)
	_, err := b.Picture(t.Context(), id1, selfie)
	require.NoError(t, err)
	_, err = b.Do(t.Context(), model.Action{Kind: model.ActDelete, IDs: []string{id1}, KeepIdentity: true})
	require.NoError(t, err)
	_, err = b.Picture(t.Context(), id1, selfie)
	assert.Equal(t, model.KindGuard, kindOf(t, err))
	assert.Contains(t, err.Error(), "deleted")
	assert.EqualValues(t, 1, asked.Load())
}

// filesIn reads the files of a folder, by path.
func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	all := map[string]string{}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		body, err := os.ReadFile(path)
		require.NoError(t, err)
		all[path] = string(body)
	}
	return all
}

func collect(ch <-chan model.SavedPicture) map[string]model.SavedPicture {
	all := map[string]model.SavedPicture{}
	for s := range ch {
		all[s.Ref.String()] = s
	}
	return all
}

func TestPicturesAreSavedInParallelAndEachIsAnswered(t *testing.T) {
	b := newBench(t)
	refs := []model.PictureRef{selfie, selfie}
	for n := range 20 {
		refs = append(refs, model.PictureRef{Type: "signature", N: n})
	}
	dir := t.TempDir()
	all := collect(b.SavePictures(t.Context(), id1, refs, desk.SaveOptions{Dir: dir}))
	require.Len(t, all, 21, "one that is named twice is saved once")
	require.Len(t, filesIn(t, dir), 21)
	for name, s := range all {
		require.Nil(t, s.Problem, name)
		p := madePicture(id1, s.Ref, 0)
		require.Equal(t, p.SHA256, s.SHA256)
		require.Equal(t, len(p.Body), s.Bytes)
		require.Equal(t, model.MediaPNG, s.Media)
		require.Equal(t, string(p.Body), filesIn(t, dir)[s.Path])
	}
	again := collect(b.SavePictures(t.Context(), id1, refs[:1], desk.SaveOptions{Dir: dir}))
	require.Contains(t, again["selfie"].Problem.Message, "there already")
	require.Contains(t, again["selfie"].Problem.Subject, id1+"-selfie.png")
	require.Empty(t, again["selfie"].Path)
	forced := collect(b.SavePictures(t.Context(), id1, refs[:1], desk.SaveOptions{Dir: dir, Force: true}))
	require.Nil(t, forced["selfie"].Problem)
}

func TestSavingLeavesMemoryAsItIs(t *testing.T) {
	b := newBench(t)
	asked := counted(b, 10<<20)
	_, err := b.Picture(t.Context(), id1, selfie)
	require.NoError(t, err)
	refs := []model.PictureRef{selfie}
	for n := range 6 {
		refs = append(refs, model.PictureRef{Type: "signature", N: n})
	}
	collect(b.SavePictures(t.Context(), id1, refs, desk.SaveOptions{Dir: t.TempDir()}))
	assert.EqualValues(t, 7, asked.Load(), "what is in memory is not fetched again")
	_, err = b.Picture(t.Context(), id1, selfie)
	require.NoError(t, err)
	assert.EqualValues(t, 7, asked.Load(), "nor pushed out by what is only written")
}

func TestSavingThatIsGivenUpWritesNothing(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	b.provider.set(func(p *faultyProvider) {
		p.pictures = func(_ context.Context, id string, ref model.PictureRef) (model.Picture, *model.Problem) {
			cancel()
			return madePicture(id, ref, 0), nil
		}
	})
	dir := t.TempDir()
	var refs []model.PictureRef
	for n := range 9 {
		refs = append(refs, model.PictureRef{Type: "signature", N: n})
	}
	all := collect(b.SavePictures(ctx, id1, refs, desk.SaveOptions{Dir: dir}))
	require.Len(t, all, 9)
	for _, s := range all {
		require.Equal(t, model.KindUndone, s.Problem.Kind)
	}
	require.Empty(t, filesIn(t, dir))
}

func TestNamesOfFiles(t *testing.T) {
	for want, ref := range map[string]model.PictureRef{
		"abc-selfie.jpg":                  selfie,
		"abc-signature-3.jpg":             {Type: "signature", N: 2},
		"abc-secondId-croppedFrontID.jpg": {Type: model.SecondID + "croppedFrontID"},
		"abc-secondId.jpg":                {Type: "secondId"},
		"abc-other-3647b318.jpg":          {Type: "../../../evil"},
	} {
		assert.Equal(t, want, desk.FileName("abc", ref, model.MediaJPEG))
	}
	assert.NotEqual(t, desk.FileName("a", model.PictureRef{Type: "é"}, ""), desk.FileName("a", model.PictureRef{Type: "è"}, ""))
	assert.Equal(t, "a-selfie.bin", desk.FileName("a", selfie, "text/html"))
}

// Whatever a server calls a type, the name of the file is harmless.
func FuzzFileName(f *testing.F) {
	for _, seed := range []string{"selfie", "../../../evil", "secondId.x", "secondId.../x", "a/b", `a\b`, "a\x00b", "CON", "é", "", ".", "x:y", "\u202e", "-rf"} {
		f.Add("5f9a41c2aabbccddeeffb7e0", seed, 0)
	}
	f.Add("../../x", "selfie", 3)
	f.Fuzz(func(t *testing.T, id, kind string, n int) {
		name := desk.FileName(id, model.PictureRef{Type: kind, N: n}, model.MediaPNG)
		require.Regexp(t, `^[A-Za-z0-9_-]+\.png$`, name)
		require.LessOrEqual(t, len(name), len(id)+90)
		require.Equal(t, name, desk.FileName(id, model.PictureRef{Type: kind, N: n}, model.MediaPNG))
	})
}

func TestAFolderThatCannotBeWrittenIsTold(t *testing.T) {
	b := newBench(t)
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	all := collect(b.SavePictures(t.Context(), id1, []model.PictureRef{selfie}, desk.SaveOptions{Dir: path}))
	p := all["selfie"].Problem
	require.NotNil(t, p)
	assert.Equal(t, model.KindFailed, p.Kind)
	assert.NotEmpty(t, p.Do)
	assert.Contains(t, p.Message, "is no folder")
	assert.NotContains(t, p.Error(), "file exists")
}
