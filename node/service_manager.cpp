#include "node/service_manager.h"

#include <systemd/sd-daemon.h>

namespace yishi::node {

ServiceManager::ServiceManager() {
  std::uint64_t watched_us = 0;
  if (::sd_watchdog_enabled(0, &watched_us) > 0) {
    interval_ = std::chrono::microseconds(watched_us / 4);
  }
}

void ServiceManager::ready() const { ::sd_notify(0, "READY=1"); }

void ServiceManager::alive() {
  const auto now = std::chrono::steady_clock::now();
  if (interval_.count() == 0 || now - said_ < interval_) return;
  said_ = now;
  ::sd_notify(0, "WATCHDOG=1");
}

void ServiceManager::stopping() const { ::sd_notify(0, "STOPPING=1"); }

}  // namespace yishi::node
