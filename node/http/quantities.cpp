#include "node/http/quantities.h"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "node/deliberation/act.h"

namespace yishi::http {
namespace {

constexpr std::int64_t kChinaMs = 8LL * 3600 * 1000;  // ahead of UTC
constexpr std::int64_t kDaySeconds = 24LL * 3600;

// Reads digits one after another.
class Digits {
 public:
  explicit Digits(std::string_view text) : text_(text) {}

  int number(std::size_t digits) {  // exactly so many
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (text_.empty() || text_.front() < '0' || text_.front() > '9') {
        fault_ = true;
        return 0;
      }
      value = value * 10 + (text_.front() - '0');
      text_.remove_prefix(1);
    }
    return value;
  }
  bool skip(std::string_view any) {
    if (text_.empty() || any.find(text_.front()) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }
  void need(std::string_view any) { fault_ = !skip(any) || fault_; }
  void skip_digits() {
    while (skip("0123456789")) {
    }
  }
  bool at_end() const { return text_.empty(); }
  bool fault() const { return fault_; }
  char front() const { return text_.empty() ? '\0' : text_.front(); }

 private:
  std::string_view text_;
  bool fault_ = false;
};

// Seconds east of UTC; reads "Z", "+08:00" or nothing (China).
std::int64_t read_offset(Digits& digits) {
  if (digits.at_end()) return kChinaMs / 1000;
  if (digits.skip("Zz")) return 0;
  const bool west = digits.front() == '-';
  digits.need("+-");
  const int hours = digits.number(2);
  digits.need(":");
  const int minutes = digits.number(2);
  const std::int64_t seconds = hours * 3600LL + minutes * 60LL;
  return west ? -seconds : seconds;
}

std::string without(std::string_view text, std::initializer_list<std::string_view> parts) {
  std::string out(text);
  for (const auto part : parts) {
    for (std::size_t at = out.find(part); at != std::string::npos; at = out.find(part)) {
      out.erase(at, part.size());
    }
  }
  return out;
}

}  // namespace

std::optional<std::int64_t> parse_yuan(std::string_view text) {
  const std::string plain = without(text, {",", "，", "¥", "￥", "元", " "});
  std::int64_t fen = 0;
  std::size_t whole = 0;
  std::size_t decimals = 0;
  bool point = false;
  for (const char c : plain) {
    if (c == '.' && !point && whole > 0) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9' || fen > deliberation::kMaxBudgetFen) return std::nullopt;
    fen = fen * 10 + (c - '0');
    ++(point ? decimals : whole);
    if (decimals > 2) return std::nullopt;
  }
  if (whole == 0 || (point && decimals == 0)) return std::nullopt;
  for (; decimals < 2; ++decimals) fen *= 10;
  if (fen > deliberation::kMaxBudgetFen) return std::nullopt;
  return fen;
}

std::optional<std::int64_t> yuan_to_fen(double yuan) {
  constexpr double kTolerance = 1e-4;  // of a fen: what a double of this size may be off
  const double fen = yuan * 100;
  if (!(fen >= 0) || fen > static_cast<double>(deliberation::kMaxBudgetFen)) return std::nullopt;
  const double rounded = std::round(fen);
  if (std::abs(fen - rounded) > kTolerance + fen * 1e-15) return std::nullopt;
  return static_cast<std::int64_t>(rounded);
}

std::string yuan_text(std::int64_t fen) {
  const std::string cents = std::to_string(fen % 100);
  return std::to_string(fen / 100) + '.' + (cents.size() < 2 ? "0" : "") + cents;
}

std::string rfc3339(std::uint64_t ms) {
  if (ms == 0) return {};
  const std::int64_t seconds = (static_cast<std::int64_t>(ms) + kChinaMs) / 1000;
  const std::chrono::year_month_day day{
      std::chrono::sys_days{std::chrono::days{seconds / kDaySeconds}}};
  const auto rest = static_cast<int>(seconds % kDaySeconds);
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d+08:00",
                static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()), rest / 3600, rest / 60 % 60, rest % 60);
  return out.data();
}

std::optional<std::uint64_t> parse_moment(std::string_view text) {
  Digits digits(text);
  const std::chrono::year year{digits.number(4)};
  digits.need("-");
  const std::chrono::month month{static_cast<unsigned>(digits.number(2))};
  digits.need("-");
  const std::chrono::year_month_day day{year, month,
                                        std::chrono::day{static_cast<unsigned>(digits.number(2))}};
  if (digits.fault() || !day.ok() || static_cast<int>(year) < 1970) return std::nullopt;
  std::int64_t seconds = kDaySeconds * std::chrono::sys_days{day}.time_since_epoch().count();
  if (digits.at_end()) {
    seconds += kDaySeconds - 1;  // a day lasts until its end
  } else {
    digits.need(" Tt");
    const int hour = digits.number(2);
    digits.need(":");
    const int minute = digits.number(2);
    const int second = digits.skip(":") ? digits.number(2) : 0;
    if (digits.skip(".")) digits.skip_digits();
    if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
    seconds += hour * 3600LL + minute * 60LL + second;
  }
  seconds -= read_offset(digits);
  if (digits.fault() || !digits.at_end() || seconds < 0) return std::nullopt;
  return static_cast<std::uint64_t>(seconds) * 1000;
}

std::uint64_t now_ms() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
}

}  // namespace yishi::http
