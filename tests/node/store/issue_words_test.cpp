// How texts are cut for the index, and what a user's words become.
#include "node/store/issue_words.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "node/store/issues.h"
#include "node/store/limits.h"

namespace yishi::store {
namespace {

TEST(Bigrams, CharactersInPairsTheLastByItselfAndWordsWhole) {
  EXPECT_EQ(bigrams("环境整治"), "环境 境整 整治 治");
  EXPECT_EQ(bigrams("水"), "水");
  EXPECT_EQ(bigrams("修路，清淤"), "修路 路 清淤 淤");
  EXPECT_EQ(bigrams("Road 12 Km"), "road 12 km");
  EXPECT_EQ(bigrams("3号楼WiFi坏了"), "3 号楼 楼 wifi 坏了 了");
  EXPECT_EQ(bigrams("320803001001-2026-0007"), "320803001001 2026 0007");
  EXPECT_EQ(bigrams(""), "");
  EXPECT_EQ(bigrams(" ，。！\n"), "");
}

TEST(Bigrams, FullWidthLettersAndDigitsAreTheNarrowOnes) {
  EXPECT_EQ(bigrams("Ｇ２０５国道"), "g205 国道 道");
}

TEST(Bigrams, OtherScriptsKeepTheirLetters) {
  EXPECT_EQ(bigrams("Café Дом"), "café Дом");
  EXPECT_EQ(bigrams("サッカー場"), "サッ ッカ カー ー場 場");
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

using Phrases = std::vector<std::string>;

TEST(SearchTerms, WordsArePrefixesAndCharactersStandTogether) {
  EXPECT_EQ(search_terms("环境").match, "\"环境\"");
  EXPECT_TRUE(search_terms("环境").phrases.empty());
  EXPECT_EQ(search_terms("环境整治").match, "\"环境\" AND \"境整\" AND \"整治\"");
  EXPECT_EQ(search_terms("环境整治").phrases, Phrases{" 环境 境整 整治 "});
  EXPECT_EQ(search_terms("Wi").match, "\"wi\" *");
  EXPECT_EQ(search_terms("修路 2026").match, "\"修路\" AND \"2026\" *");
  EXPECT_TRUE(search_terms("修路 2026").phrases.empty());
}

TEST(SearchTerms, SingleCharacterIsTheBeginningOfAPair) {
  EXPECT_EQ(search_terms("水 修路").match, "\"水\" * AND \"修路\"");
}

TEST(SearchTerms, PunctuationAloneFindsNothing) {
  EXPECT_TRUE(search_terms("？").match.empty());
  EXPECT_TRUE(search_terms(" \t\n").match.empty());
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
