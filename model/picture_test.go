package model_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
)

func TestWhichPicturesASessionHas(t *testing.T) {
	so := &model.Session{Images: []model.Image{{Type: "selfie", Count: 1}, {Type: "signature", Count: 2}}}
	require.Equal(t, []model.PictureRef{{Type: "selfie"}, {Type: "signature"}, {Type: "signature", N: 1}}, so.Pictures())
	require.Empty(t, so.SecondIDPictures())
	require.Len(t, so.UnlistedPictures(), 5)
	front := model.PictureRef{Type: "secondId.croppedFrontID"}
	so.OCR2 = []model.Field{{Name: "documentNumber"}}
	require.Contains(t, so.SecondIDPictures(), front)
	so.OCR2, so.Images = nil, []model.Image{{Type: "secondId", Count: 1}}
	require.Contains(t, so.UnlistedPictures(), front)
	require.Equal(t, "signature 2", model.PictureRef{Type: "signature", N: 1}.String())
}
