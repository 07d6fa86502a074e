// Spoils bytes in the ways a line, a disk or a stranger does; a seed repeats it.
#pragma once

#include <algorithm>
#include <random>
#include <vector>

#include "crypto/bytes.h"

namespace yishi::fuzz {

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : engine_(seed) {}

  std::size_t below(std::size_t limit) { return engine_() % limit; }

  // One to four changes; `others` lend their parts.
  Bytes mutate(Bytes bytes, const std::vector<Bytes>& others) {
    for (std::size_t left = 1 + below(4); left > 0 && !bytes.empty(); --left) change(bytes, others);
    return bytes;
  }

 private:
  void change(Bytes& bytes, const std::vector<Bytes>& others) {
    const std::size_t at = below(bytes.size());
    const std::size_t length = 1 + below(std::min<std::size_t>(bytes.size() - at, 16));
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = begin + static_cast<std::ptrdiff_t>(length);
    switch (below(7)) {
      case 0:
        *begin ^= static_cast<std::uint8_t>(1U << below(8));
        break;
      case 1:
        *begin = static_cast<std::uint8_t>(engine_());
        break;
      case 2:
        bytes.erase(begin, end);
        break;
      case 3: {
        const Bytes repeated(begin, end);
        bytes.insert(begin, repeated.begin(), repeated.end());
        break;
      }
      case 4:
        bytes.resize(at);
        break;
      case 5:
        std::reverse(begin, end);
        break;
      default: {  // the same place of another one
        const Bytes& other = others[below(others.size())];
        const std::size_t stop = std::min(at + length, other.size());
        for (std::size_t i = at; i < stop; ++i) bytes[i] = other[i];
      }
    }
  }

  std::mt19937_64 engine_;
};

}  // namespace yishi::fuzz
