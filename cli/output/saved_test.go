package output

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
)

func savedOnes() []model.SavedPicture {
	return []model.SavedPicture{
		{Ref: model.PictureRef{Type: "selfie"}, Path: "case/a-selfie.jpg", Bytes: 12, SHA256: "abc", Media: model.MediaJPEG},
		{Ref: model.PictureRef{Type: "signature", N: 1}, Problem: &model.Problem{Kind: model.KindNotFound, Message: "not there", HTTP: 404}},
	}
}

func TestSavedJSONHasAnEntryAFile(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, SavedJSON(&b, "a", savedOnes()))
	require.JSONEq(t, `{"id": "a",
		"files": [{"type": "selfie", "n": 1, "path": "case/a-selfie.jpg", "media": "image/jpeg", "bytes": 12, "sha256": "abc"}],
		"problems": [{"type": "signature", "n": 2, "kind": "notfound", "http": 404, "code": 0, "message": "not there"}]}`, b.String())
	b.Reset()
	require.NoError(t, SavedJSON(&b, "a", nil))
	require.JSONEq(t, `{"id": "a", "files": [], "problems": []}`, b.String())
}

func TestSavedLinesAreForSha256sum(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, SavedLines(&b, savedOnes()))
	require.Equal(t, "abc  case/a-selfie.jpg\n", b.String())
}
