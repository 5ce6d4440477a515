package store_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/model"
	"docket/store"
)

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "ANA": "ana", "Lucía ÑANDÚ": "lucia nandu", "Straße ẞ": "strasse ss", "Łódź Đukić Ørsted": "lodz dukic orsted",
		"Ægir Œuvre": "aegir oeuvre", "İstanbul ISPARTA ılgın": "istanbul isparta ilgin", "ΠΑΠΑΔΌΠΟΥΛΟΣ": "παπαδοπουλοσ",
		"Παπαδόπουλος": "παπαδοπουλοσ", "Ёлкин Йод": "елкин иод", "أَحْمَد": "احمد", "שָׁלוֹם": "שלום", "김민준": "김민준", "ガラス": "ガラス",
		"ｶﾞﾗｽ": "ガラス", "ＡＢＣ１２": "abc12", "ﬁn Ⅷ ½": "fin viii 1⁄2", "สมชาย": "สมชาย", "प्रिया": "प्रिया", "O’Brien": "o'brien",
		"e\u0301": "e", "a\u200bb\u202ec\u00add": "abcd", "\xff": "\uFFFD", "❤️": "❤", "Þóra": "thora", "ﷺ": "صلى الله عليه وسلم",
	} {
		require.Equal(t, want, store.Fold(text), "%q", text)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		folded := store.Fold(text)
		require.True(t, utf8.ValidString(folded))
		require.Equal(t, folded, store.Fold(folded), "folding twice changes nothing")
	})
}

// TestTokens holds fast what is on disk: see version in store/sqlite.
func TestTokens(t *testing.T) {
	r := model.Row{
		ID: "5f9a-B7e0", Status: model.StatusFinished, Verdict: model.ManualPending, Name: model.NewPersonal(model.ClassName, "Zoë O'Neill 田中"),
		DocCountry: "MEX", DocNumber: model.NewPersonal(model.ClassDocument, "G-38"), ExternalID: "client-3", FlowID: "flow_A1",
		Tags: []string{"VIP x"}, Custom: map[string]string{"b": "2", "a": "สุข"},
	}
	require.Equal(t, " zoe o neill 田中 中 oneill #5f9a #b7e0 client 3 g 38 vip x &vip_20_78 สุข ุข ข 2"+
		" !onboarding_5ffinished $manual_5fpending %mex ~_66_6c_6f_77_5fa1 ", store.Tokens(&r))
	require.Equal(t, " ! $ % ", store.Tokens(&model.Row{}))
}

func TestTokensAreBounded(t *testing.T) {
	long := strings.Repeat("田", 1<<20)
	r := model.Row{Name: model.NewPersonal(model.ClassName, long), Custom: make(map[string]string)}
	for _, k := range strings.Split("abcdefghijklmnopqrstuvwxyz", "") {
		r.Custom[k] = k + long
		r.Tags = append(r.Tags, k+strings.Repeat("x y z", 1<<16))
	}
	require.Less(t, len(store.Tokens(&r)), 4<<20)
}

// TestFilterTokens makes sure that no two values of a filter share a token, and
// that nobody can ask for one by typing it.
func TestFilterTokens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		if rapid.Bool().Draw(t, "long") {
			a, b = strings.Repeat("long", 100)+a, strings.Repeat("long", 100)+b
		}
		row := model.Row{Tags: []string{a}}
		in := func(q model.Query) bool {
			for _, clause := range store.Clauses(q) {
				found := false
				for _, term := range clause {
					found = found || term.In(store.Tokens(&row))
				}
				if !found {
					return false
				}
			}
			return true
		}
		require.True(t, in(model.Query{Tags: []string{a}}))
		require.Equal(t, a == b, in(model.Query{Tags: []string{b}}))
		for _, clause := range store.Clauses(model.Query{Search: b}) {
			for _, term := range clause {
				require.NotContains(t, "!$%&~", term.Token[:1])
				require.NotContains(t, term.Token, `"`)
				require.NotContains(t, term.Token, " ")
				require.NotContains(t, term.Token, "\x00")
			}
		}
	})
}
