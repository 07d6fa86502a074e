#include "tests/sim/network.h"

#include <gtest/gtest.h>

namespace yishi::sim {
namespace {

struct Counted {
  int frames = 0, lost = 0, repeated = 0, overtaken = 0;
};

Counted count(const Weather& weather) {
  Random random(9);
  Counted counted;
  Millis last = 0;
  for (Millis sent = 0; sent < 10'000; ++sent) {  // one each millisecond
    const auto arrivals = draw_arrivals(weather, random);
    ++counted.frames;
    if (arrivals.empty()) ++counted.lost;
    if (arrivals.size() > 1) ++counted.repeated;
    for (const auto delay : arrivals) {
      EXPECT_GE(delay, weather.delay_from);
      EXPECT_LE(delay, weather.delay_to);
      if (sent + delay < last) ++counted.overtaken;
      last = std::max(last, sent + delay);
    }
  }
  return counted;
}

TEST(Weather, FairWeatherLosesAndRepeatsNothing) {
  const auto counted = count({});
  EXPECT_EQ(counted.lost, 0);
  EXPECT_EQ(counted.repeated, 0);
}

TEST(Weather, LosesItsShare) {
  const auto counted = count({0.3, 0, 1, 5, false});
  EXPECT_NEAR(counted.lost, 3'000, 300);
  EXPECT_EQ(counted.repeated, 0);
}

TEST(Weather, RepeatsItsShare) {
  const auto counted = count({0, 0.5, 1, 5, false});
  EXPECT_EQ(counted.lost, 0);
  EXPECT_NEAR(counted.repeated, 5'000, 300);
}

TEST(Weather, LongDelaysLetFramesOvertakeEachOther) {
  EXPECT_GT(count({0, 0, 1, 3'000, false}).overtaken, 1'000);
}

TEST(Weather, CutLineCarriesNothing) { EXPECT_EQ(count({0, 0.5, 1, 5, true}).lost, 10'000); }

}  // namespace
}  // namespace yishi::sim
