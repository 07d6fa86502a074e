#include "node/store/salvage.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "node/store/database_impl.h"
#include "node/store/identity_row.h"
#include "node/store/page_check.h"
#include "node/store/salvage_rows.h"
#include "node/store/salvage_tables.h"
#include "node/store/schema.h"
#include "node/store/settings.h"
#include "sync/record.h"

namespace yishi::store {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kScanPages = 256;  // at a time

Error lost_error(const std::string& path) {
  return {
      "store.lost", path, path + " 已损坏到无法辨认：请用新的入网票重新加入，或恢复备份",
      path + " is damaged beyond recognition: join anew with a new ticket, or restore a backup"};
}

Error directory_error(const std::string& path, const std::error_code& code) {
  return {"store.directory", path, "无法写 " + path + "：" + code.message(),
          "cannot write " + path + ": " + code.message()};
}

// The pages that hold the schema, and the file's header with them.
std::vector<std::uint32_t> schema_pages(Connection& connection) {
  Query query(connection, "SELECT pageno FROM dbstat WHERE name = 'sqlite_schema'");
  std::vector<std::uint32_t> pages;
  while (query.step()) pages.push_back(static_cast<std::uint32_t>(query.number_at(0)));
  return pages;
}

void set_big_endian(std::span<std::uint8_t> bytes, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  }
}

// A fresh store's first page for an old file: its length, and no free pages.
void adopt_header(std::span<std::uint8_t> page, std::uint32_t pages) {
  constexpr std::size_t kPages = 28, kFreePages = 32;
  set_big_endian(page.subspan(kPages), pages);
  std::memset(page.data() + kFreePages, 0, 8);
}

class Salvager {
 public:
  Salvager(const std::string& directory, std::uint64_t now_ms)
      : impl_(directory, Access::kWriter, Disk::real()),
        now_ms_(now_ms),
        path_(impl_.directory.database()),
        patched_(path_ + ".patched"),
        folder_(directory + "/salvage") {}
  ~Salvager() { clean(); }
  Salvager(const Salvager&) = delete;
  Salvager& operator=(const Salvager&) = delete;

