// The name under which a store's stream goes out: its incarnation.
//
//   incarnation = store: bin 8 ‖ number: 4 bytes, most significant first ‖ chance: bin 4
//
// Each start of the process begins another life of the store, with the next number. A store that is
// put back to an older state of its disk and grows again has the same positions with other rows
// behind them; it has not the same lives. So a cursor that names the life it rests on says exactly
// which rows it counts, and the store can tell by its list of lives whether they are its own.
//
// Only the owner of a store reads such a name; to all others it is 16 bytes.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "sync/message.h"

namespace yishi::sync {

struct Life {  // one that has ended
  Nonce name{};
  std::uint64_t end = 0;  // newest position of the stream that was written in it or before
  bool operator==(const Life&) const = default;
};

inline constexpr std::size_t kStoreBytes = 8;
using LifeChance = std::array<std::uint8_t, 4>;

inline Nonce life_name(const Nonce& store, std::uint32_t number, const LifeChance& chance) {
  Nonce name = store;
  auto at = name.begin() + kStoreBytes;
  for (int shift = 24; shift >= 0; shift -= 8) *at++ = static_cast<std::uint8_t>(number >> shift);
  std::copy(chance.begin(), chance.end(), at);
  return name;
}

inline std::uint32_t life_number(const Nonce& name) {
  std::uint32_t number = 0;
  for (auto at = name.begin() + kStoreBytes; at != name.begin() + kStoreBytes + 4; ++at) {
    number = number << 8U | *at;
  }
  return number;
}

// Numbers go round: a store's first one is drawn.
inline bool not_before(const Nonce& life, const Nonce& other) {
  return static_cast<std::int32_t>(life_number(life) - life_number(other)) >= 0;
}

inline bool of_one_store(const Nonce& a, const Nonce& b) {
  return std::equal(a.begin(), a.begin() + kStoreBytes, b.begin());
}

}  // namespace yishi::sync
