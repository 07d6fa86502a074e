// A stream of server-sent events on its way from who makes them to one connection.
//
// Pieces are shared: the same bytes go to every stream. At most kMaxFeedBytes wait; a reader who
// is slower than that is cut off, and catches up when it asks again (events.h). Any thread; the
// wake function is called without the lock, on the thread that pushed.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace yishi::http {

class Feed {
 public:
  using Piece = std::shared_ptr<const std::string>;

  void push(Piece piece);
  void end();         // nothing comes any more; what waits still goes out
  bool over() const;  // ended, or nobody reads it any more

  // Of the connection, once, before it takes anything.
  void on_ready(std::function<void()> wake);
  std::string take();     // what waits, in one
  bool finished() const;  // ended, and nothing waits
  void leave();           // the connection is gone: what is pushed is dropped

 private:
  void wake();

  mutable std::mutex mutex_;
  std::deque<Piece> pieces_;
  std::size_t bytes_ = 0;
  bool ended_ = false, left_ = false;
  std::function<void()> wake_;
};

}  // namespace yishi::http
