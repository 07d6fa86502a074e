// How long to wait before trying again: doubling up to a cap, each wait drawn at random
// from the upper half of its step, so that a thousand children of a parent that went
// away do not come back in one moment.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "crypto/assert.h"
#include "crypto/random.h"

namespace yishi::sync {

class Backoff {
 public:
  Backoff(std::uint64_t min_ms, std::uint64_t max_ms)
      : min_ms_(min_ms), max_ms_(max_ms), step_ms_(min_ms) {
    YISHI_ASSERT(min_ms > 0 && min_ms <= max_ms);
  }

  // ms, in (step/2, step]; the step then doubles, up to max_ms.
  std::uint64_t next(crypto::Random& random) {
    std::array<std::uint8_t, 4> bytes{};
    random.fill(bytes);
    std::uint64_t drawn = 0;
    for (const auto byte : bytes) drawn = drawn << 8U | byte;
    const std::uint64_t wait = step_ms_ - drawn % (step_ms_ / 2 + 1);
    step_ms_ = std::min(step_ms_ * 2, max_ms_);
    return wait;
  }

  void reset() { step_ms_ = min_ms_; }

 private:
  std::uint64_t min_ms_;
  std::uint64_t max_ms_;
  std::uint64_t step_ms_;
};

}  // namespace yishi::sync
