#include "node/turn/backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>

#include "crypto/key_file.h"
#include "crypto/sealed_file.h"
#include "node/store/snapshot.h"
#include "node/turn/verify.h"

namespace yishi::turn {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBackupMagic = "yishi-backup/1\n";
constexpr std::string_view kLastFile = "backup.last";
constexpr std::string_view kWorkFolder = "backup.work";
constexpr std::string_view kSuffix = ".backup";
constexpr std::size_t kStampDigits = 16;  // 20261127T180000Z
constexpr std::uint64_t kDayMs = 86'400'000;
constexpr std::size_t kSizeBytes = 8;
constexpr std::size_t kCopyBytes = std::size_t{256} * 1024;
constexpr std::array<std::string_view, 3> kStores = {"store.db", "accounts.db", "matters.db"};
constexpr std::array<std::string_view, 11> kBackedUp = {
    "store.db",     "accounts.db", "matters.db", "node.key", "curve.key", "topology.key",
    "operator.key", "ticket",      "secret",     "http.crt", "http.key"};

Error folder_error(const std::string& path, const std::string& why) {
  return {"backup.folder", path, "无法写备份目录 " + path + "：" + why,
          "cannot write the folder of backups " + path + ": " + why};
}

Error bad_backup(const std::string& path, const std::string& what) {
  return {"backup.format", path, path + " 不是完好的备份：" + what,
          path + " is not a sound backup: " + what};
}

std::string stamp_of(std::uint64_t ms) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm utc{};
  char text[32] = {};
  ::gmtime_r(&seconds, &utc);
  std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
  return text;
}

std::optional<std::uint64_t> ms_of(const std::string& stamp) {
  std::tm utc{};
  const char* end = ::strptime(stamp.c_str(), "%Y%m%dT%H%M%SZ", &utc);
  if (stamp.size() != kStampDigits || end == nullptr || *end != '\0') return std::nullopt;
  const auto seconds = ::timegm(&utc);
  if (seconds < 0) return std::nullopt;
  return static_cast<std::uint64_t>(seconds) * 1000;
}

// A folder that goes when the backup ends, whatever became of it.
class WorkFolder {
 public:
  explicit WorkFolder(std::string path) : path_(std::move(path)) { clean(); }
  ~WorkFolder() { clean(); }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  bool make() const { return ::mkdir(path_.c_str(), S_IRWXU) == 0; }
  const std::string& path() const { return path_; }

 private:
  void clean() const {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string path_;
};

Status pack_file(crypto::SealedWriter& writer, std::string_view name, const std::string& path) {
  std::error_code code;
  const auto size = fs::file_size(path, code);
  std::ifstream in(path, std::ios::binary);
  if (code || !in) return bad_backup(path, "cannot be read");
  Bytes head{static_cast<std::uint8_t>(name.size())};
  head.insert(head.end(), name.begin(), name.end());
  for (std::size_t i = 0; i < kSizeBytes; ++i) {
    head.push_back(static_cast<std::uint8_t>(size >> (56 - 8 * i)));
  }
  if (auto status = writer.write(head); !status.ok()) return status;
  Bytes piece(kCopyBytes);
  for (std::uint64_t left = size; left > 0;) {
    const auto some = std::min<std::uint64_t>(left, piece.size());
    in.read(reinterpret_cast<char*>(piece.data()), static_cast<std::streamsize>(some));
    if (!in) return bad_backup(path, "changed while it was read");
    if (auto status = writer.write(View(piece).first(some)); !status.ok()) return status;
    left -= some;
  }
  return {};
}

Status pack(const std::string& directory, const std::string& work, const std::string& file,
            const std::string& passphrase, crypto::Random& random) {
  auto writer = crypto::SealedWriter::create(file, passphrase, random);
  if (!writer) return writer.error();
  if (auto status = writer->write(view_of(kBackupMagic)); !status.ok()) return status;
  for (const auto name : kBackedUp) {
    const bool store = std::find(kStores.begin(), kStores.end(), name) != kStores.end();
    const auto path = (store ? work : directory) + "/" + std::string(name);
    std::error_code ignored;
    if (!fs::exists(path, ignored)) continue;
    if (auto status = pack_file(*writer, name, path); !status.ok()) return status;
  }
  const Bytes end{0};
  if (auto status = writer->write(end); !status.ok()) return status;
  return writer->finish();
}

// Reads a backup's items; with a folder, writes them there.
class Unpacking {
 public:
  Unpacking(crypto::SealedReader& reader, const std::string& file, const std::string& into)
      : reader_(reader), file_(file), into_(into) {}

