#include "node/http/call.h"

#include <chrono>
#include <future>

#include "node/http/limits.h"

namespace yishi::http {

Call::Call(Shared& shared, const Request& request, Caller caller)
    : shared_(shared),
      request_(request),
      caller_(std::move(caller)),
      snapshot_(shared.board.read()) {}

Call::~Call() {
  if (reader_) shared_.readers.give_back(std::move(reader_));
}

Status Call::open() {
  if (!snapshot_ || !snapshot_->directory) {
    return Error{"http.busy", "", "节点正在启动，请稍候再试",
                 "the node is starting; try again in a moment"};
  }
  auto reader = shared_.readers.borrow();
  if (!reader) return reader.error();
  reader_ = std::move(reader).value();
  return {};
}

store::Database& Call::database() {
  YISHI_ASSERT(reader_ != nullptr);
  return *reader_->database;
}

const deliberation::World& Call::world() {
  YISHI_ASSERT(reader_ != nullptr);
  return reader_->world_of(snapshot_->directory);
}

Result<turn::Done> Call::ask(turn::Command command) {
  const auto once = once_of(request_, caller_);
  if (!once) return once.error();
  if (!*once) return wait(std::move(command), *once);
  const UnderWay::Claim claim(shared_.under_way, (*once)->key);
  if (!claim.held()) {
    return Error{"once.busy", "Idempotency-Key", "带同一 Idempotency-Key 的请求正在处理",
                 "a request with this Idempotency-Key is being carried out"};
  }
  auto done = wait(std::move(command), *once);
  again_ = done.ok() && done->again;
  return done;
}

Result<turn::Done> Call::wait(turn::Command command, const std::optional<turn::Once>& once) {
  constexpr std::chrono::milliseconds kSlice{50};  // how soon a stop is noticed
  const Error stopping{"node.stopping", "", "节点正在停止；请在重启后查看是否已写入",
                       "the node is stopping; look after its restart whether it was written"};
  auto future = shared_.mailbox.post(std::move(command), once);
  const auto until = std::chrono::steady_clock::now() + kCommandTime;
  while (future.wait_for(kSlice) != std::future_status::ready) {
    if (shared_.stopping) return stopping;
    if (std::chrono::steady_clock::now() >= until) {
      return Error{"http.slow", "", "节点在规定时间内没有答复；请先查看是否已写入，再决定是否重试",
                   "the node did not answer in time; look whether it was written before trying "
                   "again"};
    }
  }
  try {
    return future.get();
  } catch (const std::future_error&) {  // the core thread ended with the command in its hands
    return stopping;
  }
}

}  // namespace yishi::http
