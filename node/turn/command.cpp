#include "node/turn/command.h"

namespace yishi::turn {

namespace {

std::future<Answer> refused_answer(Error error) {
  std::promise<Answer> promise;
  promise.set_value(std::move(error));
  return promise.get_future();
}

Error stopping() {
  return {"node.stopping", {}, "节点正在停止，请稍后再试", "the node is stopping; try again later"};
}

}  // namespace

std::future<Answer> Mailbox::post(Command command, std::optional<Once> once) {
  std::future<Answer> future;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return refused_answer(stopping());
    if (waiting_.size() >= kMaxCommandsWaiting) {
      return refused_answer(
          {"node.busy", {}, "节点正忙，请稍后再试", "the node is busy; try again later"});
    }
    auto& pending = waiting_.emplace_back(PendingCommand{std::move(command), once, {}});
    future = pending.answer.get_future();
  }
  wake_();
  return future;
}

std::vector<PendingCommand> Mailbox::take() {
  std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

void Mailbox::close() {
  std::vector<PendingCommand> rest;
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    rest = std::exchange(waiting_, {});
  }
  for (auto& pending : rest) pending.answer.set_value(stopping());
}

}  // namespace yishi::turn
