#include "node/store/settings.h"

#include <vector>

#include "crypto/planted.h"
#include "node/store/limits.h"

namespace yishi::store {
namespace {

struct Setting {
  std::string name, value, answer;
};

std::vector<Setting> settings_of(Access access) {
  const bool writer = access == Access::kWriter;
  const std::string cache = std::to_string(-(writer ? kWriterCacheKiB : kReaderCacheKiB));
  const std::string wait = std::to_string(writer ? kWriterWaitMs : kReaderWaitMs);
  std::vector<Setting> settings = {{"busy_timeout", wait, wait},   {"foreign_keys", "ON", "1"},
                                   {"trusted_schema", "OFF", "0"}, {"cell_size_check", "ON", "1"},
                                   {"mmap_size", "0", "0"},        {"cache_size", cache, cache},
                                   {"temp_store", "MEMORY", "2"},  {"secure_delete", "ON", "1"}};
  if (writer) {
    const std::string limit = std::to_string(kWalBytes);
    settings.push_back({"journal_mode", "WAL", "wal"});
    const bool off = planted(Defect::kSyncOff);
    settings.push_back({"synchronous", off ? "OFF" : "FULL", off ? "0" : "2"});
    settings.push_back({"journal_size_limit", limit, limit});
    settings.push_back({"query_only", "OFF", "0"});
  } else {
    settings.push_back({"query_only", "ON", "1"});
  }
  // The writer checkpoints after its commits by itself: SQLite would ignore a failed sync.
  settings.push_back({"wal_autocheckpoint", "0", "0"});
  return settings;
}

Error setting_error(const std::string& name) {
  return {"store.settings", name, "数据库设置 " + name + " 无法生效",
          "the database does not take the setting " + name};
}

bool configure(Connection& connection, int option) {
  int now = 0;
  const int code = sqlite3_db_config(connection.handle(), option, 1, &now);
  if (code != SQLITE_OK) connection.note(code);
  return code == SQLITE_OK && now == 1;
}

}  // namespace

// Not by a Query: SQLite calls even the question of the journal mode a statement that writes.
std::optional<std::string> pragma(Connection& connection, std::string_view name) {
  std::string answer;  // stays empty where there is none: mmap_size without memory mapping
  const std::string text = "PRAGMA " + std::string(name);
  const int code = sqlite3_exec(
      connection.handle(), text.c_str(),
      [](void* out, int columns, char** values, char**) {
        if (columns > 0 && values[0] != nullptr) *static_cast<std::string*>(out) = values[0];
        return 0;
      },
      &answer, nullptr);
  if (code == SQLITE_OK) return answer;
  connection.note(code);
  return std::nullopt;
}

Status apply_settings(Connection& connection, Access access) {
  if (!configure(connection, SQLITE_DBCONFIG_DEFENSIVE)) return setting_error("defensive");
  // Only the writer copies the write-ahead log back, at the end too.
  if (access == Access::kReader && !configure(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)) {
    return setting_error("no_ckpt_on_close");
  }
  for (const Setting& setting : settings_of(access)) {
    const std::string text = "PRAGMA " + setting.name + " = " + setting.value;
    if (!connection.execute(text.c_str())) return setting_error(setting.name);
    const auto answer = pragma(connection, setting.name);
    const bool none = answer && answer->empty() && setting.name == "mmap_size";
    if (!answer || (*answer != setting.answer && !none)) return setting_error(setting.name);
  }
  return {};
}

}  // namespace yishi::store
