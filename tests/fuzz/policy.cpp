// Policies: a fault is named and its sentences can be shown; a policy that is accepted names
// only what it defines, and its calendar counts days as one counts them on one's fingers.
#include "node/deliberation/policy.h"

#include <algorithm>
#include <set>

#include "node/deliberation/calendar.h"
#include "tests/fuzz/target.h"

namespace yishi::fuzz {
namespace {

using deliberation::Policy;

constexpr std::uint64_t kDayMs = 86'400'000;
constexpr std::uint64_t kChinaMs = 8 * 3'600'000;
constexpr std::uint64_t kFirst = 20'700;  // days since 1970: a Friday, 2026-09-04
constexpr std::uint64_t kDaysLookedAt = 40;
constexpr std::uint64_t kFriday = 1;  // 1970-01-01 was a Thursday

void hold_names(const Policy& policy) {
  const auto is_stage = [&](const std::string& id) { return policy.stage(id) != nullptr; };
  const auto is_category = [&](const std::string& id) { return policy.category(id) != nullptr; };
  for (const auto& [act, rule] : policy.acts) {
    YISHI_ASSERT(std::all_of(rule.from.begin(), rule.from.end(), is_stage));
    YISHI_ASSERT(rule.to.empty() || is_stage(rule.to));
    for (const auto& guard : rule.guards) YISHI_ASSERT(guard.numerator <= guard.denominator);
  }
  for (const auto& [level, authority] : policy.authority) {
    YISHI_ASSERT(
        std::all_of(authority.categories.begin(), authority.categories.end(), is_category));
    YISHI_ASSERT(std::all_of(authority.excluded.begin(), authority.excluded.end(), is_category));
  }
  for (const auto& result : policy.results) {
    const auto& stages = policy.closing_stages(result.id);
    YISHI_ASSERT(std::all_of(stages.begin(), stages.end(), is_stage));
  }
}

bool works(const Policy& policy, std::uint64_t day) {
  const std::string text =
      deliberation::day_text(std::chrono::sys_days(std::chrono::days(static_cast<int>(day))));
  const auto listed = [&](const auto& days) {
    return std::find(days.begin(), days.end(), text) != days.end();
  };
  const std::uint64_t weekday = (day - kFriday) % 7;  // 0: Friday
  return listed(policy.workdays) || (!listed(policy.holidays) && weekday != 1 && weekday != 2);
}

void hold_calendar(const Policy& policy) {
  const std::uint64_t start_ms = kFirst * kDayMs - kChinaMs;  // midnight in China
  std::uint32_t worked = 0;
  for (std::uint64_t day = kFirst + 1; day < kFirst + kDaysLookedAt; ++day) {
    if (!works(policy, day)) continue;
    ++worked;
    const std::uint64_t end_ms = (day + 1) * kDayMs - kChinaMs - 1;
    YISHI_ASSERT(deliberation::add_working_days(policy, start_ms, worked) == end_ms);
    YISHI_ASSERT(deliberation::add_working_days(policy, start_ms + kDayMs - 1, worked) == end_ms);
  }
}

}  // namespace

void fuzz_policy(View input) {
  const auto policy = deliberation::parse_policy(text_of(input));
  if (!policy) {
    const Error& error = policy.error();
    YISHI_ASSERT(error.rule.starts_with("policy."));
    YISHI_ASSERT(!error.zh.empty() && !error.en.empty());
    return;
  }
  hold_names(**policy);
  hold_calendar(**policy);
}

}  // namespace yishi::fuzz
