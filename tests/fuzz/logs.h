// A few logs written beforehand, good ones and others, to build runs from.
#pragma once

#include <optional>
#include <vector>

#include "sync/log_check.h"

namespace yishi::fuzz {

// All are signed, and by the key that the name says. The log that is held is `main`.
struct Logs {
  Logs();

  crypto::PrivateKey key;
  crypto::Digest network;
  std::vector<sync::SealedEntry> main;  // sequences 1 to kMainEntries
  std::vector<sync::SealedEntry> pool;  // main, and after it what must not pass with it
  std::vector<crypto::Digest> digests;  // of main

  static constexpr std::size_t kMainEntries = 6;
};

}  // namespace yishi::fuzz