  Status run() {
    auto magic = exactly(kBackupMagic.size());
    if (!magic) return magic.error();
    if (text_of(*magic) != kBackupMagic) return bad_backup(file_, "its first line");
    for (;;) {
      auto length = exactly(1);
      if (!length) return length.error();
      if (length->front() == 0) break;
      auto name = exactly(length->front());
      if (!name) return name.error();
      if (auto status = item(std::string(text_of(*name))); !status.ok()) return status;
    }
    auto rest = reader_.read(1);
    if (!rest) return rest.error();
    return rest->empty() ? Status() : bad_backup(file_, "more after its end");
  }

  const std::set<std::string>& names() const { return names_; }

 private:
  Result<Bytes> exactly(std::size_t size) {
    Bytes all;
    while (all.size() < size) {
      auto some = reader_.read(size - all.size());
      if (!some) return some.error();
      if (some->empty()) return bad_backup(file_, "cut off");
      all.insert(all.end(), some->begin(), some->end());
    }
    return all;
  }

  Status item(const std::string& name) {
    const bool known = std::find(kBackedUp.begin(), kBackedUp.end(), name) != kBackedUp.end();
    if (!known || !names_.insert(name).second) return bad_backup(file_, "an item of this name");
    auto size_bytes = exactly(kSizeBytes);
    if (!size_bytes) return size_bytes.error();
    std::uint64_t size = 0;
    for (const auto byte : *size_bytes) size = size << 8 | byte;
    std::ofstream out;
    const auto path = into_ + "/" + name;
    if (!into_.empty()) {
      const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
      if (file < 0) return folder_error(path, "open");
      ::close(file);
      out.open(path, std::ios::binary);
    }
    while (size > 0) {
      auto some = reader_.read(std::min<std::uint64_t>(size, kCopyBytes));
      if (!some) return some.error();
      if (some->empty()) return bad_backup(file_, "cut off");
      size -= some->size();
      if (into_.empty()) continue;
      out.write(reinterpret_cast<const char*>(some->data()),
                static_cast<std::streamsize>(some->size()));
      if (!out) return folder_error(path, "write");
    }
    if (into_.empty()) return {};
    out.close();
    return out ? Status() : folder_error(path, "close");
  }

  crypto::SealedReader& reader_;
  const std::string& file_;
  const std::string& into_;
  std::set<std::string> names_;
};

Status check_passphrase(const std::string& passphrase) {
  if (passphrase.size() >= kMinBackupPassphrase && passphrase.size() <= kMaxBackupPassphrase) {
    return {};
  }
  return Error{"backup.passphrase", "passphrase", "备份口令应有 8 到 1024 个字节",
               "the passphrase of backups has 8 to 1024 bytes"};
}

std::string prefix_of(const std::string& unit) { return "yishi-" + unit + "-"; }

// The backups of this unit in a folder, by time.
std::vector<std::pair<std::uint64_t, std::string>> backups_in(const std::string& folder,
                                                              const std::string& unit) {
  std::vector<std::pair<std::uint64_t, std::string>> found;
  std::error_code code;
  const auto prefix = prefix_of(unit);
  for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
    const auto name = at->path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(kSuffix)) continue;
    if (name.size() != prefix.size() + kStampDigits + kSuffix.size()) continue;
    const auto time = ms_of(name.substr(prefix.size(), kStampDigits));
    if (time && found.size() < kMaxBackups) found.emplace_back(*time, at->path().string());
  }
  return found;
}

std::vector<std::string> rotate(const std::string& folder, const std::string& unit) {
  const auto all = backups_in(folder, unit);
  std::vector<std::uint64_t> times;
  for (const auto& [time, path] : all) times.push_back(time);
  const auto old = outlived(times);
  std::vector<std::string> removed;
  for (const auto& [time, path] : all) {
    std::error_code code;
    if (std::find(old.begin(), old.end(), time) == old.end()) continue;
    if (fs::remove(path, code)) removed.push_back(path);
  }
  return removed;
}

Status sync_folder(const std::string& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool done = folder >= 0 && ::fsync(folder) == 0;
  if (folder >= 0) ::close(folder);
  return done ? Status() : folder_error(path, "fsync");
}

