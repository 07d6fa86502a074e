// Every projection derived again from the rows: `yishi rebuild` on a node that is stopped, and
// repair.h when projections suffered.
//
// It goes in transactions of kRebuildBytes, so that neither memory nor the write-ahead log grows
// with the store. A store whose rebuilding was cut short says so (kRebuildBegun): the next
// repair_store(), which every start begins with, does it over.
#pragma once

#include <functional>
#include <string>

#include "node/turn/ledger.h"

namespace yishi::turn {

inline constexpr std::uint64_t kRebuildBytes = 16ULL * 1024 * 1024;  // of packed runs, a commit

// A named value of the store: "1" while its projections are not whole.
inline constexpr std::string_view kRebuildBegun = "projections.begun";

// Called with positions done and of all, at least once a transaction.
using RebuildProgress = std::function<void(std::uint64_t done, std::uint64_t all)>;

// From all rows that are whole. On an error the store is left as cut short.
Status rebuild_projections(store::Database& database, const RebuildProgress& progress = {});

struct RebuildReport {
  std::uint64_t rows = 0, records = 0, issues = 0;
  double seconds = 0;
};
// Of a node that is stopped. Rules as of Database::open; damaged rows are left out and derived
// again once they are mended.
Result<RebuildReport> rebuild_store(const std::string& directory,
                                    const RebuildProgress& progress = {});

}  // namespace yishi::turn
