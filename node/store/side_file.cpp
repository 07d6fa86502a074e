#include "node/store/side_file.h"

#include <sys/stat.h>

#include "node/store/page_check.h"

namespace yishi::store {
namespace {

constexpr int kSideFileWaitMs = 5'000;

}  // namespace

Error SideFile::error_of(const Fault& fault) const {
  const std::string zh = kind_.zh;
  const std::string en = kind_.en;
  if (fault.full()) {
    return {"store.full", kind_.file, "磁盘已满，" + zh + "没有写入",
            "the disk is full: nothing was written to " + en};
  }
  return {"store.io", kind_.file, zh + "不能读写：" + fault.message,
          en + " cannot be read or written: " + fault.message};
}

Result<std::unique_ptr<SideFile>> SideFile::open(const std::string& directory, const Kind& kind) {
  const std::string path = directory + '/' + kind.file;
  std::unique_ptr<SideFile> file(new SideFile(kind));
  Connection& connection = file->connection_;
  if (connection.open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) {
    sqlite3_busy_timeout(connection.handle(), kSideFileWaitMs);
    if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) {
      return Error{"store.io", path, "不能限制文件 " + path + " 的权限",
                   "the mode of " + path + " cannot be set to 0600"};
    }
    std::int64_t version = -1;
    {
      Query query(connection, "PRAGMA user_version", Query::kOnce);
      if (query.step()) version = query.integer_at(0);
    }
    if (version > kind.version) {
      return Error{"store.version", path, path + " 由更新的版本写成",
                   path + " was written by a newer version"};
    }
    if (version == 0) {
      if (!reserve_page_checks(connection.handle())) connection.note(SQLITE_IOERR);
      const std::string made = std::string("BEGIN IMMEDIATE;") + kind.schema + "COMMIT;";
      connection.execute(made.c_str());
    }
    connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  }
  if (connection.fault()) return file->error_of(*connection.fault());
  return file;
}

Status SideFile::write(const std::function<void()>& work, bool durable) {
  connection_.clear_fault();
  connection_.execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  if (connection_.control("BEGIN IMMEDIATE")) {
    connection_.guard(Connection::Guard::kWriting);
    work();
    connection_.guard(Connection::Guard::kNone);
    if (!connection_.fault() && connection_.control("COMMIT")) return {};
  }
  const Error error = error_of(*connection_.fault());
  if (sqlite3_get_autocommit(connection_.handle()) == 0) connection_.execute("ROLLBACK");
  connection_.clear_fault();
  return error;
}

}  // namespace yishi::store
