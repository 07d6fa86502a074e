#include "node/deliberation/issue.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "crypto/assert.h"

namespace yishi::deliberation {

namespace {

constexpr int kFirstYear = 1970;
constexpr int kLastYear = 9999;
constexpr std::size_t kYearDigits = 4;
constexpr std::size_t kMinNumberDigits = 4;
constexpr std::size_t kMaxNumberDigits = 12;

// "0007" of the number 7.
std::string padded(std::uint64_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < kMinNumberDigits) digits.insert(0, kMinNumberDigits - digits.size(), '0');
  return digits;
}

template <class Number>
bool read_digits(std::string_view digits, Number& number) {
  const auto all =
      std::all_of(digits.begin(), digits.end(), [](char one) { return one >= '0' && one <= '9'; });
  return all &&
         std::from_chars(digits.data(), digits.data() + digits.size(), number).ec == std::errc();
}

Error malformed(std::string_view text) {
  const std::string shown(text.substr(0, 60));
  return {"issue.id", "issue",
          "事项编号应为“单位代码-年份-编号”，如 320803001001-2026-0007；这里是“" +
              (is_utf8(shown) ? shown : std::string("?")) + "”。",
          "an issue's id is <unit code>-<year>-<number>, such as 320803001001-2026-0007"};
}

}  // namespace

std::string make_issue_id(const topology::Code& unit, int year, std::uint64_t number) {
  YISHI_ASSERT(year >= kFirstYear && year <= kLastYear && number > 0);
  return unit.text() + "-" + std::to_string(year) + "-" + padded(number);
}

Result<IssueId> parse_issue_id(std::string_view text) {
  const std::size_t last = text.rfind('-');
  if (last == std::string_view::npos || last < kYearDigits + 1) return malformed(text);
  const std::size_t middle = text.rfind('-', last - 1);
  if (middle == std::string_view::npos || last - middle != kYearDigits + 1) return malformed(text);
  const std::string_view year = text.substr(middle + 1, kYearDigits);
  const std::string_view number = text.substr(last + 1);
  if (number.size() > kMaxNumberDigits) return malformed(text);
  auto unit = topology::Code::parse(text.substr(0, middle));
  IssueId id;
  if (!unit || !read_digits(year, id.year) || !read_digits(number, id.number)) {
    return malformed(text);
  }
  // One id, one text: no other way of writing the same number.
  if (id.year < kFirstYear || id.number == 0 || padded(id.number) != number) {
    return malformed(text);
  }
  id.unit = *unit;
  return id;
}

}  // namespace yishi::deliberation
