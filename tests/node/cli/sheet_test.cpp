// Tables out and in: what a spreadsheet must not misread, and what comes back.
#include "node/cli/sheet.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

#include "crypto/masked.h"
#include "topology/csv_lines.h"

namespace yishi::cli {
namespace {

Sheet sheet_of(std::vector<SheetCell> row) {
  Sheet sheet;
  sheet.heads.assign(row.size(), "列");
  sheet.rows.push_back(std::move(row));
  return sheet;
}

TEST(Sheet, csv_has_mark_and_line_ends_and_quotes_what_needs_it) {
  const auto csv = sheet_csv(sheet_of({SheetCell::words("a,b"), SheetCell::words("他说\"好\""),
                                       SheetCell::count(-3), SheetCell::money(1'234'05)}));
  EXPECT_EQ(csv, "\xEF\xBB\xBF列,列,列,列\r\n\"a,b\",\"他说\"\"好\"\"\",-3,1234.05\r\n");
}

TEST(Sheet, codes_stay_text_and_formulas_are_words) {
  const auto csv = sheet_csv(sheet_of({SheetCell::code("320803001001"), SheetCell::free("=1+1"),
                                       SheetCell::free("@x"), SheetCell::free("-5 度")}));
  EXPECT_NE(csv.find("\"\t320803001001\""), std::string::npos) << csv;
  for (const char* word : {"\"'=1+1\"", "\"'@x\"", "\"'-5 度\""}) {
    EXPECT_NE(csv.find(word), std::string::npos) << word;
  }
}

TEST(Sheet, what_was_exported_comes_back) {
  const std::vector<std::string> words{"=1+1", "+86", "普通", "'quoted'", "a\nb", "320803001001"};
  std::vector<SheetCell> row;
  for (const auto& word : words) row.push_back(SheetCell::words(word));
  row.back() = SheetCell::code(words.back());
  const auto csv = sheet_csv(sheet_of(row));
  const auto lines = topology::read_csv_lines(csv);
  ASSERT_TRUE(lines.ok());
  ASSERT_EQ(lines->size(), 2U);
  for (std::size_t i = 0; i < words.size(); ++i) {
    EXPECT_EQ(plain_text((*lines)[1].fields[i]), words[i]);
  }
}

TEST(Sheet, telephones_and_identity_cards_lose_their_middle_and_codes_do_not) {
  EXPECT_EQ(masked("请联系13812345678或王某"), "请联系138****5678或王某");
  EXPECT_EQ(masked("证件 32080319800101123X。"), "证件 320803********123X。");
  EXPECT_EQ(masked("编号 320803001001，共 12000 元"), "编号 320803001001，共 12000 元");
}

TEST(Sheet, workbook_is_written_or_the_fault_named) {
  const auto path = std::filesystem::temp_directory_path() / "yishi-sheet-test.xlsx";
  ASSERT_TRUE(write_xlsx(sheet_of({SheetCell::words("=1+1"), SheetCell::count(7)}), path).ok());
  EXPECT_GT(std::filesystem::file_size(path), 1'000U);
  std::filesystem::remove(path);
  const auto failed = write_xlsx(sheet_of({SheetCell::count(1)}), "/nowhere/at/all.xlsx");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().rule, "file.write");
}

}  // namespace
}  // namespace yishi::cli
