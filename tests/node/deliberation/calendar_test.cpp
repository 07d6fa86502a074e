#include <gtest/gtest.h>

#include "node/deliberation/policy.h"

namespace yishi::deliberation {
namespace {

constexpr std::uint64_t kHour = 3'600'000;
constexpr std::uint64_t kDay = 24 * kHour;
// 2026-09-28, a Monday, 10:00 in China; and the last millisecond of that day.
constexpr std::uint64_t kMonday = 1'790'560'800'000;
constexpr std::uint64_t kMondayEnd = kMonday + 14 * kHour - 1;

Policy weekends_only() { return {}; }

Policy national_day() {  // a long holiday, paid for with two working weekend days
  Policy policy;
  policy.holidays = {"2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"};
  policy.workdays = {"2026-09-20", "2026-10-10"};
  return policy;
}

TEST(WorkingDays, NoneIsTheEndOfTheSameDay) {
  EXPECT_EQ(add_working_days(weekends_only(), kMonday, 0), kMondayEnd);
}

TEST(WorkingDays, AWeekendIsPassedOver) {
  EXPECT_EQ(add_working_days(weekends_only(), kMonday, 4), kMondayEnd + 4 * kDay);
  EXPECT_EQ(add_working_days(weekends_only(), kMonday, 5), kMondayEnd + 7 * kDay);
}

TEST(WorkingDays, AHolidayIsPassedOver) {
  // Tuesday, Wednesday, then Thursday the 8th.
  EXPECT_EQ(add_working_days(national_day(), kMonday, 3), kMondayEnd + 10 * kDay);
}

TEST(WorkingDays, AWorkingSaturdayCounts) {
  // … the 8th, the 9th, Saturday the 10th.
  EXPECT_EQ(add_working_days(national_day(), kMonday, 5), kMondayEnd + 12 * kDay);
}

TEST(WorkingDays, TheDayIsThatOfChinaNotOfGreenwich) {
  const std::uint64_t late = kMondayEnd;       // still Monday
  const std::uint64_t after = kMondayEnd + 1;  // Tuesday in China, Monday in Greenwich
  EXPECT_EQ(add_working_days(weekends_only(), late, 1), kMondayEnd + kDay);
  EXPECT_EQ(add_working_days(weekends_only(), after, 1), kMondayEnd + 2 * kDay);
}

TEST(WorkingDays, AnAbsurdMomentIsHeldAtTheLastDay) {
  EXPECT_GE(add_working_days(weekends_only(), UINT64_MAX, 1), kMaxTimeMs);
}

}  // namespace
}  // namespace yishi::deliberation
