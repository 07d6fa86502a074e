// /public and /held: what is shown to everyone and taken from everyone, off until it is switched
// on, and the clerk's list of what was taken.
#include <algorithm>
#include <cctype>
#include <map>

#include "crypto/masked.h"
#include "crypto/password.h"
#include "node/deliberation/register.h"
#include "node/http/call.h"
#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/http/query.h"
#include "node/http/table_form.h"

namespace yishi::http {
namespace {

constexpr std::size_t kMatterShort = deliberation::kMaxShortBytes;
constexpr std::size_t kMaxMatterDigits = 18;
constexpr const char* kPublished = "outcome.published";

Status open_to_all(Call& call) {
  if (!call.shared().public_open) {
    return Error{"public.off", "path", "本节点没有开放公众服务",
                 "this node does not serve the public"};
  }
  if (call.shared().matters == nullptr) {
    return Error{"store.io", "matters.db", "群众提交的事项不能读写，请看节点的日志",
                 "what the public handed in cannot be read or written; see the node's log"};
  }
  return {};
}

Error hurried() {
  return {"http.rate", "", "请求过于频繁，请稍候再试", "too many requests; wait a while"};
}

// The socket is the node's own: it has no address, and is not counted.
bool allowed(Call& call, RateLimit& limit) {
  const auto& peer = call.request().door.peer;
  return peer.empty() || limit.take(peer, call.gate().now_ms());
}

Json label_in(const std::vector<deliberation::Label>& labels, std::string_view id) {
  return label_json(id, deliberation::find_label(labels, id));
}

// The words of each publication, by its number among the transitions.
std::map<std::uint64_t, std::string> published_words(const std::vector<store::StoredFact>& facts) {
  std::map<std::uint64_t, std::string> words;
  for (const auto& stored : facts) {
    const bool stands = stored.effect == deliberation::Effect::kApplied;
    if (stands && stored.fact.kind == kPublished) {
      words[stored.fact.body.n] = stored.fact.body.text;
    }
  }
  return words;
}

// Of an issue that was published: the matter, and what came of it. Nobody's name, and what was
// written freely without the middle of telephone and identity numbers.
Json notice_json(Call& call, const deliberation::Issue& issue) {
  const auto policy = call.world().policy_at(issue.policy_version);
  const auto words = published_words(store::Issues(call.database()).facts(issue.id));
  Json published = Json::array();
  for (const auto& one : issue.follow.publications) {
    const auto found = words.find(one.n);
    published.push_back(
        {{"about", policy ? label_in(policy->follow.publications, one.about) : Json()},
         {"text", found == words.end() ? "" : masked(found->second)},
         {"place", masked(one.place)},
         {"time", times(one.time_ms)},
         {"until", times(one.until_ms)}});
  }
  const Json whole = issue_summary(issue, call.world());
  Json out{{"id", issue.id},
           {"title", masked(issue.title)},
           {"unit", whole.at("home")},
           {"category", whole.at("category")},
           {"stage", whole.at("stage")},
           {"logged", whole.at("logged")},
           {"closed", whole.at("closed")}};
  out["consensus"] = masked(issue.outcome);
  out["decision"] = masked(issue.decision);
  out["became"] = policy ? label_in(policy->outcomes, issue.became) : Json();
  out["result"] = policy ? label_in(policy->results, issue.result) : Json();
  out["published"] = std::move(published);
  return out;
}

std::optional<std::uint64_t> number_in(const std::string& text) {
  const bool digits =
      !text.empty() && text.size() <= kMaxMatterDigits &&
      std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= '0' && c <= '9'; });
  if (!digits) return std::nullopt;
  return std::stoull(text);
}

Error no_matter() {
  return {"matter.unknown", "number", "没有这个编号的事项，或者查询码不对",
          "there is no matter of that number, or the code is wrong"};
}