  Result<Salvaged> run(const JudgeMaker& judge_of) {
    if (auto status = impl_.directory.lock(); !status.ok()) return status.error();
    clean();
    if (auto status = Database::create(folder_, Identity{}); !status.ok()) return status.error();
    if (!open_old() || !find_identity()) return lost_error(path_);
    if (!fresh_.open(folder_ + "/store.db", SQLITE_OPEN_READWRITE)) return fresh_fault();
    fresh_.execute("PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
    fresh_.guard(Connection::Guard::kWriting);
    copy(judge_of);
    if (!fresh_.fault()) fresh_.execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    fresh_.guard(Connection::Guard::kNone);
    if (fresh_.fault()) return fresh_fault();
    fresh_.close();
    old_.close();
    if (auto status = put_in_place(); !status.ok()) return status.error();
    return std::move(report_);
  }

 private:
  void clean() {
    old_.close();
    fresh_.close();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(patched_ + suffix, ignored);
  }

  Error fresh_fault() { return impl_.error_of(*fresh_.fault()); }

  bool open_old() {
    if (open_as(path_)) return true;
    return patch() && open_as(patched_);
  }

  // True when SQLite can read the schema, and it is ours.
  bool open_as(const std::string& path) {
    old_.close();
    old_.clear_fault();
    bool ours = old_.open(path, SQLITE_OPEN_READWRITE);
    if (ours) {
      note_pages();
      const auto version = pragma(old_, "user_version");
      ours = version == std::to_string(kSchemaVersion) &&
             pragma(old_, "application_id") == std::to_string(kApplicationId) &&
             Query(old_, "SELECT count(*) FROM sqlite_schema", Query::kOnce).step();
      old_.execute("PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF");
      old_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    ours = ours && !old_.fault();
    old_.clear_fault();
    if (!ours) old_.close();
    return ours;
  }

  void note_pages() {
    if (!report_.pages.empty()) return;
    const auto pages = page_count(old_.handle());
    for (std::uint32_t page = 1; page <= pages; ++page) {
      if (check_page(old_.handle(), page) != PageState::kSound) report_.pages.push_back(page);
    }
  }

  // A copy of the file with a fresh store's schema.
  bool patch() {
    std::error_code code;
    fs::copy_file(path_, patched_, fs::copy_options::overwrite_existing, code);
    if (code) return false;
    if (fs::exists(path_ + "-wal", code)) {
      fs::copy_file(path_ + "-wal", patched_ + "-wal", fs::copy_options::overwrite_existing, code);
    }
    Connection model;
    if (!model.open(folder_ + "/store.db", SQLITE_OPEN_READWRITE)) return false;
    const auto pages = schema_pages(model);
    model.close();
    const auto length = static_cast<std::uint32_t>(fs::file_size(patched_, code) / kPageBytes);
    std::ifstream from(folder_ + "/store.db", std::ios::binary);
    std::fstream to(patched_, std::ios::in | std::ios::out | std::ios::binary);
    for (const std::uint32_t number : pages) {
      std::array<char, kPageBytes> bytes{};
      const auto at = static_cast<std::streamoff>(number - 1) * kPageBytes;
      if (!from.seekg(at).read(bytes.data(), kPageBytes)) return false;
      const std::span page(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
      if (number == 1) adopt_header(page, length);
      set_page_check(page, number);
      to.seekp(at).write(bytes.data(), kPageBytes);
    }
    report_.tables.emplace_back("sqlite_schema");
    return !pages.empty() && static_cast<bool>(to.flush());
  }

  bool find_identity() {
    for (const bool trust : {false, true}) {
      for (const auto& reader : {read_identity, read_identity_copy}) {
        trust_pages(old_.handle(), trust);
        const auto found = reader(old_);
        const bool sound = !old_.fault();
        old_.clear_fault();
        if (!found || !sound) continue;
        identity_ = *found;
        return true;
      }
    }
    return false;
  }

  void copy(const JudgeMaker& judge_of) {
    for (const char* table : {"link", "want", "contact", "refusal", "numbering", "answered"}) {
      if (!copy_whole(old_, fresh_, table)) report_.tables.emplace_back(table);
    }
    copy_or_read("named_value", [](const Query& row) {
      return row.type_at(0) == SQLITE_TEXT && row.type_at(1) == SQLITE_TEXT;
    });
    copy_or_read("private_record", [this](const Query& row) {
      return row.type_at(0) == SQLITE_BLOB && row.type_at(1) == SQLITE_BLOB &&
             sync::record_digest(identity_.suite, row.blob_at(1)) == row.digest_at(0);
    });
    copy_or_read("fork", [](const Query& row) {
      bool typed = row.type_at(1) == SQLITE_INTEGER;
      for (const int column : {0, 2, 3, 4, 5}) typed = typed && row.type_at(column) == SQLITE_BLOB;
      return typed;
    });
    write_identity(fresh_, identity_);
    write_identity_copy(fresh_, identity_);
    RowSalvage(old_, fresh_, judge_of(identity_), now_ms_, report_).run();
    copy_projections();
  }

  void copy_or_read(const std::string& table, const std::function<bool(const Query&)>& keep) {
    if (copy_whole(old_, fresh_, table)) return;
    report_.tables.push_back(table);
    copy_readable(old_, fresh_, table, keep);
  }

  // All of them or none: they say one thing together.
  void copy_projections() {
    const auto tables = projection_tables(fresh_);
    fresh_.execute("SAVEPOINT projections");
    for (const auto& table : tables) {
      if (copy_whole(old_, fresh_, table)) continue;
      report_.tables.push_back(table);
      report_.projections = false;
    }
    // An index that is empty is not without rows: back to what a fresh store has.
    if (!report_.projections) fresh_.execute("ROLLBACK TO projections");
    fresh_.execute("RELEASE projections");
  }

  // A power cut leaves the old store or the new one, and the old one always under some name.
  Status put_in_place() {
    std::error_code code;
    report_.kept = path_ + ".damaged";
    fs::remove(report_.kept, code);
    fs::remove(report_.kept + "-wal", code);
    fs::create_hard_link(path_, report_.kept, code);
    if (code) fs::copy_file(path_, report_.kept, code);
    if (code) return directory_error(report_.kept, code);
    // A write-ahead log of the old file must never be taken for the new one's.
    if (fs::exists(path_ + "-wal", code)) fs::rename(path_ + "-wal", report_.kept + "-wal", code);
    fs::remove(path_ + "-shm", code);
    fs::rename(folder_ + "/store.db", path_, code);
    if (code) return directory_error(path_, code);
    return impl_.directory.sync();
  }

  Database::Impl impl_;
  std::uint64_t now_ms_;
  std::string path_, patched_, folder_;
  Connection old_, fresh_;
  Identity identity_;
  Salvaged report_;
};

Error damaged_page(const std::string& path, std::uint64_t page) {
  const auto number = std::to_string(page);
  return {"store.corrupt", path, path + " 的第 " + number + " 页与其校验和不符",
          "page " + number + " of " + path + " does not have its checksum"};
}

}  // namespace

PageScan scan_pages(Database& database, std::uint64_t first, std::uint64_t count) {
  sqlite3* handle = connection_of(database).handle();
  const std::uint64_t last = page_count(handle);
  for (std::uint64_t page = std::max<std::uint64_t>(first, 1); page <= last; ++page) {
    if (count-- == 0) return {page, std::nullopt};
    // A page may be half of one and half of another when copying the write-ahead log back was cut
    // short: nobody reads it, for the log still has it, and copied back once more it is whole.
    // What cannot be read at all is damaged too: the store goes to where its pages can be.
    const auto number = static_cast<std::uint32_t>(page);
    if (check_page(handle, number) == PageState::kSound) continue;
    database.impl().checkpoint();
    if (check_page(handle, number) != PageState::kSound) return {page, page};
  }
  return {};
}

Status examine(const std::string& directory, std::uint64_t max_bytes) {
  auto database = Database::open(directory, Access::kWriter);
  if (!database) return database.error();
  std::uint64_t page = 1;
  for (std::uint64_t bytes = 0; bytes < max_bytes; bytes += kScanPages * kPageBytes) {
    const auto scan = scan_pages(**database, page, kScanPages);
    if (scan.damaged) {
      return damaged_page((*database)->directory() + "/store.db", *scan.damaged);
    }
    if (scan.next == 1) break;
    page = scan.next;
  }
  return {};
}

Result<Salvaged> salvage(const std::string& directory, const JudgeMaker& judge_of,
                         std::uint64_t now_ms) {
  return Salvager(directory, now_ms).run(judge_of);
}

}  // namespace yishi::store
