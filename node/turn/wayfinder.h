// When the parent cannot be reached: whether to ask someone above it for the way.
//
// A node knows its parent by the key in the topology that it holds. When another machine has taken
// the parent's place, or the node's unit was moved while it was away, only the newest topology says
// so, and that came through the parent. So a node that has not reached its parent for a while puts
// its line to an ancestor instead, hears the topology log from there and nothing else, and turns
// back to its parent: the one it knew, or the one that it was told of.
//
//   parent's line ── kAskTheWayMs without it ──▶ an ancestor's line ── told, or kAskAtMostMs ──▶ …
//
// Each time in vain the next ancestor is asked, and the patience before it doubles up to
// kAskSeldomMs: a parent that is just switched off for long is not passed by all the time. Whoever
// is above answers a few such questions beside its work (Neighbours::hears).
//
// Times are on the steady clock. One thread; nothing here fails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace yishi::turn {

inline constexpr std::uint64_t kAskTheWayMs = 300'000;
inline constexpr std::uint64_t kAskAtMostMs = 60'000;
inline constexpr std::uint64_t kAskSeldomMs = 3'600'000;

class Wayfinder {
 public:
  // reached: the parent's link is open. told: the ancestor's link is open, and we know the
  // topology that it had. above: how many ancestors the parent has. True: asks() is another.
  bool tick(std::uint64_t now_ms, bool reached, bool told, std::size_t above);
  void reset() { *this = {}; }  // the parent is another

  std::optional<std::size_t> asks() const { return asks_; }  // 0: the parent's parent

 private:
  std::optional<std::uint64_t> lost_ms_;  // since when the parent is tried in vain
  std::uint64_t patience_ms_ = kAskTheWayMs;
  std::optional<std::size_t> asks_;
  std::uint64_t asked_ms_ = 0;
  std::size_t questions_ = 0;
};

}  // namespace yishi::turn
