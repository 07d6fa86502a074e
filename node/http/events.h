// What changed, told to whoever listens: the streams of GET /api/v1/events.
//
// While anyone listens a worker looks every kLookMs what has changed since it last looked, by
// the store's own order of changes, and hands the same bytes to every stream. No stream holds a
// thread, and nothing is kept for those who may come: one that was away says which event it saw
// last, and is told what changed since then out of the store.
//
// The id of an event is "ISSUES-REGISTERS": the order of the last change of an issue and the
// number of the last record of a register that were told. Any thread.
//
// Rules: "http.streams" (there are too many).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "node/http/feed.h"
#include "node/http/message.h"

namespace yishi::http {

class Call;
struct Shared;

class Events {
 public:
  // start_looking: has look() called by a worker every kLookMs, until it returns false.
  Events(Shared& shared, std::function<void()> start_looking)
      : shared_(shared), start_looking_(std::move(start_looking)) {}

  // A new stream. What changed after `last_seen` (empty: nothing is asked for) comes first, or
  // the event "reset" when that is too much or cannot be known.
  Result<std::shared_ptr<Feed>> join(Call& call, const std::string& last_seen);
  // Tells what is new, beats, and ends the streams of those whose session is over. False: nobody
  // listens any more.
  bool look();

 private:
  struct Position {
    std::uint64_t issues = 0, registers = 0;
  };
  struct Stream {
    std::shared_ptr<Feed> feed;
    Request request;     // by which its caller is known again
    std::string caller;  // whose streams are counted
  };
  static std::string id_of(const Position& position);
  static bool parse(const std::string& id, Position& position);
  static Position newest(Call& call);
  std::string changes(Call& call, const Position& after, Position& upto, bool& too_many) const;
  std::string status(Call& call) const;
  void tell_changes(Call& call);
  void tell(const std::string& text);
  void forget_the_gone();
  void end_the_signed_out();

  Shared& shared_;
  std::function<void()> start_looking_;
  std::mutex mutex_;
  std::vector<Stream> streams_;
  Position told_;
  std::string status_;       // as it was last told
  std::uint64_t looks_ = 0;  // so far
  std::uint64_t pause_ = 0;  // looks to let pass
  bool looking_ = false;
};

}  // namespace yishi::http
