// CSV as spreadsheets write and read it.
#include "node/http/csv.h"

#include <gtest/gtest.h>

namespace yishi::http {
namespace {

TEST(Csv, what_is_written_is_read_again) {
  const CsvTable table{{"代码", "名称"},
                       {{"001", "一行\n两行"}, {"=1+1", "他说“好”, \"行\""}, {"", "-5"}}};
  const std::string text = csv_of(table);
  EXPECT_TRUE(text.starts_with("\xef\xbb\xbf"));
  EXPECT_NE(text.find("'=1+1"), std::string::npos);
  const auto read = read_csv(text);
  ASSERT_TRUE(read.ok()) << read.error().en;
  EXPECT_EQ(read->table.heads, table.heads);
  EXPECT_EQ(read->table.rows, table.rows);
  EXPECT_EQ(read->lines, (std::vector<std::size_t>{2, 4, 5}));
}

TEST(Csv, gb18030_is_understood) {
  // 名称 / 淮安, as a Chinese spreadsheet saves it.
  const auto read = read_csv("\xc3\xfb\xb3\xc6\r\n\xbb\xb4\xb0\xb2\r\n");
  ASSERT_TRUE(read.ok()) << read.error().en;
  EXPECT_EQ(read->table.heads.front(), "名称");
  EXPECT_EQ(read->table.rows.front().front(), "淮安");
}

TEST(Csv, blank_lines_and_short_rows_are_filled) {
  const auto read = read_csv("a,b,c\n\n1\n,,\n2,3,4");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->table.rows,
            (std::vector<std::vector<std::string>>{{"1", "", ""}, {"2", "3", "4"}}));
  EXPECT_EQ(read->lines, (std::vector<std::size_t>{3, 4 + 1}));
}

TEST(Csv, faults_name_their_line) {
  EXPECT_EQ(read_csv("a,b\n1,2\n1,2,3\n").error().field, "line 3");
  EXPECT_EQ(read_csv("a,b\n\"1,2\n").error().rule, "csv.quote");
  EXPECT_EQ(read_csv("").error().rule, "csv.empty");
  EXPECT_EQ(read_csv("\xff\xff\xff").error().rule, "csv.encoding");
}

}  // namespace
}  // namespace yishi::http
