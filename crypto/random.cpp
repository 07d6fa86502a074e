#include "crypto/random.h"

#include <openssl/rand.h>

#include <algorithm>

#include "crypto/assert.h"

namespace yishi::crypto {
namespace {

constexpr std::size_t kMaxDraw = 1 << 20;  // bytes asked of OpenSSL at once; it counts in int

}  // namespace

Bytes Random::bytes(std::size_t count) {
  Bytes out(count);
  fill(out);
  return out;
}

void SystemRandom::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const std::size_t count = std::min(out.size(), kMaxDraw);
    YISHI_ASSERT(RAND_bytes(out.data(), static_cast<int>(count)) == 1);
    out = out.subspan(count);
  }
}

}  // namespace yishi::crypto
