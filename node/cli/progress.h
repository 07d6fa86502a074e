// A bar on standard error while long work is done and a terminal is watching; else nothing.
#pragma once

#include <cstddef>
#include <string>

namespace yishi::cli {

class Progress {
 public:
  Progress(std::string what, std::size_t whole);
  ~Progress();  // takes the bar away
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void at(std::size_t done);

 private:
  std::string what_;
  std::size_t whole_;
  int shown_ = -1;  // per cent
  bool watched_;
};

}  // namespace yishi::cli
