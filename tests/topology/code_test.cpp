#include "topology/code.h"

#include <gtest/gtest.h>

#include "crypto/bytes.h"
#include "topology/unit.h"

namespace yishi::topology {
namespace {

Code code_from(std::string_view text) {
  Result<Code> parsed = Code::parse(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? *parsed : Code();
}

TEST(CodeTest, TakesTwelveDigitsAndRoomSuffixes) {
  EXPECT_TRUE(code_from("320803001001").is_division());
  EXPECT_EQ(code_from("320803001000-E01").suffix_letter(), 'E');
  EXPECT_EQ(code_from("320803001000-T0001").division(), code_from("320803001000"));
  EXPECT_FALSE(code_from("320803001000-S12").is_division());
}

TEST(CodeTest, RefusesWhatIsNoCodeAndSaysWhichPart) {
  for (const std::string_view text :
       {"", "32080300100", "3208030010011", "32080300100a", "３２０８０３", " 320803001001",
        "320803001001 ", "000000000000", "-20803001001", "320803001001E01"}) {
    const Result<Code> parsed = Code::parse(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().rule, "code.digits") << text;
  }
  for (const std::string_view text :
       {"320803001001-", "320803001001-E", "320803001001-E1", "320803001001-E12345",
        "320803001001-X01", "320803001001-e01", "320803001001-E0a"}) {
    const Result<Code> parsed = Code::parse(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().rule, "code.suffix") << text;
  }
  const std::string with_nul(
      "320803001001-\0"
      "01",
      16);
  EXPECT_FALSE(Code::parse(with_nul).ok());
}

TEST(CodeTest, CountsSignificantDigitsByGroups) {
  EXPECT_EQ(code_from("320000000000").significant_digits(), 2u);
  EXPECT_EQ(code_from("320800000000").significant_digits(), 4u);
  EXPECT_EQ(code_from("320803000000").significant_digits(), 6u);
  EXPECT_EQ(code_from("320803001000").significant_digits(), 9u);
  EXPECT_EQ(code_from("320803001001").significant_digits(), 12u);
  EXPECT_EQ(code_from("320803100000").significant_digits(), 9u);
  EXPECT_EQ(code_from("441900003000").significant_digits(), 9u);  // no district between
  EXPECT_EQ(code_from("320810000000").significant_digits(), 6u);
}

TEST(CodeTest, LiesInsideAnotherByItsDigits) {
  const Code village = code_from("320803001002");
  EXPECT_TRUE(village.extends(code_from("320803000000")));
  EXPECT_TRUE(village.extends(code_from("320800000000")));
  EXPECT_TRUE(village.extends(village));
  EXPECT_FALSE(village.extends(code_from("320804000000")));
  EXPECT_FALSE(code_from("320803000000").extends(village));
  EXPECT_TRUE(code_from("320803001002-T01").extends(village));
  EXPECT_FALSE(village.extends(code_from("320803001002-T01")));
  EXPECT_FALSE(village.extends(Code()));
  EXPECT_FALSE(Code().extends(village));
}

TEST(UnitTest, LevelsStandFromTheTopDown) {
  EXPECT_LT(level_rank("province"), level_rank("city"));
  EXPECT_LT(level_rank("township"), level_rank("village"));
  EXPECT_EQ(level_rank("country"), -1);
  ASSERT_NE(find_level("district"), nullptr);
  EXPECT_EQ(find_level("district")->zh, "区县");
  EXPECT_EQ(find_level(""), nullptr);
}

TEST(UnitTest, RefusesNamesThatBreakALineOrHideInIt) {
  const auto refused = [](std::string_view name) {
    return !check_name(name, "unit.name", "name").ok();
  };
  EXPECT_FALSE(refused("淮安区"));
  EXPECT_FALSE(refused("A"));
  std::string longest;
  for (int i = 0; i < 64; ++i) longest += "村";
  EXPECT_FALSE(refused(longest));
  EXPECT_TRUE(refused(longest + "村"));
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused(" 　"));
  EXPECT_TRUE(refused("一\n村"));
  EXPECT_TRUE(refused("一\x7F村"));
  EXPECT_TRUE(refused("一\xC2\x85村"));      // next line
  EXPECT_TRUE(refused("一\xE2\x80\xAE村"));  // turns the direction
  EXPECT_TRUE(refused("一\xFF村"));
  EXPECT_TRUE(refused(std::string_view("一\0村", 7)));
}

TEST(UnitTest, QuotesForeignTextOnOneShortLine) {
  EXPECT_EQ(excerpt("甲镇"), "甲镇");
  EXPECT_EQ(excerpt("甲\n镇"), "甲?镇");
  EXPECT_EQ(excerpt("a\xFF"
                    "b"),
            "a?b");
  std::string longer;
  for (int i = 0; i < 100; ++i) longer += "镇";
  const std::string cut = excerpt(longer);
  EXPECT_LE(cut.size(), kMaxExcerptBytes + 3);
  EXPECT_TRUE(is_utf8(cut));
}

}  // namespace
}  // namespace yishi::topology
