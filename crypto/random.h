// Where random bytes come from. The daemon hands down the system's generator;
// the simulator hands down a seeded one, so that a history can be replayed.
#pragma once

#include <cstdint>
#include <span>

#include "crypto/bytes.h"

namespace yishi::crypto {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
  Bytes bytes(std::size_t count);
};

class SystemRandom final : public Random {  // getrandom by way of OpenSSL; aborts if there is none
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace yishi::crypto
