// A Unix socket's path holds at most 107 bytes. A longer one is reached by way of a handle
// on its folder: /proc/self/fd/<n>/<name>.
#pragma once

#include <string>

#include "crypto/result.h"

namespace yishi::http {

class ReachablePath {
 public:
  // Rule "http.path.long": the folder does not open, or the name alone is too long.
  static Result<ReachablePath> of(const std::string& path);
  ReachablePath(ReachablePath&& other) noexcept;
  ReachablePath& operator=(ReachablePath&&) = delete;
  ~ReachablePath();
  const std::string& text() const { return text_; }  // good as long as this object lives

 private:
  ReachablePath(std::string text, int folder) : text_(std::move(text)), folder_(folder) {}
  std::string text_;
  int folder_ = -1;  // -1: the path was short enough
};

}  // namespace yishi::http
