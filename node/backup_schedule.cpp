#include "node/backup_schedule.h"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <csignal>

#include "node/turn/backup.h"
#include "node/turn/clock.h"

namespace yishi::node {

BackupSchedule::BackupSchedule(std::string directory, std::string into, std::string passphrase)
    : directory_(std::move(directory)), into_(std::move(into)), passphrase_(std::move(passphrase)) {
  sigset_t all, before;  // signals are the daemon's thread's, whose poll they end
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

BackupSchedule::~BackupSchedule() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void BackupSchedule::run() {
  constexpr std::chrono::minutes kBetweenLooks{1};
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    look(turn::SystemClock().now().wall_ms);
    lock.lock();
    changed_.wait_for(lock, kBetweenLooks, [this] { return ending_; });
  }
}

void BackupSchedule::look(std::uint64_t now_ms) {
  const auto last = turn::last_backup(directory_);
  const auto since = [now_ms](std::uint64_t then) { return now_ms > then ? now_ms - then : 0; };
  // A last one in the future: the clock was set back; another one does no harm.
  if (last && last->time_ms <= now_ms && since(last->time_ms) < kBackupEveryMs) return;
  if (failed_ms_ != 0 && failed_ms_ <= now_ms && since(failed_ms_) < kBackupAgainMs) return;
  crypto::SystemRandom random;
  const auto report = turn::take_backup(directory_, into_, passphrase_, now_ms, random);
  failed_ms_ = report.ok() ? 0 : now_ms;
  if (report) {
    spdlog::info("backup: {} ({} bytes, {} records; {} older ones removed)", report->path,
                 report->bytes, report->records, report->removed.size());
  } else {
    spdlog::error("backup failed: {} {}", report.error().rule, report.error().en);
  }
}

}  // namespace yishi::node
