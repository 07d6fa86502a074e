#include "node/http/pending.h"

#include <algorithm>
#include <charconv>

#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/http/problem.h"
#include "node/store/answered.h"

namespace yishi::http {
namespace {

Error no_pending_file() {
  return {"store.io", "pending.db", "待写入的办理不能读写，请看节点的日志",
          "the acts that wait cannot be read or written; see the node's log"};
}

Json pending_json(const store::PendingAct& act) {
  Json problem;
  if (!act.rule.empty()) problem = {{"rule", act.rule}, {"zh", act.zh}, {"en", act.en}};
  return {{"id", act.id},
          {"account", act.account},
          {"path", act.path},
          {"title", act.title},
          {"made", times(act.made_ms)},
          {"due", times(act.due_ms)},
          {"problem", std::move(problem)}};
}

std::vector<std::string> segments_of(const std::string& path) {
  std::vector<std::string> out{"api", "v1"};
  for (std::size_t at = 0; at <= path.size();) {
    const auto end = std::min(path.find('/', at), path.size());
    out.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// The request as it was sent, but to be done now; and who sent it.
Request request_of(const store::PendingAct& act) {
  Request request;
  request.method = "POST";
  request.segments = segments_of(act.path);
  request.body = act.body;
  request.fields["idempotency-key"] =
      act.key.empty() ? "pending " + std::to_string(act.id) : act.key;
  if (!act.if_match.empty()) request.fields["if-match"] = act.if_match;
  return request;
}

// The store is full or busy, or the node stops: it will be done yet.
bool passes(const Error& error) {
  constexpr unsigned kServerFault = 500;
  return status_of(error) >= kServerFault;
}

void note(Shared& shared, const store::PendingAct& act, const Result<Reply>& reply) {
  if (!shared.gate.accounts) return;
  store::AuditRow row;
  row.time_ms = shared.gate.now_ms();
  row.account = act.account;
  row.via = "pending";
  row.act = "POST " + act.path.substr(0, act.path.find('/'));
  row.object = act.path;
  row.status = reply ? reply->status : status_of(reply.error());
  row.rule = reply ? "" : reply.error().rule;
  (void)shared.gate.accounts->audit(row);
}

// True of what is over: carried out, or refused for good.
void carry_out(Shared& shared, const store::PendingAct& act) {
  const auto now = shared.gate.now_ms();
  if (now > act.due_ms + kPendingStaleMs) {
    (void)shared.pending->refuse(
        act.id, {"pending.stale", "", "节点停机一天以上，此项未写入；请核对后重新办理",
                 "the node was off for more than a day and this was not written: look, and do "
                 "it again"});
    return;
  }
  if (!shared.pending->begin(act.id)) return;  // undone a moment ago
  const Request request = request_of(act);
  Caller caller{act.via, act.account, kEveryRole, std::nullopt, true};
  Call call(shared, request, std::move(caller));
  constexpr std::size_t kOfAct = 5;  // api v1 issues ID ACT
  const auto reply = request.segments.size() == kOfAct ? post_act(call) : post_issue(call);
  if (!reply && passes(reply.error())) return;
  note(shared, act, reply);
  if (reply) {
    (void)shared.pending->finish(act.id);
  } else {
    (void)shared.pending->refuse(act.id, reply.error());
  }
}

// One's own; the socket's caller runs the node.
Result<store::PendingAct> own_act(Call& call) {
  if (!call.shared().pending) return no_pending_file();
  std::uint64_t id = 0;
  const auto& text = call.segment(3);
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), id);
  const bool number = fault == std::errc() && end == text.data() + text.size();
  auto act = number ? call.shared().pending->find(id) : std::nullopt;
  if (!act) {
    return Error{"pending.unknown", "id", "没有这一条待写入的办理：可能已经写入，或已撤销",
                 "no such act waits: it may have been written, or undone"};
  }
  const bool own = call.caller().via == "socket" || call.caller().name == act->account;
  if (own) return *act;
  return Error{"account.role", "id", "只有办理人自己可以撤销或立即写入",
               "only who asked for it may undo or hurry it"};
}

}  // namespace

Result<std::uint64_t> undo_time(const Request& request) {
  const std::string field = request.field("x-undo");
  if (field.empty()) return std::uint64_t{0};
  std::uint64_t seconds = 0;
  const char* end = field.data() + field.size();
  const auto [last, fault] = std::from_chars(field.data(), end, seconds);
  if (fault == std::errc() && last == end && seconds <= kMaxUndoSeconds) return seconds * 1000;
  return Error{"http.undo", "X-Undo", "X-Undo 应为 0 至 300 的整数秒",
               "X-Undo is a whole number of seconds from 0 to 300"};
}

bool done_before(Call& call) {
  const auto once = once_of(call.request(), call.caller());
  return once && *once && store::Answered(call.database()).find((*once)->key).has_value();
}

Result<Reply> put_off(Call& call, std::uint64_t wait_ms, const std::string& title) {
  auto& shared = call.shared();
  if (!shared.pending) return no_pending_file();
  if (const auto once = once_of(call.request(), call.caller()); !once) return once.error();
  const auto& request = call.request();
  store::PendingAct act;
  act.via = call.caller().via;
  act.account = call.caller().name;
  act.key = request.field("idempotency-key");
  act.if_match = request.field("if-match");
  for (std::size_t i = 2; i < request.segments.size(); ++i) {
    act.path += (i == 2 ? "" : "/") + request.segments[i];
  }
  act.body = request.body;
  act.title = title;
  act.made_ms = shared.gate.now_ms();
  act.due_ms = act.made_ms + wait_ms;
  const auto id = shared.pending->put_off(act);
  if (!id) return id.error();
  act.id = *id;
  shared.start_carrying_out();
  constexpr unsigned kAccepted = 202;
  return Reply{{{"pending", pending_json(act)}}, kAccepted};
}

bool carry_out_due(Shared& shared) {
  for (const auto& act : shared.pending->due(shared.gate.now_ms())) {
    if (shared.stopping) return false;
    carry_out(shared, act);
  }
  return shared.pending->waiting() != 0;
}

Result<Reply> list_pending(Call& call) {
  if (!call.shared().pending) return no_pending_file();
  Json out = Json::array();
  for (const auto& act : call.shared().pending->all()) out.push_back(pending_json(act));
  return Reply{{{"pending", std::move(out)}}};
}

// Before its time: it is never written. After it was refused: it leaves the list.
Result<Reply> undo_pending(Call& call) {
  const auto act = own_act(call);
  if (!act) return act.error();
  if (const auto status = call.shared().pending->undo(act->id); !status) return status.error();
  return Reply{{{"undone", act->rule.empty()}, {"body", Json::parse(act->body, nullptr, false)}}};
}

Result<Reply> hurry_pending(Call& call) {
  const auto act = own_act(call);
  if (!act) return act.error();
  auto& shared = call.shared();
  if (const auto status = shared.pending->hurry(act->id, shared.gate.now_ms()); !status) {
    return status.error();
  }
  shared.start_carrying_out();
  return Reply{{{"pending", pending_json(*act)}}, 202};
}

}  // namespace yishi::http
