package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"docket/cli/output"
	"docket/desk"
	"docket/model"
	"docket/omni"
)

// imagesFlags are what `docket images` was asked for.
type imagesFlags struct {
	types  []string
	save   desk.SaveOptions
	output *choice
}

func (a *app) images() *cobra.Command {
	var f imagesFlags
	cmd := &cobra.Command{
		Use:   "images ID",
		Short: "Save the pictures of a session",
		Long: "Saves the pictures of a session into a folder: those of the named types, or all there\n" +
			"are. The folder is for you alone when it is made here, and so is every file. Names are\n" +
			"made from id and type; a file that is there already stays as it is, unless --force is\n" +
			"given. A file is there whole or not at all.\n\n" +
			"The output has a line a file, with its SHA-256, as sha256sum writes and checks them.\n" +
			"A picture that could not be saved is told on standard error, the others are saved; then\n" +
			"the exit code is 1. Pictures show people: delete them when they have served.",
		Example: "  docket images 5f9a41c2d3b0e7a1b2c3d4e5\n" +
			"  docket images 5f9a41c2d3b0e7a1b2c3d4e5 --type croppedIDFace,croppedFace --dir case\n" +
			"  docket images 5f9a41c2d3b0e7a1b2c3d4e5 -o json | jq -r '.files[].sha256'",
		Args: oneID,
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("type") && (len(f.types) == 0 || slices.Contains(f.types, "")) {
				return usage("A type of picture has no name", "--type", "see `docket show "+args[0]+"` for what there is")
			}
			return a.runImages(cmd.Context(), args[0], f)
		},
	}
	cmd.Flags().StringSliceVar(&f.types, "type", nil, "`TYPE` of picture, as docket show lists them; again or with commas for more")
	cmd.Flags().StringVar(&f.save.Dir, "dir", "", "folder to save into (by default one here, named by the id)")
	cmd.Flags().BoolVar(&f.save.Force, "force", false, "overwrite files that are there")
	f.output = outputFlag(cmd, "text", "json")
	complete(cmd, "type", omni.ImageTypes()...)
	completeWith(cmd, "dir", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	})
	return cmd
}

func (a *app) runImages(ctx context.Context, id string, f imagesFlags) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if cfg.NoImages {
		return model.NewProblem(model.KindGuard, "Pictures are switched off, nothing was asked for", "no_images from "+cfg.Sources["no_images"], "take it away to save pictures")
	}
	if f.save.Dir, err = folderFor(f.save.Dir, id); err != nil {
		return err
	}
	w, err := a.wire(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.seat.Needs(desk.MayPicture); err != nil {
		return err
	}
	a.spareMemory(memoryInSight)
	so := w.seat.Read(ctx, id, model.PartImages)
	if ctx.Err() != nil {
		return stopped(ctx.Err(), "The pictures were not saved", id)
	}
	if p := so.Parts[model.PartImages].Problem; p != nil {
		return onRead(about(p, id))
	}
	list := a.savePictures(ctx, w.seat, id, wanted(so, f.types), f)
	if f.output.value == "json" {
		err = output.SavedJSON(a.env.Stdout, id, list)
	} else {
		err = output.SavedLines(a.env.Stdout, a.harmless(list))
	}
	if err != nil {
		return failed(err)
	}
	if slices.ContainsFunc(list, func(p model.SavedPicture) bool { return p.Problem != nil }) {
		return exits(model.ExitFailed)
	}
	return nil
}

// folderFor is where pictures are saved: a folder here, named by the id, unless
// another one was named.
func folderFor(dir, id string) (string, error) {
	if !strings.HasPrefix(dir, "~") {
		return cmp.Or(dir, id), nil
	}
	return desk.FolderPath(dir)
}

// harmless is the list with paths that a terminal can be shown: the folder is
// what somebody typed. A pipe gets them as they are.
func (a *app) harmless(list []model.SavedPicture) []model.SavedPicture {
	if !a.env.OutTerminal {
		return list
	}
	shown := slices.Clone(list)
	for i := range shown {
		shown[i].Path = safe(shown[i].Path)
	}
	return shown
}

// wanted are the pictures to save: of the named types all that the list has, of
// one that it does not have the first; without types all there are.
func wanted(so *model.Session, types []string) []model.PictureRef {
	listed := so.Pictures()
	if len(types) == 0 {
		return append(listed, so.SecondIDPictures()...)
	}
	var refs []model.PictureRef
	for _, name := range unique(types) {
		known := false
		for _, ref := range listed {
			if strings.EqualFold(ref.Type, name) {
				refs, known = append(refs, ref), true
			}
		}
		if !known {
			refs = append(refs, model.PictureRef{Type: name})
		}
	}
	return refs
}

// savePictures saves pictures, tells of each as it is done, and returns them in
// the order asked for. What was only tried, and turned out not to be there, is
// no failure and not among them.
func (a *app) savePictures(ctx context.Context, seat *desk.Seat, id string, refs []model.PictureRef, f imagesFlags) []model.SavedPicture {
	if len(refs) == 0 {
		a.say("The session has no pictures.")
	}
	tried := func(p model.SavedPicture) bool {
		return len(f.types) == 0 && strings.HasPrefix(p.Ref.Type, model.SecondID) && p.Problem != nil && p.Problem.Kind == model.KindNotFound
	}
	var list []model.SavedPicture
	done := 0
	for p := range seat.SavePictures(ctx, id, refs, f.save) {
		done++
		switch {
		case tried(p):
			continue
		case p.Problem != nil:
			a.tell(p.Problem)
		default:
			a.say(fmt.Sprintf("%d of %d  %s  %d kB", done, len(refs), p.Ref, (p.Bytes+999)/1000))
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(x, y model.SavedPicture) int { return slices.Index(refs, x.Ref) - slices.Index(refs, y.Ref) })
	return list
}
