#include "sync/receipted.h"

#include <algorithm>

namespace yishi::sync {

bool Receipted::covers(std::uint64_t at, const crypto::Digest& log, std::uint64_t sequence) const {
  if (at > position) return false;
  return std::none_of(lacks.begin(), lacks.end(), [&](const Lack& lack) {
    if (lack.log.is_zero()) return at == lack.sequence;
    return lack.log == log && sequence > lack.sequence;
  });
}

}  // namespace yishi::sync
