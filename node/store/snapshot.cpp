#include "node/store/snapshot.h"

#include <sys/stat.h>

#include <filesystem>

#include "node/store/database_impl.h"
#include "node/store/identity_row.h"

namespace yishi::store {
namespace {

constexpr int kPagesOfStep = 256;  // between two looks; the reader's transaction spans them all

Error copy_error(const std::string& path, const std::string& why) {
  return {"store.io", path, "无法复制 " + path + "：" + why, "cannot copy " + path + ": " + why};
}

// The source is in a read transaction, or nobody else has it: one state is copied.
Status copy_pages(sqlite3* from, const std::string& to) {
  Connection target;
  if (!target.open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) {
    return copy_error(to, target.fault()->message);
  }
  ::chmod(to.c_str(), S_IRUSR | S_IWUSR);
  target.execute("PRAGMA synchronous = OFF");  // it counts only after it was read back
  sqlite3_backup* copying = sqlite3_backup_init(target.handle(), "main", from, "main");
  if (copying == nullptr) return copy_error(to, sqlite3_errmsg(target.handle()));
  int code = SQLITE_OK;
  while (code == SQLITE_OK) code = sqlite3_backup_step(copying, kPagesOfStep);
  sqlite3_backup_finish(copying);
  if (code != SQLITE_DONE) return copy_error(to, sqlite3_errstr(code));
  return {};
}

}  // namespace

Status copy_store(const std::string& directory, const std::string& to) {
  auto source = Database::open(directory, Access::kReader);
  if (!source) return source.error();
  if (auto status = (*source)->begin(); !status.ok()) return status;
  const auto status = copy_pages(connection_of(**source).handle(), to + "/store.db");
  (*source)->rollback();
  return status;
}

Status copy_side_file(const std::string& from, const std::string& to) {
  std::error_code ignored;
  if (!std::filesystem::exists(from, ignored)) return {};
  constexpr int kSideWaitMs = 5'000;
  Connection source;
  if (!source.open(from, SQLITE_OPEN_READWRITE)) return copy_error(from, source.fault()->message);
  sqlite3_busy_timeout(source.handle(), kSideWaitMs);
  if (!source.execute("PRAGMA wal_autocheckpoint = 0; BEGIN; SELECT count(*) FROM sqlite_schema")) {
    return copy_error(from, source.fault()->message);
  }
  return copy_pages(source.handle(), to);
}

Status renew_store(const std::string& directory, const sync::Nonce& incarnation, Disk& disk) {
  auto database = Database::open(directory, Access::kWriter, disk);
  if (!database) return database.error();
  auto identity = (*database)->identity();
  identity.incarnation = incarnation;
  if (auto status = (*database)->begin(); !status.ok()) return status;
  auto& connection = connection_of(**database);
  write_identity(connection, identity);
  write_identity_copy(connection, identity);
  // The faults of these are the transaction's.
  Query(connection, "DELETE FROM named_value WHERE name IN ('lives', 'own_log.unsure')").run();
  Query(connection, "DELETE FROM link").run();
  return (*database)->commit();
}

}  // namespace yishi::store
