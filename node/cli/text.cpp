#include "node/cli/text.h"

#include <algorithm>
#include <array>

namespace yishi::cli {
namespace {

struct Range {
  char32_t first, last;
};
// East_Asian_Width W and F, in blocks.
constexpr std::array<Range, 17> kWide{{
    {0x1100, 0x115F},
    {0x231A, 0x231B},
    {0x2E80, 0x303E},
    {0x3041, 0x33FF},
    {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF},
    {0xA960, 0xA97C},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF},
    {0x1F900, 0x1F9FF},
    {0x20000, 0x3FFFD},
}};
constexpr std::array<Range, 6> kNoWidth{{
    {0x0300, 0x036F},
    {0x200B, 0x200F},
    {0x20D0, 0x20FF},
    {0x2060, 0x2064},
    {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF},
}};

template <std::size_t kSize>
bool among(const std::array<Range, kSize>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const Range& r) { return c >= r.first && c <= r.last; });
}

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};

// The character at the front; a byte that is not UTF-8 counts as one character.
Character front(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes == 1 || lead < 0xC0 || text.size() < bytes) return {lead, 1};
  char32_t code = lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  return {code, bytes};
}

std::size_t width_of(char32_t c) {
  if (among(kNoWidth, c)) return 0;
  return among(kWide, c) ? 2 : 1;
}

std::string spaces(std::size_t count) { return std::string(count, ' '); }

std::string safe(std::string_view utf8, bool keep_lines) {
  std::string out;
  while (!utf8.empty()) {
    const Character c = front(utf8);
    const bool line_end = c.code == '\n' && keep_lines;
    const bool control = c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0) ||
                         (c.code >= 0x202A && c.code <= 0x202E) ||
                         (c.code >= 0x2066 && c.code <= 0x2069);
    if (control && !line_end) {
      out += c.code == '\n' || c.code == '\t' ? ' ' : '?';
    } else {
      out += utf8.substr(0, c.bytes);
    }
    utf8.remove_prefix(c.bytes);
  }
  return out;
}

}  // namespace

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  while (!utf8.empty()) {
    const Character c = front(utf8);
    width += width_of(c.code);
    utf8.remove_prefix(c.bytes);
  }
  return width;
}

std::string printable(std::string_view utf8) { return safe(utf8, true); }
std::string one_line(std::string_view utf8) { return safe(utf8, false); }

std::string cut(std::string_view utf8, std::size_t columns) {
  if (display_width(utf8) <= columns) return std::string(utf8);
  std::string out;
  std::size_t width = 1;  // of the mark that something is missing
  while (!utf8.empty()) {
    const Character c = front(utf8);
    width += width_of(c.code);
    if (width > columns) break;
    out += utf8.substr(0, c.bytes);
    utf8.remove_prefix(c.bytes);
  }
  return out + "…";
}

Table::Table(std::vector<std::string> heads, std::vector<bool> right)
    : heads_(std::move(heads)), right_(std::move(right)) {
  right_.resize(heads_.size());
  for (const auto& head : heads_) widths_.push_back(display_width(head));
}

void Table::add(std::vector<std::string> cells) {
  cells.resize(heads_.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i] = one_line(cells[i]);
    widths_[i] = std::max(widths_[i], display_width(cells[i]));
  }
  rows_.push_back(std::move(cells));
}

std::string Table::line(const std::vector<std::string>& cells, std::size_t columns) const {
  std::string out;
  for (std::size_t i = 0; i < columns; ++i) {
    const std::string blanks = spaces(widths_[i] - display_width(cells[i]));
    if (i > 0) out += "  ";
    out += right_[i] ? blanks + cells[i] : cells[i] + blanks;
  }
  out.erase(out.find_last_not_of(' ') + 1);
  return out + '\n';
}

std::string Table::text() const {
  std::string out = line(heads_, heads_.size());
  for (const auto& row : rows_) out += line(row, heads_.size());
  return out;
}

std::string money_text(std::int64_t fen) {
  const bool negative = fen < 0;
  const std::uint64_t amount =
      negative ? 0 - static_cast<std::uint64_t>(fen) : static_cast<std::uint64_t>(fen);
  std::string whole = std::to_string(amount / 100);
  for (std::size_t at = whole.size(); at > 3;) {
    at -= 3;
    whole.insert(at, ",");
  }
  const std::string cents = std::to_string(amount % 100);
  return (negative ? "-¥" : "¥") + whole + '.' + (cents.size() < 2 ? "0" : "") + cents;
}

std::string time_text(std::string_view rfc3339, bool chinese) {
  constexpr std::size_t kMinutesEnd = 16;  // of "2024-03-05T14:30"
  const bool fits = rfc3339.size() > kMinutesEnd && rfc3339[4] == '-' && rfc3339[7] == '-' &&
                    rfc3339[10] == 'T' && rfc3339[13] == ':';
  if (!fits) return std::string(rfc3339);
  const std::string clock(rfc3339.substr(11, 5));
  if (!chinese) return std::string(rfc3339.substr(0, 10)) + ' ' + clock;
  const auto number = [&](std::size_t at) {
    return std::string(
        rfc3339.substr(rfc3339[at] == '0' ? at + 1 : at, rfc3339[at] == '0' ? 1 : 2));
  };
  return std::string(rfc3339.substr(0, 4)) + "年" + number(5) + "月" + number(8) + "日 " + clock;
}

std::string lines_indented(std::string_view text, std::size_t blanks) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += spaces(blanks) + std::string(text.substr(0, end)) + '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace yishi::cli
