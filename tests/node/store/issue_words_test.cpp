// How texts are cut for the index, and what a user's words become.
#include "node/store/issue_words.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "node/store/issues.h"
#include "node/store/limits.h"

namespace yishi::store {
namespace {

TEST(Bigrams, CharactersInPairsAndWordsWhole) {
  EXPECT_EQ(bigrams("环境整治"), "环境 境整 整治");
  EXPECT_EQ(bigrams("水"), "水");
  EXPECT_EQ(bigrams("修路，清淤"), "修路 清淤");
  EXPECT_EQ(bigrams("Road 12 Km"), "road 12 km");
  EXPECT_EQ(bigrams("3号楼WiFi坏了"), "3 号楼 wifi 坏了");
  EXPECT_EQ(bigrams("320803001001-2026-0007"), "320803001001 2026 0007");
  EXPECT_EQ(bigrams(""), "");
  EXPECT_EQ(bigrams(" ，。！\n"), "");
}

TEST(Bigrams, FullWidthLettersAndDigitsAreTheNarrowOnes) {
  EXPECT_EQ(bigrams("Ｇ２０５国道"), "g205 国道");
}

TEST(Bigrams, OtherScriptsKeepTheirLetters) {
  EXPECT_EQ(bigrams("Café Дом"), "café Дом");
  EXPECT_EQ(bigrams("サッカー場"), "サッ ッカ カー ー場");
}

TEST(Bigrams, BytesThatAreNoTextSeparate) {
  EXPECT_EQ(bigrams(std::string("a\xFF") + "b"), "a b");
  EXPECT_EQ(bigrams("环\xE5\xA2"), "环");  // cut off within a character
}

TEST(Bigrams, LongRunsOfLettersAreCutInPieces) {
  const std::string words = bigrams(std::string(3 * kMaxWordBytes, 'a'));
  EXPECT_EQ(words.find(' '), kMaxWordBytes);
  EXPECT_EQ(words.size(), 3 * kMaxWordBytes + 2);
}

TEST(SearchTerms, WordsArePrefixesAndCharactersPhrases) {
  EXPECT_EQ(search_terms("环境").match, "\"环境\"");
  EXPECT_EQ(search_terms("环境整治").match, "\"环境 境整 整治\"");
  EXPECT_EQ(search_terms("Wi").match, "\"wi\" *");
  EXPECT_EQ(search_terms("修路 2026").match, "\"修路\" AND \"2026\" *");
  EXPECT_TRUE(search_terms("修路 2026").scans.empty());
}

TEST(SearchTerms, SingleCharactersAreScannedFor) {
  const SearchTerms terms = search_terms("水 修路");
  EXPECT_EQ(terms.match, "\"修路\"");
  EXPECT_EQ(terms.scans, std::vector<std::string>{"水"});
}

TEST(SearchTerms, PunctuationAloneIsScannedForAndBlanksAskNothing) {
  EXPECT_EQ(search_terms("？").scans, std::vector<std::string>{"？"});
  EXPECT_TRUE(search_terms("").any());
  EXPECT_TRUE(search_terms(" \t\n").any());
  EXPECT_FALSE(search_terms("？").any());
}

TEST(SearchTerms, SyntaxOfTheIndexIsOnlyPunctuation) {
  EXPECT_EQ(search_terms("\"环境\" OR words:* NEAR(a b)").match,
            "\"环境\" AND \"or\" * AND \"words\" * AND \"near\" * AND \"a\" * AND \"b\" *");
}

TEST(SearchTerms, LongQuestionsAreCut) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "a ";
  const std::string match = search_terms(text).match;
  EXPECT_EQ(std::count(match.begin(), match.end(), '*'), std::ptrdiff_t{kMaxSearchParts});
}

}  // namespace
}  // namespace yishi::store
