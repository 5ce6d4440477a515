package omni

import "context"

// Device is the answer of "Fetch device info". All of it is what the
// customer's device said about itself.
type Device struct {
	IPAddress   Text `omni:"ipAddress"`
	Hash        Text `omni:"hash"`
	DeviceType  Text `omni:"deviceType"` // WEBAPP, IOS or ANDROID
	Longitude   Num  `omni:"longitude"`  // degrees
	Latitude    Num  `omni:"latitude"`   // degrees
	Location    Text `omni:"location"`
	AdminArea   Text `omni:"mAdminArea"`
	SubAdmin    Text `omni:"mSubAdminArea"`
	Locality    Text `omni:"mLocality"`
	SubLocality Text `omni:"mSubLocality"`
	Street      Text `omni:"mThoroughfare"`
	HouseNumber Text `omni:"mSubThoroughfare"`
	PostalCode  Text `omni:"mPostalCode"`
	CountryCode Text `omni:"mCountryCode"`
	CountryName Text `omni:"mCountryName"`
	// Data is, by the reference, "string representation of map which contains
	// all data that enters the hash".
	Data Node `omni:"data"`
	Tree Node
}

// Device reads what is known of the device that a session was made on (Incode
// Omni API, Fetch device info), the data behind the hash included.
func (c *Client) Device(ctx context.Context, id string) (Answer[Device], error) {
	query := map[string]string{"id": id, "returnData": "true"}
	return call(ctx, c, EndpointDevice, args{query: query}, decodeDevice)
}

// A session without a fingerprint has no device: an empty object.
func decodeDevice(body []byte) (Device, error) {
	v, n, err := decode[Device](body, shape{empty: true})
	v.Tree = n
	return v, err
}
