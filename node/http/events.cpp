#include "node/http/events.h"

#include <algorithm>
#include <charconv>

#include "node/http/call.h"
#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/http/register_json.h"
#include "node/http/status_json.h"
#include "node/store/logs.h"

namespace yishi::http {
namespace {

constexpr std::string_view kBeat = ": \n\n";  // a comment: browsers drop it
constexpr std::string_view kRetry = "retry: 3000\n\n";
constexpr std::size_t kMaxEventIdBytes = 48;

std::string event(std::string_view kind, const std::string& id, const Json& data) {
  std::string out = "event: " + std::string(kind) + '\n';
  if (!id.empty()) out += "id: " + id + '\n';
  return out + "data: " + to_text(data) + "\n\n";
}

Error too_many_streams() {
  return {"http.streams", "", "同时打开的事件流过多，请关闭其他页面或稍候再试",
          "too many streams of events are open; close other pages or try again later"};
}

// Whose streams are counted together.
std::string name_of(const Caller& caller) { return caller.via + ' ' + caller.name; }

Json states_json(const std::vector<turn::NeighbourView>& children) {
  std::size_t open = 0;
  for (const auto& child : children) open += child.state == "open" ? 1 : 0;
  return {{"open", open}, {"all", children.size()}};
}

}  // namespace

std::string Events::id_of(const Position& position) {
  return std::to_string(position.issues) + '-' + std::to_string(position.registers);
}

bool Events::parse(const std::string& id, Position& position) {
  if (id.size() > kMaxEventIdBytes) return false;
  const char* end = id.data() + id.size();
  const auto [dash, fault] = std::from_chars(id.data(), end, position.issues);
  if (fault != std::errc() || dash == end || *dash != '-') return false;
  const auto [last, second] = std::from_chars(dash + 1, end, position.registers);
  return second == std::errc() && last == end;
}

// The events of what changed after a position, each issue and each register's entry once.
std::string Events::changes(Call& call, const Position& after, Position& upto,
                            bool& too_many) const {
  const auto issues =
      store::Issues(call.database()).changed_after(after.issues, kMaxEventsAtOnce + 1);
  const auto records =
      store::Registers(call.database()).written_after(after.registers, kMaxEventsAtOnce + 1);
  too_many = issues.size() > kMaxEventsAtOnce || records.size() > kMaxEventsAtOnce;
  upto = after;
  if (too_many) return {};
  std::string out;
  for (const auto& row : issues) {
    upto.issues = row.order;
    out += event("issue", id_of(upto), issue_summary(row.issue, call.world()));
  }
  for (const auto& record : records) {
    upto.registers = record.number;
    Json data = entry_name_json(record.name, call.directory());
    data["withdrawn"] = record.withdrawn;
    out += event("register", id_of(upto), data);
  }
  return out;
}

// What pages show of the node at all times; the whole is at /status.
std::string Events::status(Call& call) const {
  const auto& snapshot = call.snapshot();
  const auto policy = call.directory().policy_at();
  return event("status", {},
               {{"waiting", waiting_json(store::Logs(call.database()), snapshot)},
                {"parent", snapshot.parent ? Json(snapshot.parent->state) : Json()},
                {"children", states_json(snapshot.children)},
                {"topology", call.directory().latest()},
                {"policy", policy ? Json(policy->id) : Json()},
                {"pending", shared_.pending ? shared_.pending->waiting() : 0},
                {"joining", snapshot.joining},
                {"disk_full", snapshot.disk_full}});
}

Events::Position Events::newest(Call& call) {
  return {store::Issues(call.database()).last_change(),
          store::Registers(call.database()).last_written()};
}

Result<std::shared_ptr<Feed>> Events::join(Call& call, const std::string& last_seen) {
  const std::lock_guard lock(mutex_);
  forget_the_gone();
  const std::string caller = name_of(call.caller());
  const auto of_caller = std::count_if(streams_.begin(), streams_.end(),
                                       [&](const Stream& one) { return one.caller == caller; });
  if (streams_.size() >= kMaxStreams ||
      static_cast<std::size_t>(of_caller) >= kMaxStreamsOfCaller) {
    return too_many_streams();
  }
  if (streams_.empty()) {
    told_ = newest(call);
    status_ = status(call);
  } else {
    tell_changes(call);  // the others too stand where this one begins
  }
  std::string text = std::string(kRetry) + event("ready", id_of(told_), Json::object());
  if (!last_seen.empty()) {
    Position seen;
    Position upto;
    const bool known =
        parse(last_seen, seen) && seen.issues <= told_.issues && seen.registers <= told_.registers;
    bool too_many = !known;
    if (known) text += changes(call, seen, upto, too_many);
    if (too_many) text += event("reset", id_of(told_), Json::object());
  }
  auto feed = std::make_shared<Feed>();
  feed->push(std::make_shared<const std::string>(text + status_));
  streams_.push_back({feed, call.request(), caller});
  if (!looking_) {
    looking_ = true;
    start_looking_();
  }
  return feed;
}

bool Events::look() {
  const std::lock_guard lock(mutex_);
  forget_the_gone();
  if (streams_.empty() || shared_.stopping) {
    looking_ = false;
    return false;
  }
  ++looks_;
  if (looks_ % kLooksPerCheck == 0) end_the_signed_out();
  if (looks_ % kLooksPerBeat == 0) tell(std::string(kBeat));
  if (pause_ > 0 && --pause_ > 0) return true;
  const Request nobodys;
  Call call(shared_, nobodys, {});
  if (!call.open()) return true;  // the store is busy: the next look will tell
  tell_changes(call);
  if (looks_ % kLooksPerStatus != 0) return true;
  if (auto now = status(call); now != status_) {
    status_ = std::move(now);
    tell(status_);
  }
  return true;
}

void Events::tell_changes(Call& call) {
  Position upto;
  bool too_many = false;
  std::string text = changes(call, told_, upto, too_many);
  if (too_many) {
    // Whoever listens reads its lists anew, and is not asked to again at once.
    upto = newest(call);
    text = event("reset", id_of(upto), Json::object());
    pause_ = kLooksAfterReset;
  }
  told_ = upto;
  if (!text.empty()) tell(text);
}

void Events::tell(const std::string& text) {
  const auto piece = std::make_shared<const std::string>(text);
  for (const auto& stream : streams_) stream.feed->push(piece);
}

void Events::forget_the_gone() {
  std::erase_if(streams_, [](const Stream& stream) { return stream.feed->over(); });
}

void Events::end_the_signed_out() {
  for (const auto& stream : streams_) {
    const auto caller = identify(shared_.gate, stream.request);
    if ((caller.roles & kMayRead.roles) != 0) continue;
    stream.feed->push(std::make_shared<const std::string>(event("end", {}, Json::object())));
    stream.feed->end();
  }
}

Result<Reply> get_events(Call& call) {
  if (const auto opened = call.open(); !opened) return opened.error();
  auto feed = call.shared().events->join(call, call.request().field("last-event-id"));
  if (!feed) return feed.error();
  Reply reply;
  reply.type = "text/event-stream";
  reply.feed = std::move(*feed);
  return reply;
}

}  // namespace yishi::http
