// The clocks of one machine: a wall clock that is off, drifts and jumps, and a steady one that
// begins anew when the machine does. One thread.
#pragma once

#include "node/turn/clock.h"
#include "tests/sim/timeline.h"

namespace yishi::sim {

inline constexpr std::uint64_t kWallAtStart = 1'794'000'000'000;  // in November 2026

class Clock final : public turn::Clock {
 public:
  explicit Clock(const Timeline& timeline) : timeline_(timeline) {}

  turn::Now now() override {
    const auto passed = static_cast<std::int64_t>(timeline_.now());
    return {static_cast<std::uint64_t>(static_cast<std::int64_t>(kWallAtStart) + passed +
                                       passed * drift_millionths / 1'000'000 + offset_ms),
            timeline_.now() - booted_ms_ + kSteadyAtStart};
  }
  void boot() { booted_ms_ = timeline_.now(); }

  std::int64_t offset_ms = 0;         // of the wall clock
  std::int64_t drift_millionths = 0;  // it gains so much

 private:
  static constexpr std::uint64_t kSteadyAtStart = 1'000;
  const Timeline& timeline_;
  Millis booted_ms_ = 0;
};

}  // namespace yishi::sim
