#include "crypto/masked.h"

#include <algorithm>

namespace yishi {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string masked(std::string_view text) {
  constexpr std::size_t kMobile = 11;
  constexpr std::size_t kIdentity = 18;  // the last may be an X
  std::string out(text);
  for (std::size_t at = 0; at < out.size();) {
    if (!is_digit(out[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < out.size() && is_digit(out[end])) ++end;
    const bool x = end < out.size() && (out[end] == 'X' || out[end] == 'x');
    const std::size_t length = end - at + (x ? 1 : 0);
    if (end - at == kMobile && out[at] == '1' && out[at + 1] >= '3') {
      std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(at) + 3, 4, '*');
    } else if (length == kIdentity) {
      std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(at) + 6, 8, '*');
    }
    at = end;
  }
  return out;
}

}  // namespace yishi
