// check_run and check_singly once more, as their README states them: every signature is
// verified, nothing is skipped, and each condition stands by itself.
#pragma once

#include <map>

#include "sync/log_check.h"

namespace yishi::fuzz {

struct NaiveVerdict {
  sync::Standing standing = sync::Standing::kInvalid;
  std::size_t first_new = 0;  // kFollows, kKnown
  std::size_t at = 0;         // kForked, kInvalid
};

using HeldDigests = std::map<std::uint64_t, crypto::Digest>;  // by sequence; may have holes

NaiveVerdict naive_check_run(const crypto::PublicKey& key, const crypto::Digest& network,
                             std::uint64_t head, const HeldDigests& held,
                             const std::vector<sync::Entry>& entries);
NaiveVerdict naive_check_singly(const crypto::PublicKey& key, const crypto::Digest& network,
                                HeldDigests held, const std::vector<sync::Entry>& entries);

}  // namespace yishi::fuzz