// What the one who handed it in is told. Of an issue: how far it is, by the policy's words.
Json followed_json(Call& call, const store::Matter& matter) {
  Json out{{"number", matter.number},
           {"title", matter.title},
           {"received", times(matter.received_ms)},
           {"state", matter.state},
           {"settled", times(matter.settled_ms)},
           {"reason", matter.reason},
           {"issue", nullptr}};
  if (matter.state == "held") {
    out["zh"] = "待经办人登记";
    out["en"] = "waits for the clerk";
  } else if (matter.state == "discarded") {
    out["zh"] = "未予登记";
    out["en"] = "not taken in";
  } else {
    out["zh"] = "已登记";
    out["en"] = "taken in";
    const auto issue = store::Issues(call.database()).issue(matter.issue);
    if (!issue) return out;
    const Json whole = issue_summary(*issue, call.world());
    out["issue"] = {{"id", issue->id},
                    {"stage", whole.at("stage")},
                    {"holder", whole.at("holder")},
                    {"changed", whole.at("changed")},
                    {"closed", whole.at("closed")}};
  }
  return out;
}

Json held_json(const store::Matter& matter) {
  return {{"id", matter.number},
          {"title", matter.title},
          {"text", matter.text},
          {"place", matter.place},
          {"name", matter.name},
          {"telephone", matter.telephone},
          {"received", times(matter.received_ms)},
          {"state", matter.state},
          {"issue", matter.issue.empty() ? Json() : Json(matter.issue)},
          {"reason", matter.reason},
          {"settled", times(matter.settled_ms)}};
}

Error settled_already() {
  return {"matter.settled", "number", "该事项已经处理", "that matter is settled already"};
}

Result<store::Matter> matter_of(Call& call) {
  if (const auto status = open_to_all(call); !status) return status.error();
  const auto number = number_in(call.segment(3));
  auto matter = number ? call.shared().matters->find(*number) : std::nullopt;
  if (!matter) return no_matter();
  return *matter;
}

// One line of an import, whose key says which matter it is: taken in again after a crash in the
// middle of it, it is the issue that was logged then.
turn::LogIssues logging_of(const store::Matter& matter, std::string mark,
                           deliberation::ActBody body) {
  turn::LogIssue line;
  line.body = std::move(body);
  if (line.body.title.empty()) line.body.title = matter.title;
  if (line.body.text.empty()) line.body.text = matter.text;
  if (line.body.place.empty()) line.body.place = matter.place;
  line.body.import_key = std::move(mark);
  line.reporter = {matter.name, matter.telephone};
  turn::LogIssues command;
  command.issues.push_back(std::move(line));
  return command;
}

}  // namespace

Result<Reply> get_notices(Call& call) {
  if (const auto status = open_to_all(call); !status) return status.error();
  Query query(call.request());
  const auto limit = query.number("limit", 20, kMaxNotices);
  store::IssueFilter filter;
  filter.before = query.number("before", 0, sync::kMaxNumber);
  if (const auto status = query.finish(); !status) return status.error();
  if (!allowed(call, call.gate().lookups)) return hurried();
  if (const auto opened = call.open(); !opened) return opened.error();
  filter.home_inside = call.snapshot().unit;
  filter.limit = kNoticeScan;
  const auto rows = store::Issues(call.database()).list(filter, call.directory());
  Json notices = Json::array();
  Json next;
  for (const auto& row : rows) {
    if (notices.size() == limit) break;
    next = row.order;
    if (!row.issue.follow.publications.empty()) notices.push_back(notice_json(call, row.issue));
  }
  const bool end = rows.size() < kNoticeScan && notices.size() < limit;
  return Reply{{{"unit", unit_json(call.directory(), call.snapshot().unit)},
                {"notices", std::move(notices)},
                {"next", end ? Json() : std::move(next)}}};
}

