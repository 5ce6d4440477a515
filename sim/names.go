package sim

import "strings"

// culture is a pool of common given and family names. An entry is the Latin
// spelling, followed by "|" and the native one where the script differs. All
// people are made up from these pools; nobody real is meant.
type culture struct {
	female, male, family []string
	familyF              []string // feminine forms, by the same index; nil when alike
	two                  bool     // father's and mother's family names
	familyFirst          bool     // native order
	joiner               string   // between native names
}

func words(s string) []string { return strings.Split(s, ",") }

// cultures are keyed by what countries name.
var cultures = map[string]culture{
	"es": {
		female: words("Lucía,María Fernanda,Ximena,Sofía,Valentina,Guadalupe,Daniela,Rosa,Renata,Camila,Itzel,Belén"),
		male:   words("José Luis,Juan Carlos,Miguel Ángel,Diego,Santiago,Alejandro,Emiliano,Óscar,Rafael,Andrés,Íñigo,Tomás"),
		family: words("Ortega,Ríos,Hernández,García,Martínez,López,Núñez,Peña,Quiñones,Ramírez,Torres,Vázquez,Mendoza,Castañeda,Ibáñez,Salgado"),
		two:    true,
	},
	"andes": {
		female: words("Rosa,Yolanda,Flor de María,Milagros,Nélida,Jimena,Carmen,Luz Marina"),
		male:   words("Wilmer,César,Édgar,Julio,Hernán,Álvaro,Néstor,Rubén"),
		family: words("Quispe,Mamani,Condori,Huamán,Rojas,Cárdenas,Restrepo,Londoño,Ávila,Zúñiga,Paredes,Salazar"),
		two:    true,
	},
	"pt": {
		female: words("Ana Beatriz,Conceição,Letícia,Mariana,Débora,Vitória,Júlia,Luíza"),
		male:   words("João Pedro,Antônio,Thiago,Luís Otávio,Mateus,Vinícius,Fábio,Caio"),
		family: words("Souza,Gonçalves,Araújo,Magalhães,Ribeiro,Carvalho,Assunção,Teixeira,Moura,Brandão"),
		two:    true,
	},
	"en": {
		female: words("Emily,Grace,Hannah,Olivia,Megan,Charlotte,Naomi,Abigail"),
		male:   words("Robert,Daniel,Samuel,Owen,Marcus,Joshua,Liam,Patrick"),
		family: words("Larson,Whitfield,O'Connor,Hughes,Bennett,Carter,Ashworth,Donnelly,Freeman,Castle"),
	},
	"fr": {
		female: words("Zoé,Amélie,Chloé,Françoise,Inès,Élodie,Maëlle,Camille"),
		male:   words("Loïc,Rémi,François,Jérôme,Karim,Gaël,Théo,Benoît"),
		family: words("Lefèvre,Garçon,Benoît,Haddad,Chauvin,Bérard,Müller-Roy,Faucher,Noël,Périer"),
	},
	"de": {
		female: words("Jutta,Käthe,Annika,Sabine,Lotte,Heike,Friederike,Mia"),
		male:   words("Jürgen,Björn,Matthias,Sören,Lukas,Günther,Tobias,Uwe"),
		family: words("Größmann,Schäfer,Köhler,Weiß,Brandt,Krüger,Vogel,Böhm,Lindner,Jäger"),
	},
	"ja": {
		female: words("Aiko|愛子,Yuki|由紀,Haruka|遥,Sakura|さくら,Mei|芽衣,Naoko|直子"),
		male:   words("Taro|太郎,Kenji|健二,Haruto|陽翔,Satoshi|聡,Daisuke|大輔,Ren|蓮"),
		family: words("Tanaka|田中,Sato|佐藤,Yamamoto|山本,Watanabe|渡辺,Kobayashi|小林,Matsuda|松田,Nakajima|中島"), familyFirst: true, joiner: " ",
	},
	"kana": {
		female: words("Aiko|アイコ,Yuki|ユキ,Haruka|ハルカ,Mei|メイ"),
		male:   words("Taro|タロウ,Kenji|ケンジ,Ren|レン,Satoshi|サトシ"),
		family: words("Tanaka|タナカ,Sato|サトウ,Yamamoto|ヤマモト,Kobayashi|コバヤシ"), familyFirst: true, joiner: " ",
	},
	"zh": {
		female: words("Xiaomei|小梅,Lihua|丽华,Yating|雅婷,Jing|静,Meilin|美琳"),
		male:   words("Wei|伟,Jianguo|建国,Haoran|浩然,Ming|明,Zhiqiang|志强"),
		family: words("Wang|王,Li|李,Zhang|张,Chen|陈,Liu|刘,Zhao|赵,Huang|黄"), familyFirst: true,
	},
	"ko": {
		female: words("Jiwoo|지우,Seoyeon|서연,Minji|민지,Hana|하나"),
		male:   words("Minjun|민준,Jihoon|지훈,Seojun|서준,Hyunwoo|현우"),
		family: words("Kim|김,Lee|이,Park|박,Choi|최,Jung|정,Kang|강"), familyFirst: true,
	},
	"hi": {
		female: words("Priya|प्रिया,Ananya|अनन्या,Sunita|सुनीता,Kavita|कविता"),
		male:   words("Rajesh|राजेश,Arjun|अर्जुन,Vikram|विक्रम,Sanjay|संजय"),
		family: words("Sharma|शर्मा,Patel|पटेल,Verma|वर्मा,Gupta|गुप्ता,Mishra|मिश्रा"), joiner: " ",
	},
	"ar": {
		female: words("Fatima|فاطمة,Mariam|مريم,Noura|نورة,Salma|سلمى,Huda|هدى"),
		male:   words("Karim|كريم,Youssef|يوسف,Omar|عمر,Hassan|حسن,Tariq|طارق"),
		family: words("Al Mansoori|المنصوري,Haddad|حداد,Al Farsi|الفارسي,Khalil|خليل,Nasser|ناصر,El Sayed|السيد"), joiner: " ",
	},
	"el": {
		female: words("Eleni|Ελένη,Maria|Μαρία,Katerina|Κατερίνα,Sofia|Σοφία"),
		male:   words("Giorgos|Γιώργος,Nikos|Νίκος,Dimitris|Δημήτρης,Kostas|Κώστας"),
		family: words("Papadakis|Παπαδάκης,Georgiou|Γεωργίου,Nikolaou|Νικολάου,Vlachos|Βλάχος"), joiner: " ",
	},
	"ru": {
		female:  words("Anna|Анна,Olga|Ольга,Irina|Ирина,Ekaterina|Екатерина"),
		male:    words("Ivan|Иван,Dmitry|Дмитрий,Sergey|Сергей,Alexey|Алексей"),
		family:  words("Smirnov|Смирнов,Kuznetsov|Кузнецов,Volkov|Волков,Morozov|Морозов,Lebedev|Лебедев"),
		familyF: words("Smirnova|Смирнова,Kuznetsova|Кузнецова,Volkova|Волкова,Morozova|Морозова,Lebedeva|Лебедева"), joiner: " ",
	},
	"uk": {
		female: words("Oksana|Оксана,Yuliia|Юлія,Nataliia|Наталія,Sofiia|Софія"),
		male:   words("Andrii|Андрій,Mykola|Микола,Taras|Тарас,Yevhen|Євген"),
		family: words("Shevchuk|Шевчук,Bondarenko|Бондаренко,Tkachenko|Ткаченко,Kovalenko|Коваленко"), joiner: " ",
	},
	"he": {
		female: words("Noa|נועה,Tamar|תמר,Yael|יעל,Shira|שירה"),
		male:   words("Yosef|יוסף,Daniel|דניאל,Avi|אבי,Eitan|איתן"),
		family: words("Cohen|כהן,Levi|לוי,Mizrahi|מזרחי,Peretz|פרץ"), joiner: " ",
	},
	"th": {
		female: words("Malee|มาลี,Siriporn|ศิริพร,Kanya|กัญญา,Ploy|พลอย"),
		male:   words("Somchai|สมชาย,Anan|อนันต์,Wichai|วิชัย,Prasert|ประเสริฐ"),
		family: words("Saetang|แซ่ตั้ง,Jaidee|ใจดี,Srisuk|ศรีสุข,Wongsa|วงษา"), joiner: " ",
	},
	"ng": {
		female: words("Adaeze,Folaké,Ngozi,Amina,Yetunde"),
		male:   words("Chinedu,Olúwaṣeun,Emeka,Tunde,Musa"),
		family: words("Okafor,Adéyemi,Eze,Balógun,Ibrahim,Nwosu"),
	},
	"it": {
		female: words("Niccolina,Chiara,Giulia,Federica"),
		male:   words("Nicolò,Matteo,Giosuè,Lorenzo"),
		family: words("D'Amico,Colò,Bianchi,Ferrero,De Santis"),
	},
	"ro": {
		female: words("Ștefania,Ioana,Crenguța,Mădălina"),
		male:   words("Ștefan,Răzvan,Ionuț,Cătălin"),
		family: words("Țurcanu,Munteanu,Bălan,Dumitrașcu,Ionescu"),
	},
}

// split separates the Latin spelling of a pool entry from the native one.
func split(entry string) (latin, native string) {
	latin, native, ok := strings.Cut(entry, "|")
	if !ok {
		return latin, ""
	}
	return latin, native
}
