#include "sync/backoff.h"

#include <gtest/gtest.h>

#include <set>

namespace yishi::sync {
namespace {

TEST(Backoff, DoublesToItsCapAndStaysInTheUpperHalfOfEachStep) {
  crypto::SystemRandom random;
  Backoff backoff(200, 30'000);
  for (std::uint64_t step = 200, i = 0; i < 20;
       ++i, step = std::min<std::uint64_t>(step * 2, 30'000)) {
    const auto wait = backoff.next(random);
    EXPECT_LE(wait, step);
    EXPECT_GE(wait, step / 2);
  }
  backoff.reset();
  EXPECT_LE(backoff.next(random), 200U);
}

TEST(Backoff, SpreadsThoseWhoLostTheirParentInOneMoment) {
  crypto::SystemRandom random;
  std::set<std::uint64_t> waits;
  for (int i = 0; i < 1000; ++i) waits.insert(Backoff(30'000, 30'000).next(random));
  EXPECT_GT(waits.size(), 500U);  // of 15,001 possible ones
}

}  // namespace
}  // namespace yishi::sync
