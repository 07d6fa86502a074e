#include "node/turn/wayfinder.h"

#include <algorithm>

namespace yishi::turn {

bool Wayfinder::tick(std::uint64_t now_ms, bool reached, bool told, std::size_t above) {
  if (reached) {
    reset();
    return false;
  }
  if (!asks_) {
    if (!lost_ms_) lost_ms_ = now_ms;
    if (above == 0 || now_ms < *lost_ms_ + patience_ms_) return false;
    asks_ = questions_++ % above;
    asked_ms_ = now_ms;
    return true;
  }
  if (!told && now_ms < asked_ms_ + kAskAtMostMs && *asks_ < above) return false;
  asks_.reset();
  lost_ms_ = now_ms;
  patience_ms_ = std::min(2 * patience_ms_, kAskSeldomMs);
  return true;
}

}  // namespace yishi::turn
