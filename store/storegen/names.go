package storegen

import "strings"

// land is where a document is from, with names as people there write them.
type land struct {
	alpha2, alpha3 string
	document       string
	given, family  []string
	between        string
	familyFirst    bool
	second         bool // a second family name is common
}

func words(s string) []string { return strings.Fields(s) }

var (
	iberianGiven = words(`María José Juan Luis Ana Carlos Lucía Jorge Fernanda Miguel Sofía Pedro Valentina Diego Camila
		Javier Ximena Andrés Renata Ricardo Daniela Raúl Itzel Óscar Úrsula Íñigo Ángel Begoña Nuño Zoraida`)
	iberianFamily = words(`García Hernández Martínez López González Pérez Rodríguez Sánchez Ramírez Flores Torres Rivera
		Gómez Díaz Reyes Morales Ortega Ríos Mendoza Ruiz Álvarez Castillo Núñez Ibáñez Quispe Mamani Zúñiga Peña Yáñez Urrutia`)
	portugueseGiven  = words(`João Maria Ana José Antônio Francisca Paulo Luiz Márcia Conceição Fábio Inês Gonçalo Tomás Beatriz`)
	portugueseFamily = words(`Silva Santos Souza Oliveira Lima Pereira Ferreira Costa Rodrigues Almeida Araújo Gonçalves Magalhães Simões`)
	englishGiven     = words(`James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Susan Zoë Sinéad Wendy Noah`)
	englishFamily    = words(`Smith Johnson Williams Brown Jones Miller Davis O'Brien O’Neill Wilson Anderson Taylor Moore Lee Young King`)
	northernGiven    = words(`Søren Åsa Björn Łukasz Małgorzata Jürgen Käthe Ødegård Þóra Đorđe Šárka Żaneta Hélène François Noël Anaïs`)
	northernFamily   = words(`Müller Weiß Groß Kowalski Wiśniewski Nowak Dvořák Jørgensen Ångström Lindström Þórsdóttir Đukić Lefèvre Çelik Yılmaz Bœuf`)
	cyrillicGiven    = words(`Анна Иван Ольга Сергей Наталья Дмитрий Алёна Юрий Оксана Тарас Їжак Ґалина Фёдор`)
	cyrillicFamily   = words(`Иванова Петренко Шевченко Кузнецова Смирнов Попова Соколов Ковальчук Бондаренко Щербак`)
	greekGiven       = words(`Γιώργος Μαρία Κωνσταντίνος Ελένη Νικόλαος Αικατερίνη Άγγελος Ιωάννης`)
	greekFamily      = words(`Παπαδόπουλος Παππάς Καραγιάννης Βλάχος Ιωαννίδης Οικονόμου`)
	arabicGiven      = words(`محمد فاطمة أحمد عائشة علي خديجة يوسف مريم إبراهيم نور`)
	arabicFamily     = words(`الحداد السيد المصري العلي حسين الخطيب منصور القاسم`)
	hebrewGiven      = words(`נועה יוסף תמר דוד מיכל אברהם שרה`)
	hebrewFamily     = words(`כהן לוי מזרחי פרץ ביטון אברהם`)
	hindiGiven       = words(`प्रिया राहुल अनीता विजय सुनीता अमित दीपिका मोहन`)
	hindiFamily      = words(`शर्मा वर्मा गुप्ता सिंह कुमार पटेल मिश्रा`)
	japaneseGiven    = words(`太郎 花子 翔太 美咲 健一 愛子 さくら ひなた 大輔 由美子 タケシ`)
	japaneseFamily   = words(`田中 佐藤 鈴木 高橋 伊藤 渡辺 山本 中村 小林 加藤 佐々木 長谷川`)
	chineseGiven     = words(`伟 芳 秀英 敏 静 丽 强 磊 洋 艳 志明 淑芬`)
	chineseFamily    = words(`王 李 张 刘 陈 杨 黄 赵 吴 周 歐陽 司馬`)
	koreanGiven      = words(`민준 서연 지훈 수빈 도윤 하은 예준 지우`)
	koreanFamily     = words(`김 이 박 최 정 강 조 윤`)
	thaiGiven        = words(`สมชาย สมหญิง ประเสริฐ วิไล กิตติ มาลี ณัฐวุฒิ พรทิพย์`)
	thaiFamily       = words(`ใจดี รักไทย ศรีสุข แสงทอง บุญมี ทองคำ`)
	khmerGiven       = words(`សុខា ចាន់ថា ដារ៉ា បុប្ផា`)
	khmerFamily      = words(`កែវ សុខ ហេង លឹម`)
	burmeseGiven     = words(`အောင် မြင့် ခင် သီတာ`)
	burmeseFamily    = words(`မောင် ဝင်း ထွန်း လွင်`)
)

var lands = []land{
	{"MX", "MEX", "VoterIdentification", iberianGiven, iberianFamily, " ", false, true},
	{"BR", "BRA", "IdentificationCard", portugueseGiven, portugueseFamily, " ", false, true},
	{"US", "USA", "DriversLicense", englishGiven, englishFamily, " ", false, false},
	{"ES", "ESP", "IdentificationCard", iberianGiven, iberianFamily, " ", false, true},
	{"PE", "PER", "IdentificationCard", iberianGiven, iberianFamily, " ", false, true},
	{"DE", "DEU", "Passport", northernGiven, northernFamily, " ", false, false},
	{"JP", "JPN", "Passport", japaneseGiven, japaneseFamily, "", true, false},
	{"UA", "UKR", "Passport", cyrillicGiven, cyrillicFamily, " ", false, false},
	{"CN", "CHN", "IdentificationCard", chineseGiven, chineseFamily, "", true, false},
	{"EG", "EGY", "IdentificationCard", arabicGiven, arabicFamily, " ", false, true},
	{"KR", "KOR", "Passport", koreanGiven, koreanFamily, "", true, false},
	{"IN", "IND", "Passport", hindiGiven, hindiFamily, " ", false, false},
	{"TH", "THA", "IdentificationCard", thaiGiven, thaiFamily, " ", false, false},
	{"GR", "GRC", "Passport", greekGiven, greekFamily, " ", false, false},
	{"IL", "ISR", "Passport", hebrewGiven, hebrewFamily, " ", false, false},
	{"KH", "KHM", "Passport", khmerGiven, khmerFamily, " ", true, false},
	{"MM", "MMR", "Passport", burmeseGiven, burmeseFamily, " ", true, false},
}

var (
	tags     = words("vip watch second-look branch-visit escalated 要確認 прошу-ждать")
	branches = []string{"Centro Histórico", "São Paulo 12", "渋谷支店", "Köln-Süd", "สาขาสยาม", "Branch 7"}
)
