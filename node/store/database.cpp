#include "node/store/database.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "node/store/database_impl.h"
#include "node/store/identity_row.h"
#include "node/store/limits.h"
#include "node/store/page_check.h"
#include "node/store/schema.h"
#include "node/store/settings.h"

namespace yishi::store {
namespace {

constexpr unsigned kStoreMode = 0600;

Error sync_error(const std::string& path, int system) {
  const std::string reason = std::generic_category().message(system);
  return {"store.io", path, "写盘失败：" + path + "：" + reason,
          "writing " + path + " to the disk failed: " + reason};
}

Error missing_error(const std::string& path) {
  return {"store.missing", path, "数据目录里没有 " + path, "there is no " + path};
}

Error schema_error(const std::string& path, std::int64_t version) {
  const std::string number = std::to_string(version);
  const std::string known = std::to_string(kSchemaVersion);
  if (version > kSchemaVersion) {
    return {"store.schema", path,
            path + " 由更新的程序写成（格式版本 " + number + "，本程序认识到 " + known + "）",
            path + " was made by a newer program (schema version " + number +
                ", this one knows up to " + known + ")"};
  }
  return {
      "store.schema", path, path + " 的格式版本为 " + number + "，须先由守护进程升级到 " + known,
      path + " has schema version " + number + ": the daemon must bring it to " + known + " first"};
}

Error foreign_error(const std::string& path) {
  return {"store.corrupt", path, path + " 不是本程序的数据文件",
          path + " is not a store of this program"};
}

// Builds the whole store in a file of another name: a power cut leaves a store or none.
bool build(Connection& connection, const DataDirectory& directory, const Identity& identity) {
  const std::string path = directory.unfinished();
  Disk& disk = directory.disk();
  if (!connection.open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, disk.vfs())) return false;
  (void)disk.restrict_access(path, kStoreMode);  // SQLite gives the files beside it the same mode
  if (!reserve_page_checks(connection.handle())) return false;
  const std::string id = "PRAGMA application_id = " + std::to_string(kApplicationId);
  if (!connection.execute("PRAGMA synchronous = FULL; BEGIN IMMEDIATE")) return false;
  connection.guard(Connection::Guard::kWriting);
  const bool built = connection.execute(id.c_str()) && connection.execute(kIdentitySchema) &&
                     write_identity(connection, identity) && migrate(connection, 0) &&
                     write_identity_copy(connection, identity) &&
                     connection.execute("COMMIT; PRAGMA journal_mode = WAL");
  connection.guard(Connection::Guard::kNone);
  return built;
}

void remove_unfinished(const DataDirectory& directory) {
  for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
    directory.disk().remove(directory.unfinished() + suffix);
  }
}

}  // namespace

Status Database::create(const std::string& directory, const Identity& identity, Disk& disk) {
  Impl impl(directory, Access::kWriter, disk);
  Status status = impl.directory.make();
  if (status) status = impl.directory.lock();
  if (!status) return status;
  const std::string path = impl.directory.database();
  if (disk.exists(path)) {
    return Error{"store.exists", path, path + " 已存在，不会覆盖",
                 path + " exists and is not overwritten"};
  }
  remove_unfinished(impl.directory);  // of an attempt that was cut off
  if (!build(impl.connection, impl.directory, identity)) {
    const Error error = impl.error_of(*impl.connection.fault());
    impl.connection.close();
    remove_unfinished(impl.directory);
    return error;
  }
  impl.connection.close();
  if (const int error = disk.rename(impl.directory.unfinished(), path); error != 0) {
    const std::string reason = std::generic_category().message(error);
    return Error{"store.directory", path, "无法建立 " + path + "：" + reason,
                 "cannot create " + path + ": " + reason};
  }
  return impl.directory.sync();
}

namespace {

// One attempt: settings, application, schema, identity.
Status open_file(Database::Impl& impl) {
  Connection& connection = impl.connection;
  const std::string path = impl.directory.database();
  const auto failed = [&] {
    return connection.fault() ? impl.error_of(*connection.fault()) : foreign_error(path);
  };
  // A reader, too, is opened for writing: one that may only read cannot make the shared
  // memory of a fresh write-ahead log. query_only keeps it from writing.
  if (!connection.open(path, SQLITE_OPEN_READWRITE, impl.directory.disk().vfs())) return failed();
  sqlite3_busy_timeout(connection.handle(), kReaderWaitMs);  // until the settings say more
  const auto application = pragma(connection, "application_id");
  if (!application) return failed();
  if (*application != std::to_string(kApplicationId)) return foreign_error(path);
  const auto version_text = pragma(connection, "user_version");
  if (!version_text) return failed();
  const std::int64_t version = std::strtoll(version_text->c_str(), nullptr, 10);
  const bool writer = impl.access == Access::kWriter;
  if (version > kSchemaVersion || version < 0) return schema_error(path, version);
  if (version < kSchemaVersion && !writer) return schema_error(path, version);

  const Status set = apply_settings(connection, impl.access);
  if (!set) return connection.fault() ? Status(failed()) : set;
  if (version < kSchemaVersion) {
    const bool migrated = connection.execute("BEGIN IMMEDIATE") && migrate(connection, version) &&
                          connection.execute("COMMIT");
    if (!migrated) return failed();
  }
  const auto identity = read_identity(connection);
  if (!identity) return failed();
  impl.identity = *identity;
  return {};
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& directory, Access access,
                                                 Disk& disk) {
  auto impl = std::make_unique<Impl>(directory, access, disk);
  const std::string path = impl->directory.database();
  if (!disk.exists(path)) return missing_error(path);
  if (access == Access::kWriter) {
    const Status locked = impl->directory.lock();
    if (!locked) return locked.error();
    impl->directory.make_reserve();
    // What an earlier process could not sync is read like what it could: before anything is
    // built on it, it must be on the disk.
    const int error = disk.make_durable(path + "-wal");
    if (error != 0) return sync_error(path, error);
  }
  Status opened = open_file(*impl);
  if (!opened && opened.error().rule == "store.full" && impl->directory.has_reserve()) {
    // Opening needs a few pages beside the file: this is what the reserve is for.
    impl->connection.close();
    impl->connection.clear_fault();
    impl->directory.release_reserve();
    opened = open_file(*impl);
  }
  if (!opened) return opened.error();
  sqlite3_wal_hook(
      impl->connection.handle(),
      [](void* pages, sqlite3*, const char*, int now) {
        *static_cast<int*>(pages) = now;
        return SQLITE_OK;
      },
      &impl->wal_pages);
  return std::unique_ptr<Database>(new Database(std::move(impl)));
}

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Database::~Database() {
  rollback();
  if (impl_->access == Access::kWriter && !impl_->poisoned) {
    // What cannot be copied back now, the next writer will: the write-ahead log stays.
    sqlite3_wal_checkpoint_v2(impl_->connection.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                              nullptr, nullptr);
  }
}

const Identity& Database::identity() const { return impl_->identity; }
const std::string& Database::directory() const { return impl_->directory.path(); }
bool Database::in_transaction() const { return impl_->in_transaction; }
bool Database::poisoned() const {
  const auto& fault = impl_->connection.fault();
  if (impl_->poisoned || impl_->access == Access::kReader || !fault) return impl_->poisoned;
  return !fault->full() && !fault->busy();
}

}  // namespace yishi::store
