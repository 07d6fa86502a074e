// Cuts an input into the small decisions and pieces that a target asks for. An input that has
// come to its end gives zeros and empty pieces, so that every input means something.
#pragma once

#include <algorithm>

#include "crypto/bytes.h"

namespace yishi::fuzz {

class Cutter {
 public:
  explicit Cutter(View input) : rest_(input) {}

  bool empty() const { return rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  std::size_t below(std::size_t limit) { return byte() % limit; }
  std::size_t word() {
    const std::size_t high = byte();
    return high * 256 + byte();
  }
  View piece(std::size_t bytes) {
    const View taken = rest_.first(std::min(bytes, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

 private:
  View rest_;
};

}  // namespace yishi::fuzz
