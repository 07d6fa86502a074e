#include "node/turn/rebuild.h"

#include <chrono>

#include "node/store/projections.h"
#include "node/store/salvage.h"

namespace yishi::turn {

namespace {

class Rebuilding {
 public:
  Rebuilding(store::Database& database, const RebuildProgress& progress)
      : database_(database), logs_(database), ledger_(database), progress_(progress) {}

  Status run() {
    const std::uint64_t last = logs_.last_position();
    if (auto status = begin(); !status.ok()) return status;
    for (std::uint64_t at = 0; at < last;) {
      if (auto status = database_.begin(); !status.ok()) return status;
      at = derive(at, last);
      if (const auto fault = ledger_.fault()) return abandon(*fault);
      if (auto status = commit(); !status.ok()) return status;
      if (progress_) progress_(at, last);
    }
    if (auto status = database_.begin(); !status.ok()) return status;
    (void)store::end_projections(database_);  // its faults are the transaction's
    ledger_.review_deadlines();
    (void)logs_.set_value(kRebuildBegun, "");
    return commit();
  }

  std::uint64_t records() const { return records_; }

 private:
  Status begin() {
    if (auto status = database_.begin(); !status.ok()) return status;
    (void)store::Issues(database_).skip_news();
    (void)store::begin_projections(database_);
    (void)logs_.set_value(kRebuildBegun, "1");
    return commit();
  }

  // The rows after `at` for one transaction; where it ended.
  std::uint64_t derive(std::uint64_t at, std::uint64_t last) {
    for (std::uint64_t bytes = 0; bytes < kRebuildBytes && !ledger_.fault();) {
      const auto rows = logs_.rows_after(at, sync::kWindowBytes, false);
      if (rows.empty()) return last;
      for (const auto& row : rows) {
        ledger_.project_row(row);
        bytes += row.run.size();
        records_ += row.records;
      }
      (void)ledger_.take_changed();
      (void)ledger_.take_incomplete();
      at = rows.back().position;
    }
    return at;
  }

  Status abandon(Error error) {
    database_.rollback();
    return error;
  }

  Status commit() {
    if (auto status = database_.commit(); !status.ok()) return status;
    ledger_.committed();
    database_.tend();
    return {};
  }

  store::Database& database_;
  store::Logs logs_;
  Ledger ledger_;
  const RebuildProgress& progress_;
  std::uint64_t records_ = 0;
};

}  // namespace

Status rebuild_projections(store::Database& database, const RebuildProgress& progress) {
  return Rebuilding(database, progress).run();
}

Result<RebuildReport> rebuild_store(const std::string& directory, const RebuildProgress& progress) {
  const auto began = std::chrono::steady_clock::now();
  auto database = store::Database::open(directory, store::Access::kWriter);
  if (!database) return database.error();
  Rebuilding rebuilding(**database, progress);
  if (auto status = rebuilding.run(); !status.ok()) return status.error();
  store::Logs logs(**database);
  if (logs.open_damages() == 0 && logs.value(store::kProjectionsDue).value_or("") == "1") {
    if (auto status = (*database)->begin(); !status.ok()) return status.error();
    (void)logs.set_value(store::kProjectionsDue, "");
    if (auto status = (*database)->commit(); !status.ok()) return status.error();
  }
  RebuildReport report;
  report.rows = logs.last_position();
  report.records = rebuilding.records();
  report.issues = store::Issues(**database).count();
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return report;
}

}  // namespace yishi::turn