Result<VerifyReport> copy_and_verify(const std::string& directory, const std::string& work) {
  if (auto status = store::copy_store(directory, work); !status.ok()) return status.error();
  for (const auto name : {kStores[1], kStores[2]}) {
    const auto file = "/" + std::string(name);
    if (auto s = store::copy_side_file(directory + file, work + file); !s.ok()) return s.error();
  }
  auto report = verify_store(work, {});
  if (!report) return report.error();
  if (!report->ok()) {
    return Error{"backup.verify", work, "没有备份：存储与其记录不符：" + report->faults_zh.front(),
                 "no backup was made: the store does not agree with its entries: " +
                     report->faults_en.front()};
  }
  return std::move(*report);
}

// Written beside its place, read back to the end, and only then given its name.
Status put_in_place(const std::string& directory, const std::string& work,
                    const std::string& folder, const std::string& path,
                    const std::string& passphrase, crypto::Random& random) {
  const auto part = path + ".part";
  std::error_code code;
  fs::remove(part, code);
  auto status = pack(directory, work, part, passphrase, random);
  if (status.ok()) status = unpack_backup(part, passphrase, {});
  if (status.ok()) {
    fs::rename(part, path, code);
    if (code) status = folder_error(path, code.message());
  }
  if (!status.ok()) {
    fs::remove(part, code);
    return status;
  }
  return sync_folder(folder);
}

}  // namespace

Result<BackupReport> take_backup(const std::string& directory, const std::string& into,
                                 const std::string& passphrase, std::uint64_t now_ms,
                                 crypto::Random& random) {
  static std::mutex one_at_a_time;
  const std::unique_lock lock(one_at_a_time, std::try_to_lock);
  if (!lock.owns_lock()) {
    return Error{"backup.busy", "", "已有一次备份正在进行", "a backup is being made already"};
  }
  if (auto status = check_passphrase(passphrase); !status.ok()) return status.error();
  std::error_code code;
  fs::create_directories(into, code);
  if (code || !fs::is_directory(into, code)) return folder_error(into, code.message());
  const auto folder = fs::absolute(into, code).lexically_normal().string();
  auto source = store::Database::open(directory, store::Access::kReader);
  if (!source) return source.error();
  const auto unit = (*source)->identity().unit.text();
  source->reset();
  const WorkFolder work(directory + "/" + std::string(kWorkFolder));
  if (!work.make()) return folder_error(work.path(), "mkdir");
  auto verified = copy_and_verify(directory, work.path());
  if (!verified) return verified.error();
  BackupReport report;
  report.path = folder + "/" + prefix_of(unit) + stamp_of(now_ms) + std::string(kSuffix);
  auto status = put_in_place(directory, work.path(), folder, report.path, passphrase, random);
  if (!status.ok()) return status.error();
  const auto last = std::to_string(now_ms) + ' ' + report.path + '\n';
  status = crypto::save_private_file(directory + "/" + std::string(kLastFile), view_of(last));
  if (!status.ok()) return status.error();
  report.bytes = fs::file_size(report.path, code);
  report.records = verified->records;
  report.issues = verified->issues;
  report.rows = verified->rows;
  report.removed = rotate(folder, unit);
  return report;
}

std::optional<LastBackup> last_backup(const std::string& directory) {
  std::ifstream in(directory + "/" + std::string(kLastFile));
  LastBackup last;
  if (!(in >> last.time_ms) || in.get() != ' ' || !std::getline(in, last.path)) return std::nullopt;
  return last;
}

std::vector<std::uint64_t> outlived(std::vector<std::uint64_t> times) {
  std::sort(times.rbegin(), times.rend());
  std::set<std::uint64_t> days, weeks;
  std::vector<std::uint64_t> old;
  for (const auto time : times) {
    // Weeks begin on Mondays; 1970 began on a Thursday. UTC, so that no clock change moves them.
    const auto day = time / kDayMs;
    const auto week = (day + 3) / 7;
    const bool of_day = !days.contains(day) && days.size() < kBackupDays;
    const bool of_week = !weeks.contains(week) && weeks.size() < kBackupWeeks;
    if (of_day) days.insert(day);
    if (of_week) weeks.insert(week);
    if (!of_day && !of_week) old.push_back(time);
  }
  return old;
}

Status unpack_backup(const std::string& file, const std::string& passphrase,
                     const std::string& into) {
  auto reader = crypto::SealedReader::open(file, passphrase);
  if (!reader) return reader.error();
  Unpacking unpacking(*reader, file, into);
  if (auto status = unpacking.run(); !status.ok()) return status;
  if (!unpacking.names().contains("store.db")) return bad_backup(file, "no store.db");
  return {};
}

}  // namespace yishi::turn
