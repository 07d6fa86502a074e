// The one source of chance in a history: everything that is drawn follows from the seed. Not
// <random>'s distributions, whose results differ between libraries.
#pragma once

#include <cstdint>
#include <vector>

#include "crypto/random.h"

namespace yishi::sim {

class Random final : public crypto::Random {  // splitmix64 (public domain, Vigna 2015)
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(next());
  }

  std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
  std::uint64_t between(std::uint64_t low, std::uint64_t high) {  // both included
    return low + below(high - low + 1);
  }
  double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  bool chance(double probability) { return unit() < probability; }
  // About as often near `low` as near `high` on a logarithmic scale: delays, pauses.
  std::uint64_t spread(std::uint64_t low, std::uint64_t high);
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  Random fork() { return Random(next()); }  // a source of its own for one part of the world

 private:
  std::uint64_t state_;
};

}  // namespace yishi::sim