Result<Reply> post_matter(Call& call) {
  if (const auto status = open_to_all(call); !status) return status.error();
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  store::Matter matter;
  matter.title = form.text("title", deliberation::kMaxTitleBytes, true);
  matter.text = form.text("text", kMaxMatterBytes, true);
  matter.place = form.text("place", kMatterShort);
  matter.name = form.text("name", kMatterShort);
  matter.telephone = form.text("telephone", kMatterShort);
  if (const auto status = form.finish(); !status) return status.error();
  const auto once = once_of(call.request(), {});
  if (!once) return once.error();
  if (!allowed(call, call.gate().matters)) return hurried();
  const bool room =
      call.request().door.peer.empty() || call.gate().matters_of_all.take("", call.gate().now_ms());
  if (!room) return hurried();
  matter.received_ms = call.gate().now_ms();
  auto& matters = *call.shared().matters;
  const auto number = matters.hand_in(matter, *once ? std::optional((*once)->key) : std::nullopt,
                                      *once ? (*once)->request : crypto::Digest());
  if (!number) return number.error();
  call.concerns(std::to_string(*number));
  return Reply{{{"number", *number}, {"code", matters.code_of(*number)}}, 201};
}

Result<Reply> get_matter(Call& call) {
  if (const auto status = open_to_all(call); !status) return status.error();
  Query query(call.request());
  std::string code = query.text("code");
  if (const auto status = query.finish(); !status) return status.error();
  if (!allowed(call, call.gate().lookups)) return hurried();
  std::transform(code.begin(), code.end(), code.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const auto number = number_in(call.segment(4));
  const auto matter = number ? call.shared().matters->find(*number) : std::nullopt;
  // A code is made for every number, so that it takes as long where there is no matter.
  const bool right = crypto::same_secret(code, call.shared().matters->code_of(number.value_or(0)));
  if (!matter || !right) return no_matter();
  if (const auto opened = call.open(); !opened) return opened.error();
  return Reply{followed_json(call, *matter)};
}

Result<Reply> list_held(Call& call) {
  if (const auto status = open_to_all(call); !status) return status.error();
  Query query(call.request());
  const std::string state = query.text("state");
  const auto before = query.number("before", INT64_MAX, INT64_MAX);
  const auto limit = query.number("limit", 100, kMaxMatterPage);
  if (const auto status = query.finish(); !status) return status.error();
  if (!state.empty() && state != "held" && state != "taken" && state != "discarded") {
    return Error{"query.state", "state", "state 应为 held、taken 或 discarded",
                 "state is held, taken or discarded"};
  }
  const auto matters = call.shared().matters->list(state, before, limit);
  Json out = Json::array();
  for (const auto& matter : matters) out.push_back(held_json(matter));
  const bool more = !matters.empty() && matters.size() == limit;
  return Reply{{{"matters", std::move(out)},
                {"held", call.shared().matters->held()},
                {"next", more ? Json(matters.back().number) : Json()}}};
}

Result<Reply> take_held(Call& call) {
  const auto matter = matter_of(call);
  if (!matter) return matter.error();
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  auto body = read_body(form);
  body.home = form.code("home");
  if (const auto status = form.finish(); !status) return status.error();
  std::string issue = matter->issue;
  if (matter->state == "discarded") return settled_already();
  if (matter->state == "held") {
    const auto done = call.ask(
        logging_of(*matter, call.shared().matters->mark_of(matter->number), std::move(body)));
    if (!done) return done.error();
    if (done->lines.front().error) return *done->lines.front().error;
    issue = done->lines.front().issue;
    const auto taken = call.shared().matters->take(matter->number, issue, call.gate().now_ms());
    if (!taken) return taken.error();
  }
  call.concerns(issue);
  if (const auto opened = call.open(); !opened) return opened.error();
  const auto logged = store::Issues(call.database()).issue(issue);
  return Reply{{{"id", issue}, {"issue", logged ? issue_json(*logged, call.world()) : Json()}}};
}

Result<Reply> discard_held(Call& call) {
  const auto matter = matter_of(call);
  if (!matter) return matter.error();
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  const std::string reason = form.text("reason", kMaxMatterBytes, true);
  if (const auto status = form.finish(); !status) return status.error();
  const auto now = call.gate().now_ms();
  const auto status = call.shared().matters->discard(matter->number, reason, now);
  if (!status) return status.error();
  return Reply{{{"id", matter->number}, {"state", "discarded"}, {"reason", reason}}};
}

}  // namespace yishi::http
