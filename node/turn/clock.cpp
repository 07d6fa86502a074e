#include "node/turn/clock.h"

#include <chrono>

namespace yishi::turn {

Now SystemClock::now() {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  const auto steady = std::chrono::steady_clock::now().time_since_epoch();
  return {static_cast<std::uint64_t>(duration_cast<milliseconds>(wall).count()),
          static_cast<std::uint64_t>(duration_cast<milliseconds>(steady).count())};
}

}  // namespace yishi::turn
