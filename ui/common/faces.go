package common

// FaceTest is a number that Incode has about the face, with the words that the
// reference has for it.
type FaceTest struct {
	Section, Key string
	Name, Says   string
	Pair         string // what it says of the ID face and the selfie beside each other; empty: nothing
}

// FaceTests are the numbers about the face, in the order in which they are shown.
func FaceTests() []FaceTest {
	const (
		face, live, video = "faceRecognition", "liveness", "videoConference"
		genuine           = "confidence that the person is real"
	)
	return []FaceTest{
		{face, "overall", "face match", "ID against selfie", "ID face against selfie"},
		{live, "livenessScore", "liveness", "high is real", genuine},
		{live, "liveness_score", "liveness", "high is real", genuine}, // in another example of the reference
		{face, "maskCheck", "mask", "0 is none worn", ""},
		{face, "lensesCheck", "lenses", "whether worn", ""},
		{face, "faceBrightness", "light", "brightness", ""},
		{face, "nameMatch", "name", "against earlier", ""},
		{"faceRecognitionSecondId", "overall", "second ID", "ID 2 against selfie", ""},
		{video, "videoSelfieFaceRecognition", "video face", "ID against video", ""},
		{video, "videoSelfieLiveness", "video live", "high is real", ""},
	}
}
