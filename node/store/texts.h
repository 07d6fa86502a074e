// Small helpers on texts. Private to node/store.
#pragma once

#include <string_view>

namespace yishi::store {

// The beginning of a text, at most max_bytes, not ending inside a UTF-8 character.
inline std::string_view cut(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace yishi::store
