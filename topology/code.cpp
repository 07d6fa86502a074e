#include "topology/code.h"

#include <algorithm>
#include <array>

#include "topology/unit.h"

namespace yishi::topology {

namespace {

constexpr std::size_t kMinSuffixDigits = 2;
constexpr std::size_t kMaxSuffixDigits = 4;
static_assert(kMaxCodeBytes == kDivisionDigits + 2 + kMaxSuffixDigits);
// Where the groups end: province, city, county, township, village.
constexpr std::array<std::size_t, 5> kGroupEnds{2, 4, 6, 9, 12};

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Error digits_error(std::string_view text) {
  return {"code.digits", "code",
          "代码应为 12 位数字（半角），不能全为 0；这里是“" + excerpt(text) + "”。",
          "A code has 12 digits 0-9, not all of them 0; found \"" + excerpt(text) + "\"."};
}

Error suffix_error(std::string_view text) {
  return {"code.suffix", "code",
          "非区划单位的代码是 12 位数字加后缀，如 320803001000-E01（S 系统、E 企业、A 协会、"
          "T 工作室，后接 2 至 4 位数字）；这里是“" +
              excerpt(text) + "”。",
          "The code of a room outside the territory is 12 digits and a suffix such as -E01 (S, E, "
          "A or T and two to four digits); found \"" +
              excerpt(text) + "\"."};
}

}  // namespace

Result<Code> Code::parse(std::string_view text) {
  const std::string_view division = text.substr(0, kDivisionDigits);
  if (division.size() != kDivisionDigits || !all_digits(division) ||
      division.find_first_not_of('0') == std::string_view::npos) {
    return digits_error(text);
  }
  if (text.size() > kDivisionDigits) {
    if (text[kDivisionDigits] != '-') return digits_error(text);
    if (text.size() > kMaxCodeBytes || text.size() < kDivisionDigits + 2 + kMinSuffixDigits) {
      return suffix_error(text);
    }
    const char letter = text[kDivisionDigits + 1];
    if (letter == '\0' || kind_of_suffix(letter).empty() ||
        !all_digits(text.substr(kDivisionDigits + 2))) {
      return suffix_error(text);
    }
  }
  Code code;
  code.text_ = std::string(text);
  return code;
}

std::size_t Code::significant_digits() const {
  if (empty()) return 0;
  const std::size_t last = text_.substr(0, kDivisionDigits).find_last_not_of('0');
  YISHI_ASSERT(last != std::string::npos);
  return *std::upper_bound(kGroupEnds.begin(), kGroupEnds.end(), last);
}

Code Code::division() const {
  Code code;
  code.text_ = text_.substr(0, kDivisionDigits);
  return code;
}

bool Code::extends(const Code& outer) const {
  if (empty() || outer.empty()) return false;
  if (!outer.is_division()) return *this == outer;
  const std::size_t digits = outer.significant_digits();
  return text_.compare(0, digits, outer.text_, 0, digits) == 0;
}

}  // namespace yishi::topology
