// Words for people on a terminal: width of Chinese characters, tables, money, time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yishi::cli {

// Columns that a text takes on a terminal: 2 for East Asian wide characters, 0 for
// combining ones (Unicode Standard Annex 11, ambiguous ones narrow).
std::size_t display_width(std::string_view utf8);
// Others' text made safe for a terminal: control characters, but for line ends, become '?'.
std::string printable(std::string_view utf8);
std::string one_line(std::string_view utf8);                  // line ends too
std::string cut(std::string_view utf8, std::size_t columns);  // with … when it is longer

class Table {
 public:
  explicit Table(std::vector<std::string> heads, std::vector<bool> right = {});
  void add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  std::string text() const;  // each line ends in a line end

 private:
  std::string line(const std::vector<std::string>& cells, std::size_t columns) const;
  std::vector<std::string> heads_;
  std::vector<bool> right_;  // aligned to the right
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> widths_;
};

std::string money_text(std::int64_t fen);  // "¥2,200,000.00"
// "2024-03-05T14:30:00+08:00" -> "2024年3月5日 14:30" or "2024-03-05 14:30". What is no such
// time stays as it is.
std::string time_text(std::string_view rfc3339, bool chinese);
std::string lines_indented(std::string_view text, std::size_t blanks);

}  // namespace yishi::cli
