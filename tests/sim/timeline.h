// Simulated time: a queue of what will happen, in order of time and, at one time, of asking.
// Idle time costs nothing. One thread.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "tests/sim/witness.h"

namespace yishi::sim {

class Timeline {
 public:
  Millis now() const { return now_; }
  void at(Millis when, std::function<void()> what) {
    queue_.emplace(std::pair{when, ++asked_}, std::move(what));
  }
  void in(Millis delay, std::function<void()> what) { at(now_ + delay, std::move(what)); }

  // Does everything that is due until then.
  void run_until(Millis until) {
    while (!queue_.empty() && queue_.begin()->first.first <= until) {
      auto next = queue_.extract(queue_.begin());
      if (next.key().first > now_) now_ = next.key().first;
      next.mapped()();
    }
    if (until > now_) now_ = until;
  }
  // All machines sleep: what was due meanwhile comes late, at once.
  void leap(Millis duration) { now_ += duration; }

 private:
  Millis now_ = 0;
  std::uint64_t asked_ = 0;
  std::map<std::pair<Millis, std::uint64_t>, std::function<void()>> queue_;
};

}  // namespace yishi::sim
