#include "node/turn/backup.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace yishi::turn {
namespace {

constexpr std::uint64_t kDay = 86'400'000;
constexpr std::uint64_t kMonday = 20'000 * kDay + 4 * kDay;  // day 20004 since 1970

std::set<std::uint64_t> kept(const std::vector<std::uint64_t>& times) {
  const auto old = outlived(times);
  std::set<std::uint64_t> all(times.begin(), times.end());
  for (const auto time : old) all.erase(time);
  return all;
}

TEST(Backup, KeepsTheNewestOfADay) {
  EXPECT_EQ(kept({kMonday + 1, kMonday + 3, kMonday + 2}), std::set{kMonday + 3});
}

TEST(Backup, KeepsSevenDaysAndFourWeeks) {
  std::vector<std::uint64_t> times;
  for (std::uint64_t day = 0; day < 60; ++day) times.push_back(kMonday + day * kDay);
  const auto left = kept(times);
  // Seven days, and of the four weeks the newest of each: the present week's is a day's already,
  // and so may be the one's before it.
  for (std::uint64_t day = 53; day < 60; ++day) EXPECT_TRUE(left.contains(kMonday + day * kDay));
  std::set<std::uint64_t> weeks;
  for (const auto time : left) weeks.insert((time / kDay + 3) / 7);
  EXPECT_EQ(weeks.size(), 4U);
  EXPECT_LE(left.size(), 7U + 4U);
}

TEST(Backup, AGapOfMonthsRemovesNothingThatIsNotReplaced) {
  const std::vector<std::uint64_t> times{kMonday, kMonday + 100 * kDay, kMonday + 200 * kDay};
  EXPECT_TRUE(outlived(times).empty());
}

TEST(Backup, RotatingDayByDayLeavesTheSame) {
  std::vector<std::uint64_t> times;
  for (std::uint64_t day = 0; day < 100; ++day) {
    times.push_back(kMonday + day * kDay);
    for (const auto time : outlived(times)) std::erase(times, time);
    EXPECT_LE(times.size(), kBackupDays + kBackupWeeks);
  }
  std::set<std::uint64_t> weeks;
  for (const auto time : times) weeks.insert((time / kDay + 3) / 7);
  EXPECT_EQ(weeks.size(), kBackupWeeks);
}

}  // namespace
}  // namespace yishi::turn
