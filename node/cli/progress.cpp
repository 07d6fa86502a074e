#include "node/cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>

namespace yishi::cli {

Progress::Progress(std::string what, std::size_t whole)
    : what_(std::move(what)), whole_(whole), watched_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (watched_ && shown_ >= 0) std::cerr << "\r\x1b[K" << std::flush;
}

void Progress::at(std::size_t done) {
  constexpr std::size_t kCells = 30;
  constexpr std::size_t kHundred = 100;
  if (!watched_ || whole_ == 0) return;
  const auto percent = static_cast<int>(std::min(done, whole_) * kHundred / whole_);
  if (percent == shown_) return;
  shown_ = percent;
  const std::size_t full = static_cast<std::size_t>(percent) * kCells / kHundred;
  std::cerr << '\r' << what_ << " [" << std::string(full, '#') << std::string(kCells - full, '.')
            << "] " << done << '/' << whole_ << std::flush;
}

}  // namespace yishi::cli
