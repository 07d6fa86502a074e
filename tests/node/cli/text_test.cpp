#include "node/cli/text.h"

#include <gtest/gtest.h>

#include "node/cli/nearest.h"

namespace yishi::cli {
namespace {

TEST(Width, chinese_takes_two_columns_and_combining_marks_none) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("议事"), 4U);
  EXPECT_EQ(display_width("甲a（乙）"), 9U);
  EXPECT_EQ(display_width("e\xCC\x81"), 1U);
  EXPECT_EQ(display_width("¥1"), 2U);
  EXPECT_EQ(display_width("𠮷"), 2U);
  EXPECT_EQ(display_width("\xff\xff"), 2U);  // not UTF-8: a column a byte
}

TEST(Tables, columns_align_by_width_whatever_the_script) {
  Table table({"单位", "n"}, {false, true});
  table.add({"一村", "5"});
  table.add({"abc", "1200"});
  EXPECT_EQ(table.text(),
            "单位     n\n"
            "一村     5\n"
            "abc   1200\n");
}

TEST(Tables, cells_lie_on_one_line_and_carry_no_control_characters) {
  Table table({"x"});
  table.add({"a\nb\x1b[31m"});
  EXPECT_EQ(table.text(), "x\na b?[31m\n");
}

TEST(Printable, escape_sequences_and_turned_text_of_others_are_made_harmless) {
  EXPECT_EQ(printable("a\nb"), "a\nb");
  EXPECT_EQ(printable("\x1b]0;owned\x07"), "?]0;owned?");
  EXPECT_EQ(printable("a\xE2\x80\xAE"
                      "b"),
            "a?b");
  EXPECT_EQ(one_line("a\r\nb"), "a? b");
}

TEST(Cut, long_text_ends_in_a_mark_within_its_columns) {
  EXPECT_EQ(cut("路灯", 4), "路灯");
  EXPECT_EQ(cut("路灯不亮", 5), "路灯…");
  EXPECT_EQ(cut("路灯不亮", 6), "路灯…");
  EXPECT_LE(display_width(cut("abcdef", 3)), 3U);
}

TEST(Money, is_grouped_by_thousands_to_the_fen) {
  EXPECT_EQ(money_text(0), "¥0.00");
  EXPECT_EQ(money_text(5), "¥0.05");
  EXPECT_EQ(money_text(99'999), "¥999.99");
  EXPECT_EQ(money_text(100'000), "¥1,000.00");
  EXPECT_EQ(money_text(220'000'000), "¥2,200,000.00");
  EXPECT_EQ(money_text(-100), "-¥1.00");
}

TEST(Time, is_shown_in_the_readers_way) {
  EXPECT_EQ(time_text("2024-03-05T14:30:00+08:00", true), "2024年3月5日 14:30");
  EXPECT_EQ(time_text("2024-11-25T04:05:59+08:00", true), "2024年11月25日 04:05");
  EXPECT_EQ(time_text("2024-03-05T14:30:00+08:00", false), "2024-03-05 14:30");
  EXPECT_EQ(time_text("soon", true), "soon");
}

TEST(Nearest, one_slip_finds_the_word_and_another_word_does_not) {
  const std::vector<std::string> words{"propose", "approve", "return", "list"};
  EXPECT_EQ(nearest("propsoe", words), "propose");
  EXPECT_EQ(nearest("aprove", words), "approve");
  EXPECT_EQ(nearest("lsit", words), "list");
  EXPECT_EQ(nearest("elephant", words), "");
  EXPECT_EQ(nearest("", words), "");
  EXPECT_EQ(nearest(std::string(1000, 'x'), words), "");
}

TEST(Nearest, distance_counts_each_edit_once) {
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", "abc"), 0U);
  EXPECT_EQ(edit_distance("abc", "acb"), 1U);
  EXPECT_EQ(edit_distance("abc", "axc"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

}  // namespace
}  // namespace yishi::cli
