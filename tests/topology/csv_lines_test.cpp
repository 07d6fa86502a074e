// Tables that people bring: encodings, quotes, lines.
#include "topology/csv_lines.h"

#include <gtest/gtest.h>

namespace yishi::topology {
namespace {

TEST(CsvLines, utf8_and_gb18030_are_read_and_anything_else_is_named) {
  const std::string gb18030 = "\xC2\xB7\xB5\xC6";  // 路灯
  EXPECT_EQ(read_csv_lines(gb18030)->front().fields[0], "路灯");
  EXPECT_EQ(read_csv_lines("\xEF\xBB\xBF路灯")->front().fields[0], "路灯");
  for (const std::string& text : {std::string("a\n\xFF\xFF\xFF"), std::string("a\n\0b", 4)}) {
    const auto wrong = read_csv_lines(text);
    ASSERT_FALSE(wrong.ok());
    EXPECT_EQ(wrong.error().rule, "csv.encoding");
    EXPECT_EQ(wrong.error().field, "line 2");
  }
}

TEST(CsvLines, lines_are_those_of_the_file_also_after_one_that_spans_several) {
  const auto lines = read_csv_lines("a,b\r\n\"x\ny\",2\n\n , \n3,4");
  ASSERT_TRUE(lines.ok());
  ASSERT_EQ(lines->size(), 3U);
  EXPECT_EQ((*lines)[1].line, 2U);
  EXPECT_EQ((*lines)[1].fields[0], "x\ny");
  EXPECT_EQ((*lines)[2].line, 6U);
}

TEST(CsvLines, quotation_mark_that_never_ends_is_named_with_its_line) {
  for (const char* text : {"a\n\"b", "a\n\"b\"c\n"}) {
    const auto lines = read_csv_lines(text);
    ASSERT_FALSE(lines.ok());
    EXPECT_EQ(lines.error().rule, "csv.quote");
    EXPECT_EQ(lines.error().field, "line 2");
  }
  EXPECT_EQ(read_csv_lines("\n\n").error().rule, "csv.empty");
}

}  // namespace
}  // namespace yishi::topology
