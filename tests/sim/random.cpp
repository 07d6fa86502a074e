#include "tests/sim/random.h"

namespace yishi::sim {

std::uint64_t Random::spread(std::uint64_t low, std::uint64_t high) {
  std::uint64_t steps = 0;
  while ((low + 1) << steps <= high && steps < 62) ++steps;
  const std::uint64_t top = ((low + 1) << below(steps + 1)) - 1;
  return between(low, top < low ? low : top > high ? high : top);
}

}  // namespace yishi::sim
