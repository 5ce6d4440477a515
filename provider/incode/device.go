package incode

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"docket/model"
	"docket/omni"
)

// deviceClasses says what kind of personal data the answer of "Fetch device
// info" holds. Of what is not listed nobody knows what it tells.
var deviceClasses = map[string]model.Class{
	"mAdminArea": model.ClassPlace, "mSubAdminArea": model.ClassPlace, "mLocality": model.ClassPlace,
	"mSubLocality": model.ClassPlace, "mThoroughfare": model.ClassPlace, "mSubThoroughfare": model.ClassPlace,
	"mPostalCode": model.ClassPlace,
}

// deviceHeads are the members that have a place of their own in the model.
var deviceHeads = []string{"ipAddress", "hash", "deviceType", "deviceModel", "longitude", "latitude", "location", "mCountryCode"}

// mapDevice reads the answer of "Fetch device info". All of it is what the
// device said; the API does not locate IP addresses.
func mapDevice(n omni.Node, b *border) (*model.Device, *model.Problem) {
	if n.Kind != omni.Object {
		return nil, wrongShape(model.PartDevice, "the answer holds no device")
	}
	d := &model.Device{
		Type: b.text("deviceType", n.Get("deviceType")), Model: b.text("deviceModel", n.Get("deviceModel")),
		IP:       b.personal("ipAddress", model.ClassDevice, n.Get("ipAddress")),
		Hash:     b.personal("hash", model.ClassDevice, n.Get("hash")),
		Location: b.personal("location", model.ClassPlace, n.Get("location")),
		Latitude: degrees(n.Get("latitude"), 90), Longitude: degrees(n.Get("longitude"), 180),
		Country: strings.ToUpper(b.text("mCountryCode", n.Get("mCountryCode"))),
	}
	w := &fieldWalk{b: b, class: deviceClass}
	for _, m := range members(n) {
		if !slices.Contains(deviceHeads, m.Key) {
			w.value(m.Key, unfold(m.Value))
		}
	}
	d.Data = w.fields
	return d, nil
}

// versionLike is what a version of a system or a library looks like.
var versionLike = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,4}){0,3}$`)

func deviceClass(name, value string) model.Class {
	if c, ok := deviceClasses[name]; ok {
		return c
	}
	switch name {
	case "mCountryName":
		return closedUnless(isCountry(value))
	case "osVersion", "sdkVersion":
		return closedUnless(versionLike.MatchString(value))
	}
	return model.ClassOther
}

func closedUnless(open bool) model.Class {
	if open {
		return model.ClassNone
	}
	return model.ClassOther
}

// unfold reads a text that is itself JSON: the device's data comes as the
// "string representation of a map".
func unfold(n omni.Node) omni.Node {
	if n.Kind != omni.String || !strings.HasPrefix(strings.TrimSpace(n.Text), "{") && !strings.HasPrefix(strings.TrimSpace(n.Text), "[") {
		return n
	}
	if !json.Valid([]byte(n.Text)) {
		return n
	}
	inner, err := omni.ParseNode([]byte(n.Text))
	if err != nil {
		return n
	}
	return inner
}

func degrees(n omni.Node, limit float64) *float64 {
	if !n.Scalar() {
		return nil
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(n.Text), 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > limit {
		return nil
	}
	return &f
}
