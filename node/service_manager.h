// What systemd is told of the node (sd_notify(3)): that it serves, that it is alive, that it stops.
// Without systemd nothing is said and nothing is wrong. One thread.
#pragma once

#include <chrono>
#include <cstdint>

namespace yishi::node {

class ServiceManager {
 public:
  ServiceManager();

  void ready() const;
  // After every turn; says it at a quarter of the watchdog's interval, so that a turn that hangs is
  // noticed and a slow one is not.
  void alive();
  void stopping() const;

 private:
  std::chrono::microseconds interval_{0};  // 0: nobody watches
  std::chrono::steady_clock::time_point said_;
};

}  // namespace yishi::node
