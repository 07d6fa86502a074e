// What the decoders of this folder share: faults under their own format's name,
// versions, and fixed-length values read after a possible fault.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "crypto/digest.h"
#include "crypto/pack.h"
#include "crypto/result.h"

namespace yishi::sync {

// The msgpack reader says "pack.type"; whoever reads the log wants "entry.type".
inline Error in_format(std::string_view format, Error fault) {
  const std::size_t dot = fault.rule.find('.');
  if (dot != std::string::npos) fault.rule.replace(0, dot, format);
  return fault;
}

// A version we do not know is refused by that name before anything else of the
// value is looked at: its other fields may be different ones.
inline Status known_version(std::string_view format, const Value& root, std::uint64_t known) {
  const Value* first = root.at(0);
  const auto version = first == nullptr ? std::nullopt : first->number();
  if (!version || *version == known) return {};  // what is no version, the reader will name
  const std::string number = std::to_string(*version);
  return Error{std::string(format) + ".version", "version", "不认识的格式版本 " + number,
               "unknown format version " + number};
}

// After a fault a reader gives empty views; these give zeros for them.
template <std::size_t kSize>
std::array<std::uint8_t, kSize> array_from(View bytes) {
  std::array<std::uint8_t, kSize> out{};
  if (bytes.size() == kSize) std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

inline crypto::Digest digest_from(View bytes) { return {array_from<crypto::kDigestBytes>(bytes)}; }

}  // namespace yishi::sync
