#include "node/http/feed.h"

#include <utility>

#include "node/http/limits.h"

namespace yishi::http {

void Feed::push(Piece piece) {
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || left_) return;
    bytes_ += piece->size();
    pieces_.push_back(std::move(piece));
    if (bytes_ > kMaxFeedBytes) {
      pieces_.clear();
      bytes_ = 0;
      ended_ = true;
    }
  }
  wake();
}

void Feed::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake();
}

bool Feed::over() const {
  const std::lock_guard lock(mutex_);
  return ended_ || left_;
}

void Feed::on_ready(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

std::string Feed::take() {
  const std::lock_guard lock(mutex_);
  std::string all;
  all.reserve(bytes_);
  for (const auto& piece : pieces_) all += *piece;
  pieces_.clear();
  bytes_ = 0;
  return all;
}

bool Feed::finished() const {
  const std::lock_guard lock(mutex_);
  return ended_ && pieces_.empty();
}

void Feed::leave() {
  const std::lock_guard lock(mutex_);
  left_ = true;
  pieces_.clear();
  bytes_ = 0;
  wake_ = nullptr;
}

void Feed::wake() {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    wake = wake_;
  }
  if (wake) wake();
}

}  // namespace yishi::http
