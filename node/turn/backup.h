// A node's backup: everything it needs to come back, in one encrypted file.
//
//   take  ── copies the files while the node runs ── verifies the copy like `yishi verify` ──
//            packs and encrypts it beside its place ── reads that back ── renames ── rotates
//
// What fails on the way leaves the backups of before, and no half one. The copy lies in the
// data directory (`backup.work`, mode 0700) meanwhile and takes as much room as the store,
// verifying as much again. One at a time in a process. Any thread.
//
// The file: crypto/sealed_file.h around
//
//   "yishi-backup/1\n" (15 bytes) ‖ item … ‖ 0 (1 byte)
//   item = length of the name (1 byte, 1 to 64) ‖ name ‖ size (8 bytes, most significant
//          first) ‖ bytes
//
// with the items of kBackedUp that the directory has, in that order, each once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/random.h"
#include "crypto/result.h"

namespace yishi::turn {

inline constexpr std::size_t kMaxBackups = 4'096;  // of one node in one folder are looked at
inline constexpr std::size_t kBackupDays = 7, kBackupWeeks = 4;
inline constexpr std::size_t kMinBackupPassphrase = 8, kMaxBackupPassphrase = 1'024;

struct BackupReport {
  std::string path;
  std::uint64_t bytes = 0, records = 0, issues = 0, rows = 0;
  std::vector<std::string> removed;  // by rotation
};

// Rules: "backup.busy", "backup.folder", "backup.passphrase", "backup.verify" (the copy does not
// agree with itself), those of SealedWriter and of the store.
Result<BackupReport> take_backup(const std::string& directory, const std::string& into,
                                 const std::string& passphrase, std::uint64_t now_ms,
                                 crypto::Random& random);

struct LastBackup {
  std::uint64_t time_ms = 0;
  std::string path;
};
std::optional<LastBackup> last_backup(const std::string& directory);  // the last good one

// Which of these (times of backups, ms, any order) a rotation removes: all but the newest of
// each of the last seven days that have one and of each of the last four weeks that have one.
std::vector<std::uint64_t> outlived(std::vector<std::uint64_t> times);

// Unpacks into the folder, which is there and empty. Rules: those of SealedReader,
// "backup.format" (names the item), "store.full".
Status unpack_backup(const std::string& file, const std::string& passphrase,
                     const std::string& into);

}  // namespace yishi::turn
