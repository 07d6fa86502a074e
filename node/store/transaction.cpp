// Transactions: begin, commit, rollback, and what a fault of one leads to.
#include <algorithm>
#include <array>

#include "crypto/planted.h"
#include "node/store/issue_rows.h"
#include "node/store/limits.h"

namespace yishi::store {
namespace {

Error poisoned_error(const std::string& path) {
  return {"store.poisoned", path, "此前写盘失败，" + path + " 须重新打开后才能使用",
          "an earlier write failed: " + path + " must be opened again"};
}

Error full_error(const std::string& path) {
  return {"store.full", path, "磁盘已满，未保存；请在 " + path + " 所在的磁盘上腾出空间",
          "the disk is full and nothing was saved: make room on the disk of " + path};
}

}  // namespace

LoadedIssue* IssueCache::find(std::string_view id) {
  const auto found = by_id_.find(std::string(id));
  if (found == by_id_.end()) return nullptr;
  order_.splice(order_.begin(), order_, found->second);
  return &order_.front();
}

LoadedIssue* IssueCache::put(LoadedIssue issue) {
  YISHI_ASSERT(!by_id_.contains(issue.issue.id));
  order_.push_front(std::move(issue));
  by_id_[order_.front().issue.id] = order_.begin();
  return &order_.front();
}

void IssueCache::drop_oldest(std::size_t keep) {
  while (order_.size() > keep) {
    YISHI_ASSERT(!order_.back().unsaved);
    by_id_.erase(order_.back().issue.id);
    order_.pop_back();
  }
}

std::vector<LoadedIssue*> IssueCache::unsaved() {
  std::vector<LoadedIssue*> found;
  for (auto& issue : order_) {
    if (issue.unsaved) found.push_back(&issue);
  }
  std::sort(found.begin(), found.end(),
            [](const LoadedIssue* a, const LoadedIssue* b) { return a->number < b->number; });
  return found;
}

void IssueCache::clear() {
  order_.clear();
  by_id_.clear();
}

void Database::Impl::forget() {
  log_numbers.clear();
  last_position.reset();
  last_news.reset();
  told_position = 0;
  told_units.clear();
  last_order.reset();
  last_issue.reset();
  issues.clear();
  classes.clear();
  figure_numbers.clear();
  figures.clear();
  sittings.clear();
}

Error Database::Impl::error_of(const Fault& fault) const {
  const std::string path = directory.database();
  if (fault.full()) return full_error(path);
  if (fault.busy()) {
    return {"store.busy", path, path + " 正忙，请稍后再试", path + " is busy: try again"};
  }
  if (fault.corrupt()) {
    return {"store.corrupt", path, path + " 已损坏：" + fault.message,
            path + " is damaged: " + fault.message};
  }
  if (fault.read_only() && access == Access::kReader) {
    return {"store.readonly", path, path + " 以只读方式打开", path + " was opened for reading"};
  }
  return {"store.io", path, "读写 " + path + " 失败：" + fault.message,
          "reading or writing " + path + " failed: " + fault.message};
}

Error Database::Impl::settle() {
  const Fault fault = *connection.fault();
  connection.clear_fault();
  if (access == Access::kReader || fault.busy()) return error_of(fault);
  if (!fault.full()) {
    poisoned = true;
    return error_of(fault);
  }
  // The room of the reserve lets the write-ahead log be copied back, which frees its own.
  directory.release_reserve();
  checkpoint();
  return error_of(fault);
}

Status Database::Impl::outcome() const {
  if (!connection.fault()) return {};
  return error_of(*connection.fault());
}

// PASSIVE disturbs nobody and copies what no reader needs; a write-ahead log that readers
// kept from starting again for long is cut, waiting for them a moment.
void Database::Impl::checkpoint() {
  const bool cut = wal_pages >= kTruncatePages || !directory.has_reserve();
  const int code = sqlite3_wal_checkpoint_v2(
      connection.handle(), nullptr, cut ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
      nullptr, nullptr);
  if (code == SQLITE_OK) return;
  Fault fault;
  fault.code = code;
  fault.system = sqlite3_system_errno(connection.handle());
  if (fault.full()) {
    directory.release_reserve();  // for the next attempt; begin() waits for room
  } else if (!fault.busy()) {
    poisoned = true;
  }
}

Status Database::begin() {
  YISHI_ASSERT(!impl_->in_transaction);
  Connection& connection = impl_->connection;
  const bool writer = impl_->access == Access::kWriter;
  if (writer && connection.fault()) (void)impl_->settle();  // of a question before
  if (impl_->poisoned) return poisoned_error(impl_->directory.database());
  if (writer && !impl_->directory.has_reserve() && !impl_->directory.make_reserve()) {
    return full_error(impl_->directory.database());
  }
  if (!connection.control(writer ? "BEGIN IMMEDIATE" : "BEGIN")) return impl_->settle();
  impl_->in_transaction = true;
  connection.guard(writer ? Connection::Guard::kWriting : Connection::Guard::kReading);
  return {};
}

Status Database::commit() {
  YISHI_ASSERT(impl_->in_transaction);
  Connection& connection = impl_->connection;
  if (impl_->access == Access::kWriter) save_unsaved(*impl_);
  if (!connection.fault() && connection.control("COMMIT")) {
    connection.guard(Connection::Guard::kNone);
    impl_->in_transaction = false;
    return {};
  }
  const Error error = impl_->error_of(*connection.fault());
  if (impl_->access == Access::kReader) connection.clear_fault();  // it is told here
  rollback();
  if (planted(Defect::kFullDiskIsSuccess) && error.rule == "store.full") return {};
  return error;
}

void Database::tend() {
  YISHI_ASSERT(impl_->access == Access::kWriter && !impl_->in_transaction);
  if (!impl_->poisoned && impl_->wal_pages >= kCheckpointPages) impl_->checkpoint();
}

// Zeros are no frames: recovery stops at them. Through SQLite's own file, so that the disk is
// the one it was given.
void Database::make_log_room() {
  YISHI_ASSERT(impl_->access == Access::kWriter && !impl_->in_transaction);
  sqlite3_file* log = nullptr;
  const int found = sqlite3_file_control(impl_->connection.handle(), "main",
                                         SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&log));
  sqlite3_int64 size = 0;
  if (found != SQLITE_OK || log == nullptr || log->pMethods == nullptr ||
      log->pMethods->xFileSize(log, &size) != SQLITE_OK) {
    return;
  }
  static constexpr std::array<std::uint8_t, 64UL * 1024> kZeros{};
  while (size < kLogRoomBytes) {
    const auto count = std::min<sqlite3_int64>(kZeros.size(), kLogRoomBytes - size);
    if (log->pMethods->xWrite(log, kZeros.data(), static_cast<int>(count), size) != SQLITE_OK) {
      return;
    }
    size += count;
  }
  impl_->poisoned = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) != SQLITE_OK;
}

void Database::rollback() {
  if (!impl_->in_transaction) return;
  Connection& connection = impl_->connection;
  // SQLite may have rolled back by itself when a write failed. A ROLLBACK that fails
  // leaves a transaction open that can only be closed with the connection.
  if (sqlite3_get_autocommit(connection.handle()) == 0 && !connection.control("ROLLBACK")) {
    impl_->poisoned = true;
  }
  connection.guard(Connection::Guard::kNone);
  impl_->in_transaction = false;
  if (!planted(Defect::kCachesKept)) impl_->forget();
  if (connection.fault() && impl_->access == Access::kWriter) (void)impl_->settle();
}

std::optional<Error> Database::take_fault() {
  const auto& fault = impl_->connection.fault();
  if (!fault) return std::nullopt;
  if (impl_->in_transaction) return impl_->error_of(*fault);  // commit() will say it again
  return impl_->settle();
}

}  // namespace yishi::store
