// Re-derives the whole of a store from its entries and compares: every chain, every
// signature, every record's digest, and every projection (by replaying all rows into a
// second store in a temporary folder beside it). Reads through a reader: a running daemon
// goes on. Not an error: finding something wrong; that is the answer.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "crypto/result.h"

namespace yishi::turn {

struct VerifyReport {
  std::uint64_t rows = 0, entries = 0, records = 0, logs = 0, issues = 0;
  std::uint64_t signatures = 0;
  std::uint64_t withheld = 0;                     // records whose bytes are not here
  std::vector<std::string> faults_zh, faults_en;  // at most kMaxVerifyFaults; empty: all agrees
  bool ok() const { return faults_en.empty(); }
};
inline constexpr std::size_t kMaxVerifyFaults = 100;

// progress: rows done, rows in all; may be empty.
Result<VerifyReport> verify_store(
    const std::string& directory,
    const std::function<void(std::uint64_t, std::uint64_t)>& progress);

}  // namespace yishi::turn
