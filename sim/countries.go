package sim

// place is a town, with the coordinates a phone in it would report.
type place struct {
	city, state string
	lat, lon    float64
	postal      string
	zone        string // tz database name
}

// country is where documents are issued and people live.
type country struct {
	alpha3, alpha2, name string
	mrzCode              string // when it is not alpha3
	demonym              string // nationality as printed
	dial                 string // international prefix
	language             string // browser language
	streets              []string
	places               []place
}

// machine is the code used in machine-readable zones.
func (c *country) machine() string {
	if c.mrzCode != "" {
		return c.mrzCode
	}
	return c.alpha3
}

// countries are keyed by alpha-3 code.
var countries = map[string]*country{
	"MEX": {
		alpha3: "MEX", alpha2: "MX", name: "Mexico", demonym: "MEXICANA", dial: "+52", language: "es-MX",
		streets: words("AV INSURGENTES SUR,C MORELOS,CALZ DE TLALPAN,AV JUÁREZ,C 5 DE MAYO"),
		places: []place{
			{"CUAUHTÉMOC", "CDMX", 19.4326, -99.1332, "06000", "America/Mexico_City"},
			{"GUADALAJARA", "JAL", 20.6597, -103.3496, "44100", "America/Mexico_City"},
			{"MONTERREY", "NL", 25.6866, -100.3161, "64000", "America/Monterrey"},
			{"MÉRIDA", "YUC", 20.9674, -89.5926, "97000", "America/Merida"},
		},
	},
	"USA": {
		alpha3: "USA", alpha2: "US", name: "United States", demonym: "UNITED STATES OF AMERICA", dial: "+1", language: "en-US",
		streets: words("MAIN ST,MAPLE AVE,OAK DR,PEACHTREE LN,WASHINGTON BLVD"),
		places: []place{
			{"AUSTIN", "TX", 30.2672, -97.7431, "78701", "America/Chicago"},
			{"DENVER", "CO", 39.7392, -104.9903, "80202", "America/Denver"},
			{"ATLANTA", "GA", 33.7490, -84.3880, "30303", "America/New_York"},
		},
	},
	"BRA": {
		alpha3: "BRA", alpha2: "BR", name: "Brazil", demonym: "BRASILEIRA", dial: "+55", language: "pt-BR",
		streets: words("RUA DAS FLORES,AV PAULISTA,RUA SÃO JOÃO,TRAVESSA DA PAZ"),
		places: []place{
			{"SÃO PAULO", "SP", -23.5505, -46.6333, "01310-100", "America/Sao_Paulo"},
			{"RECIFE", "PE", -8.0476, -34.8770, "50010-000", "America/Recife"},
		},
	},
	"ESP": {
		alpha3: "ESP", alpha2: "ES", name: "Spain", demonym: "ESP", dial: "+34", language: "es-ES",
		streets: words("C MAYOR,PASEO DEL PRADO,C ALCALÁ,RONDA DE TOLEDO"),
		places:  []place{{"MADRID", "MADRID", 40.4168, -3.7038, "28013", "Europe/Madrid"}, {"SEVILLA", "ANDALUCÍA", 37.3891, -5.9845, "41001", "Europe/Madrid"}},
	},
	"FRA": {
		alpha3: "FRA", alpha2: "FR", name: "France", demonym: "Française", dial: "+33", language: "fr-FR",
		streets: words("RUE DES LILAS,AV DE LA RÉPUBLIQUE,IMPASSE DU MOULIN"),
		places:  []place{{"LYON", "AUVERGNE-RHÔNE-ALPES", 45.7640, 4.8357, "69002", "Europe/Paris"}, {"NANTES", "PAYS DE LA LOIRE", 47.2184, -1.5536, "44000", "Europe/Paris"}},
	},
	"DEU": {
		alpha3: "DEU", alpha2: "DE", name: "Germany", mrzCode: "D", demonym: "DEUTSCH", dial: "+49", language: "de-DE",
		streets: words("HAUPTSTRASSE,GARTENWEG,BÄCKERGASSE"),
		places:  []place{{"KÖLN", "NORDRHEIN-WESTFALEN", 50.9375, 6.9603, "50667", "Europe/Berlin"}, {"LEIPZIG", "SACHSEN", 51.3397, 12.3731, "04109", "Europe/Berlin"}},
	},
	"GBR": {
		alpha3: "GBR", alpha2: "GB", name: "United Kingdom", demonym: "BRITISH CITIZEN", dial: "+44", language: "en-GB",
		streets: words("HIGH STREET,STATION ROAD,CHURCH LANE"),
		places:  []place{{"LEEDS", "ENGLAND", 53.8008, -1.5491, "LS1 4DY", "Europe/London"}, {"CARDIFF", "WALES", 51.4816, -3.1791, "CF10 1EP", "Europe/London"}},
	},
	"JPN": {
		alpha3: "JPN", alpha2: "JP", name: "Japan", demonym: "JAPAN", dial: "+81", language: "ja-JP",
		streets: words("中央1丁目,本町2丁目,桜通3丁目"),
		places:  []place{{"大阪市", "大阪府", 34.6937, 135.5023, "530-0001", "Asia/Tokyo"}, {"横浜市", "神奈川県", 35.4437, 139.6380, "220-0011", "Asia/Tokyo"}},
	},
	"CHN": {
		alpha3: "CHN", alpha2: "CN", name: "China", demonym: "CHINESE", dial: "+86", language: "zh-CN",
		streets: words("人民路,中山路,解放路"),
		places:  []place{{"成都市", "四川省", 30.5728, 104.0668, "610000", "Asia/Shanghai"}, {"杭州市", "浙江省", 30.2741, 120.1551, "310000", "Asia/Shanghai"}},
	},
	"IND": {
		alpha3: "IND", alpha2: "IN", name: "India", demonym: "INDIAN", dial: "+91", language: "hi-IN",
		streets: words("MG ROAD,STATION ROAD,GANDHI NAGAR"),
		places:  []place{{"PUNE", "MAHARASHTRA", 18.5204, 73.8567, "411001", "Asia/Kolkata"}, {"JAIPUR", "RAJASTHAN", 26.9124, 75.7873, "302001", "Asia/Kolkata"}},
	},
	"ARE": {
		alpha3: "ARE", alpha2: "AE", name: "United Arab Emirates", demonym: "United Arab Emirates", dial: "+971", language: "ar-AE",
		streets: words("AL WASL RD,CORNICHE RD"),
		places:  []place{{"DUBAI", "DUBAI", 25.2048, 55.2708, "", "Asia/Dubai"}},
	},
	"EGY": {
		alpha3: "EGY", alpha2: "EG", name: "Egypt", demonym: "مصري", dial: "+20", language: "ar-EG",
		streets: words("شارع النيل,شارع الجمهورية"),
		places:  []place{{"القاهرة", "القاهرة", 30.0444, 31.2357, "11511", "Africa/Cairo"}},
	},
	"COL": {
		alpha3: "COL", alpha2: "CO", name: "Colombia", demonym: "COLOMBIANA", dial: "+57", language: "es-CO",
		streets: words("CALLE 26,CARRERA 7,DIAGONAL 45"),
		places:  []place{{"BOGOTÁ", "D.C.", 4.7110, -74.0721, "110111", "America/Bogota"}, {"MEDELLÍN", "ANTIOQUIA", 6.2442, -75.5812, "050001", "America/Bogota"}},
	},
	"PER": {
		alpha3: "PER", alpha2: "PE", name: "Peru", demonym: "PERUANA", dial: "+51", language: "es-PE",
		streets: words("JR PUNO,AV AREQUIPA,JR CUSCO"),
		places:  []place{{"LIMA", "LIMA", -12.0464, -77.0428, "15001", "America/Lima"}, {"AREQUIPA", "AREQUIPA", -16.4090, -71.5375, "04001", "America/Lima"}},
	},
	"ARG": {
		alpha3: "ARG", alpha2: "AR", name: "Argentina", demonym: "ARGENTINA", dial: "+54", language: "es-AR",
		streets: words("AV CORRIENTES,C SARMIENTO,BV OROÑO"),
		places:  []place{{"ROSARIO", "SANTA FE", -32.9442, -60.6505, "S2000", "America/Argentina/Cordoba"}},
	},
	"NGA": {
		alpha3: "NGA", alpha2: "NG", name: "Nigeria", demonym: "NIGERIAN", dial: "+234", language: "en-NG",
		streets: words("BROAD STREET,ALLEN AVENUE"),
		places:  []place{{"LAGOS", "LAGOS", 6.5244, 3.3792, "100001", "Africa/Lagos"}},
	},
	"KOR": {
		alpha3: "KOR", alpha2: "KR", name: "Korea", demonym: "REPUBLIC OF KOREA", dial: "+82", language: "ko-KR",
		streets: words("세종대로,중앙로"),
		places:  []place{{"부산광역시", "부산", 35.1796, 129.0756, "48940", "Asia/Seoul"}},
	},
	"RUS": {
		alpha3: "RUS", alpha2: "RU", name: "Russia", demonym: "РОССИЙСКАЯ ФЕДЕРАЦИЯ", dial: "+7", language: "ru-RU",
		streets: words("ул. Садовая,ул. Лесная"),
		places:  []place{{"Казань", "Татарстан", 55.7961, 49.1064, "420111", "Europe/Moscow"}},
	},
	"UKR": {
		alpha3: "UKR", alpha2: "UA", name: "Ukraine", demonym: "УКРАЇНА", dial: "+380", language: "uk-UA",
		streets: words("вул. Шкільна,вул. Садова"),
		places:  []place{{"Львів", "Львівська", 49.8397, 24.0297, "79000", "Europe/Kyiv"}},
	},
	"GRC": {
		alpha3: "GRC", alpha2: "GR", name: "Greece", demonym: "ΕΛΛΗΝΙΚΗ", dial: "+30", language: "el-GR",
		streets: words("ΟΔΟΣ ΕΡΜΟΥ,ΟΔΟΣ ΑΘΗΝΑΣ"),
		places:  []place{{"ΠΑΤΡΑ", "ΑΧΑΪΑ", 38.2466, 21.7346, "26221", "Europe/Athens"}},
	},
	"ISR": {
		alpha3: "ISR", alpha2: "IL", name: "Israel", demonym: "ישראלית", dial: "+972", language: "he-IL",
		streets: words("רחוב הרצל,שדרות רוטשילד"),
		places:  []place{{"חיפה", "חיפה", 32.7940, 34.9896, "3303139", "Asia/Jerusalem"}},
	},
	"THA": {
		alpha3: "THA", alpha2: "TH", name: "Thailand", demonym: "ไทย", dial: "+66", language: "th-TH",
		streets: words("ถนนสุขุมวิท,ถนนพหลโยธิน"),
		places:  []place{{"เชียงใหม่", "เชียงใหม่", 18.7883, 98.9853, "50000", "Asia/Bangkok"}},
	},
	"ITA": {
		alpha3: "ITA", alpha2: "IT", name: "Italy", demonym: "ITA", dial: "+39", language: "it-IT",
		streets: words("VIA ROMA,CORSO GARIBALDI"),
		places:  []place{{"TORINO", "PIEMONTE", 45.0703, 7.6869, "10121", "Europe/Rome"}},
	},
	"ROU": {
		alpha3: "ROU", alpha2: "RO", name: "Romania", demonym: "Română / ROU", dial: "+40", language: "ro-RO",
		streets: words("STR. LALELELOR,BD. UNIRII"),
		places:  []place{{"CLUJ-NAPOCA", "CLUJ", 46.7712, 23.6236, "400001", "Europe/Bucharest"}},
	},
}
