// The two clocks of a turn, read once at its start: time stands still within a turn, so
// that a turn can be repeated. The daemon hands down the system's; a simulator its own.
#pragma once

#include <cstdint>

namespace yishi::turn {

struct Now {
  std::uint64_t wall_ms = 0;    // since 1970 UTC; may jump; written, shown, never ordered by
  std::uint64_t steady_ms = 0;  // since some start; never goes back; timeouts only
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Now now() = 0;
};

class SystemClock final : public Clock {
 public:
  Now now() override;
};

}  // namespace yishi::turn
