#include "crypto/bytes.h"

#include <gtest/gtest.h>

#include <array>

namespace yishi {
namespace {

using namespace std::string_view_literals;

TEST(Hex, EveryByteComesBackInLowerCase) {
  Bytes bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<std::uint8_t>(i));
  const std::string text = to_hex(bytes);
  EXPECT_EQ(text.substr(0, 8), "00010203");
  EXPECT_EQ(text.substr(504), "fcfdfeff");
  EXPECT_EQ(from_hex(text), bytes);
  EXPECT_EQ(from_hex("FCfd"), (Bytes{0xfc, 0xfd}));
  EXPECT_EQ(from_hex(""), Bytes{});
}

TEST(Hex, OddLengthOrForeignCharacterGivesNothing) {
  for (const auto text : {"0"sv, "012"sv, "0g"sv, "g0"sv, " 0"sv, "0x"sv, "\0\0"sv, "//"sv, "::"sv,
                          "@@"sv, "``"sv, "\xff\xff"sv}) {
    EXPECT_EQ(from_hex(text), std::nullopt) << text;
  }
}

TEST(Base64url, VectorsOfRfc4648WithoutPadding) {
  const std::array<std::pair<std::string_view, std::string_view>, 8> vectors = {{
      {"", ""},
      {"f", "Zg"},
      {"fo", "Zm8"},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg"},
      {"fooba", "Zm9vYmE"},
      {"foobar", "Zm9vYmFy"},
      {"\xfb\xff\xbf", "-_-_"},
  }};
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(to_base64url(view_of(plain)), text);
    EXPECT_EQ(from_base64url(text), copy(view_of(plain)));
  }
}

TEST(Base64url, EveryLengthComesBack) {
  Bytes bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
    bytes.push_back(static_cast<std::uint8_t>(i * 7 + 3));
  }
}

TEST(Base64url, PaddingOtherAlphabetOrWhitespaceGivesNothing) {
  for (const auto text : {"Zg=="sv, "Zm8="sv, "+_-_"sv, "/_-_"sv, "Zm 9v"sv, "Zm9v\n"sv, "Z"sv,
                          "Zm9vY"sv, "Zm\0v"sv, "Zm\xffv"sv}) {
    EXPECT_EQ(from_base64url(text), std::nullopt) << text;
  }
}

TEST(Base64url, SecondSpellingOfTheSameBytesGivesNothing) {
  EXPECT_EQ(from_base64url("Zh"), std::nullopt);   // "Zg" with a bit left over
  EXPECT_EQ(from_base64url("Zm9"), std::nullopt);  // "Zm8" with a bit left over
}

TEST(Utf8, WellFormedTextPasses) {
  for (const auto text : {""sv, "a\x7f"sv, "议事"sv, "\xc2\x80"sv, "\xdf\xbf"sv, "\xe0\xa0\x80"sv,
                          "\xed\x9f\xbf"sv, "\xee\x80\x80"sv, "\xef\xbf\xbf"sv,
                          "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv, "乡\xf0\xa0\xae\xb7村"sv}) {
    EXPECT_TRUE(is_utf8(text)) << to_hex(view_of(text));
  }
}

TEST(Utf8, MalformedTextIsRefused) {
  const std::array cases = {
      "\0"sv,                // NUL
      "a\0b"sv,              // NUL within
      "\x80"sv,              // a following byte alone
      "\xc0\x80"sv,          // NUL written long
      "\xc1\xbf"sv,          // overlong, two bytes
      "\xe0\x9f\xbf"sv,      // overlong, three bytes
      "\xf0\x8f\xbf\xbf"sv,  // overlong, four bytes
      "\xed\xa0\x80"sv,      // first surrogate
      "\xed\xbf\xbf"sv,      // last surrogate
      "\xf4\x90\x80\x80"sv,  // above U+10FFFF
      "\xf5\x80\x80\x80"sv,  // lead byte that is never used
      "\xff"sv,              // never in UTF-8
      "\xc2"sv,              // cut short after one of two
      "\xe8\xae"sv,          // cut short after two of three
      "\xf0\x9f\x98"sv,      // cut short after three of four
      "\xc2\x41"sv,          // second byte is not a following byte
      "\xe8\xae\x41"sv,      // third byte is not
      "\xf0\x90\x80\xc0"sv,  // fourth byte is not
      "议事\xe8"sv,          // fault at the very end
  };
  for (const auto text : cases) EXPECT_FALSE(is_utf8(text)) << to_hex(view_of(text));
}

TEST(Bytes, EqualComparesLengthAndContent) {
  const Bytes a{1, 2, 3};
  EXPECT_TRUE(equal(a, Bytes{1, 2, 3}));
  EXPECT_FALSE(equal(a, Bytes{1, 2}));
  EXPECT_FALSE(equal(Bytes{1, 2}, a));
  EXPECT_FALSE(equal(a, Bytes{1, 2, 4}));
  EXPECT_TRUE(equal({}, {}));
}

TEST(Bytes, TextAndViewAreTheSameBytes) {
  EXPECT_EQ(text_of(view_of("议事")), "议事");
  EXPECT_EQ(copy(view_of("ab")), (Bytes{'a', 'b'}));
}

}  // namespace
}  // namespace yishi
