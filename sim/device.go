package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

// device is what the applicant used, and where it said it was.
type device struct {
	kind            string // WEBAPP, IOS or ANDROID
	model, os       string
	browser         string // empty for native applications
	hash            string // 64 hexadecimal characters
	ip              string
	country         *country
	place           place
	lat, lon        float64
	located         bool
	screen, vendor  string
	language, agent string
}

// handset is a model with what its fingerprint shows.
type handset struct{ kind, model, os, browser, screen, vendor, agent string }

var handsets = []handset{
	{"WEBAPP", "iPhone 14", "iOS 17.5", "Safari 17.5", "390x844", "Apple GPU", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"},
	{"WEBAPP", "SM-A546B", "Android 14", "Chrome 126", "412x915", "Mali-G68", "Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"},
	{"WEBAPP", "Macintosh", "macOS 14", "Chrome 126", "1512x982", "Apple M2", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"},
	{"IOS", "iPhone 12", "iOS 16.7", "", "390x844", "Apple GPU", "SimBank/4.2 (iPhone; iOS 16.7)"},
	{"IOS", "iPhone 15 Pro", "iOS 18.0", "", "393x852", "Apple GPU", "SimBank/4.3 (iPhone; iOS 18.0)"},
	{"ANDROID", "Pixel 8", "Android 15", "", "412x915", "Mali-G715", "SimBank/4.3 (Android 15; Pixel 8)"},
	{"ANDROID", "moto g54", "Android 13", "", "412x919", "IMG BXM-8-256", "SimBank/4.1 (Android 13; moto g54)"},
}

// testNetworks are the address ranges set aside for documentation.
var testNetworks = []string{"203.0.113", "198.51.100", "192.0.2"}

// newDevice is the applicant's, or the one shared within the block's group.
func newDevice(p *population, pr *profile, blk *block, at int) device {
	r := p.rng(pr.index, "device")
	if key := blk.devices[at]; key >= 0 {
		r = p.rng(key, "shared device")
	}
	h := pick(r, handsets)
	d := device{
		kind: h.kind, model: h.model, os: h.os, browser: h.browser, screen: h.screen, vendor: h.vendor,
		agent: h.agent, hash: hashText(fmt.Sprint(r.Uint64())), ip: address(r), located: r.IntN(12) > 0,
	}
	if key := blk.ips[at]; key >= 0 {
		d.ip = address(p.rng(key, "shared address"))
	}
	d.language = pr.person.country.language
	d.move(pr.person.country, pr.person.place)
	return d
}

func address(r *rand.Rand) string {
	return fmt.Sprintf("%s.%d", pick(r, testNetworks), 1+r.IntN(254))
}

func hashText(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// move puts the device somewhere, a little off the middle of the town. The
// offset comes from the hash, so that it stays the same device.
func (d *device) move(c *country, at place) {
	off := float64(d.hash[0])*0.0004 - 0.03
	d.country, d.place = c, at
	d.lat, d.lon = math.Round((at.lat+off)*1e6)/1e6, math.Round((at.lon-off)*1e6)/1e6
}

// info is the answer of Fetch device info. The reference types location fields
// as optional: a device that refused to tell has none of them.
func (d *device) info(withData bool) object {
	o := object{{"ipAddress", d.ip}, {"hash", d.hash}, {"deviceType", d.kind}}
	if d.located {
		o = append(o, object{
			{"longitude", d.lon},
			{"latitude", d.lat},
			{"location", d.place.city + ", " + d.place.state + ", " + d.country.name},
			{"mAdminArea", d.place.state},
			{"mLocality", d.place.city},
			{"mPostalCode", d.place.postal},
			{"mCountryCode", d.country.alpha2},
			{"mCountryName", d.country.name},
		}...)
	} else {
		o = append(o, field{"longitude", nil}, field{"latitude", nil}, field{"location", nil})
	}
	if withData {
		o.add("data", d.data())
	}
	return o
}

// data is the string of what enters the hash.
func (d *device) data() string {
	pairs := []object{
		{{"key", "userAgent"}, {"value", d.agent}},
		{{"key", "language"}, {"value", d.language}},
		{{"key", "colorDepth"}, {"value", 24}},
		{{"key", "hardwareConcurrency"}, {"value", 6}},
		{{"key", "screenResolution"}, {"value", strings.ReplaceAll(d.screen, "x", ",")}},
		{{"key", "timezone"}, {"value", d.place.zone}},
		{{"key", "platform"}, {"value", d.model}},
		{{"key", "osVersion"}, {"value", d.os}},
		{{"key", "browser"}, {"value", d.browser}},
		{{"key", "webglVendorAndRenderer"}, {"value", d.vendor}},
		{{"key", "webdriver"}, {"value", false}},
		{{"key", "hasLiedOs"}, {"value", false}},
		{{"key", "touchSupport"}, {"value", d.model != "Macintosh"}},
	}
	text, err := encode(pairs)
	if err != nil {
		return ""
	}
	return string(text)
}
