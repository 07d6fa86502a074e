#include "node/deliberation/calendar.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "node/deliberation/issue.h"
#include "node/deliberation/policy.h"

namespace yishi::deliberation {

namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::chrono::hours kChinaOffset{8};

std::string format(const char* pattern, int first, unsigned second, unsigned third) {
  std::array<char, 32> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), pattern, first, second, third);
  return std::string(buffer.data(), static_cast<std::size_t>(size));
}

bool is_working_day(const Policy& policy, sys_days day) {
  const std::string text = day_text(day);
  if (std::binary_search(policy.workdays.begin(), policy.workdays.end(), text)) return true;
  if (std::binary_search(policy.holidays.begin(), policy.holidays.end(), text)) return false;
  const std::chrono::weekday weekday(day);
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

}  // namespace

sys_days china_day(std::uint64_t time_ms) {
  const milliseconds since(static_cast<std::int64_t>(std::min(time_ms, kMaxTimeMs)));
  return std::chrono::floor<days>(std::chrono::sys_time<milliseconds>(since + kChinaOffset));
}

std::uint64_t end_of_day_ms(sys_days day) {
  const auto end = std::chrono::sys_time<milliseconds>(day + days(1)) - kChinaOffset;
  return static_cast<std::uint64_t>(end.time_since_epoch().count()) - 1;
}

std::string day_text(sys_days day) {
  const year_month_day date(day);
  return format("%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

int china_year(std::uint64_t time_ms) {
  return static_cast<int>(year_month_day(china_day(time_ms)).year());
}

std::string china_month(std::uint64_t time_ms) {
  return day_text(china_day(time_ms)).substr(0, std::string_view("2026-11").size());
}

std::uint64_t add_working_days(const Policy& policy, std::uint64_t from_ms, std::uint32_t count) {
  sys_days day = china_day(from_ms);
  // Ends: the holidays of a policy are finite, and after them every week has working days.
  while (count > 0) {
    day += days(1);
    if (is_working_day(policy, day)) --count;
  }
  return end_of_day_ms(day);
}

}  // namespace yishi::deliberation
