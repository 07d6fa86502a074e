// Backups by the day: a thread beside a running node.
//
// Looks every minute; takes one when the last good one is kBackupEveryMs old, and after a failure
// again in kBackupAgainMs. Says in the log what became of it. Made and ended on one thread; the end
// waits for a backup that is under way.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace yishi::node {

inline constexpr std::uint64_t kBackupEveryMs = 86'400'000;
inline constexpr std::uint64_t kBackupAgainMs = 3'600'000;

class BackupSchedule {
 public:
  BackupSchedule(std::string directory, std::string into, std::string passphrase);
  ~BackupSchedule();
  BackupSchedule(const BackupSchedule&) = delete;
  BackupSchedule& operator=(const BackupSchedule&) = delete;

 private:
  void run();
  void look(std::uint64_t now_ms);

  std::string directory_, into_, passphrase_;
  std::uint64_t failed_ms_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  std::thread thread_;  // last: everything is there when it begins
};

}  // namespace yishi::node
