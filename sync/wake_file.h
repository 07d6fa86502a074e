// A file handle that becomes readable when another thread asks for attention. ring()
// from any thread, as often as one likes; the rest on the thread that waits.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace yishi::sync {

class WakeFile {
 public:
  WakeFile() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~WakeFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  WakeFile(const WakeFile&) = delete;
  WakeFile& operator=(const WakeFile&) = delete;
  int fd() const { return fd_; }  // negative: there was none to be had
  void ring() const {
    const std::uint64_t one = 1;
    // Fails only when 2^64-2 calls wait: then it rings already.
    [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
  }
  void silence() const {
    std::uint64_t calls = 0;
    [[maybe_unused]] const auto got = ::read(fd_, &calls, sizeof calls);
  }

 private:
  int fd_;
};

}  // namespace yishi::sync
