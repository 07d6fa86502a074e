// Msgpack as nlohmann-json reads it: the other reader that ours is held against.
#pragma once

#include <nlohmann/json.hpp>

#include "crypto/assert.h"
#include "crypto/bytes.h"

namespace yishi::fuzz {

inline nlohmann::json value_of(View bytes) {
  auto value = nlohmann::json::from_msgpack(bytes.begin(), bytes.end(), true, false);
  YISHI_ASSERT(!value.is_discarded());
  return value;
}

// Whether two encodings say the same, shortest forms or not.
inline bool same_value(View a, View b) { return value_of(a) == value_of(b); }

}  // namespace yishi::fuzz
