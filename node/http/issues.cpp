// /issues: logging, listing, reading one, and acting on one.
#include <algorithm>

#include "node/deliberation/react.h"
#include "node/http/call.h"
#include "node/http/follow_json.h"
#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/http/pending.h"
#include "node/http/quantities.h"
#include "node/http/query.h"
#include "node/http/table_form.h"
#include "node/http/table_json.h"
#include "node/turn/clerk.h"
#include "sync/limits.h"

namespace yishi::http {
namespace {

using deliberation::ActBody;

constexpr std::size_t kShort = deliberation::kMaxShortBytes;

Error no_issue(const std::string& id) {
  return {"issue.unknown", "id", "本机没有事项 " + id, "there is no issue " + id + " on this node"};
}

void read_parties(Form& form, ActBody& body) {
  const Input* parties = form.objects("parties", deliberation::kMaxParties);
  if (parties == nullptr) return;
  std::size_t index = 0;
  for (const auto& item : *parties) {
    Form one(item, "parties[" + std::to_string(index++) + "].");
    deliberation::Party party;
    party.category = one.text("category", kShort, true);
    party.count = one.number("count").value_or(0);
    if (const auto status = one.finish(); !status) form.fail(status.error());
    body.parties.push_back(std::move(party));
  }
}

void read_figures(Form& form, ActBody& body) {
  const Input* figures = form.objects("figures", deliberation::kMaxFigures);
  if (figures == nullptr) return;
  std::size_t index = 0;
  for (const auto& item : *figures) {
    Form one(item, "figures[" + std::to_string(index++) + "].");
    deliberation::Figure figure;
    figure.name = one.text("name", kShort, true);
    figure.before = one.text("before", kShort);
    figure.after = one.text("after", kShort);
    figure.unit = one.text("unit", kShort);
    if (const auto status = one.finish(); !status) form.fail(status.error());
    body.figures.push_back(std::move(figure));
  }
}

turn::Reporter read_reporter(Form& form) {
  const Input* object = form.object("reporter");
  if (object == nullptr) return {};
  Form one(*object, "reporter.");
  turn::Reporter reporter{one.text("name", kShort), one.text("telephone", kShort)};
  if (const auto status = one.finish(); !status) form.fail(status.error());
  return reporter;
}

Json done_json(const turn::Done& done) {
  Json written = Json::array();
  for (const auto& kind : done.kinds) {
    const auto* info = deliberation::find_kind(kind);
    written.push_back({{"kind", kind},
                       {"zh", info == nullptr ? std::string_view(kind) : info->zh},
                       {"en", info == nullptr ? std::string_view(kind) : info->en}});
  }
  return {{"id", done.issue}, {"written", std::move(written)}, {"sequence", done.sequence}};
}

// Of many lines: what became of each. Written are all that were not known, or none.
Json imported_json(const turn::Done& done, const std::vector<std::optional<Error>>& faults) {
  Json lines = Json::array();
  std::uint64_t refused = 0;
  std::uint64_t known = 0;
  for (std::size_t i = 0; i < done.lines.size(); ++i) {
    const auto& line = done.lines[i];
    const auto& error = faults[i] ? faults[i] : line.error;
    Json one = {{"id", line.issue.empty() ? Json() : Json(line.issue)}, {"known", line.known}};
    if (error) {
      one["error"] = {
          {"rule", error->rule}, {"field", error->field}, {"zh", error->zh}, {"en", error->en}};
      ++refused;
    } else if (line.known) {
      ++known;
    }
    lines.push_back(std::move(one));
  }
  const bool wrote = done.sequence != 0;
  return {{"lines", std::move(lines)},
          {"written", wrote ? done.lines.size() - known : 0},
          {"known", known},
          {"refused", refused}};
}

// If-Match: "REVISION-DIGEST", or "REVISION", several with a comma between; "*" is true of every
// issue there is. A tag that is weak or no tag fits nothing.
Result<std::vector<std::string>> read_revisions(const Request& request) {
  std::string field = request.field("if-match");
  std::vector<std::string> out;
  if (field.empty() || field == "*") return out;
  while (!field.empty()) {
    const auto end = std::min(field.find(','), field.size());
    std::string one = field.substr(0, end);
    field.erase(0, std::min(end + 1, field.size()));
    std::erase(one, ' ');
    const bool tag = one.size() > 2 && one.front() == '"' && one.back() == '"';
    out.push_back(tag ? one.substr(1, std::min(one.find('-'), one.size() - 1) - 1) : "");
    if (out.size() > kMaxRevisions) {
      return Error{"http.if_match", "If-Match", "If-Match 中的标签过多",
                   "an If-Match has at most 16 tags"};
    }
  }
  return out;
}

// Whether an issue could be logged so, as far as can be said before it has its number.
Status judge_log(Call& call, const turn::LogIssue& command) {
  if (auto status = turn::check_reporter(command.reporter); !status.ok()) return status;
  const auto& here = call.snapshot().unit;
  auto body = command.body;
  if (body.unit.empty()) body.unit = body.home.empty() ? here : body.home;
  if (body.home.empty()) body.home = body.unit;
  const auto id = deliberation::make_issue_id(here, deliberation::china_year(now_ms()), 1);
  const auto draft = deliberation::make_log(id, std::move(body), call.world(), here, now_ms());
  return draft ? Status() : Status(draft.error());
}

// What was done, and the issue as it now is.
Result<Reply> after(Call& call, turn::Command command, unsigned status) {
  const auto done = call.ask(std::move(command));
  if (!done) return done.error();
  call.concerns(done->issue);
  Json body = done_json(*done);
  if (const auto opened = call.open(); !opened) return opened.error();
  const auto issue = store::Issues(call.database()).issue(done->issue);
  body["issue"] = issue ? issue_json(*issue, call.world()) : Json();
  return Reply{std::move(body), status};
}

// Whether the parent's receipt covers every record of the issue that is this node's to
// send: those written at or below its unit.
Json stored_json(Call& call, const std::vector<store::StoredFact>& facts) {
  const auto& snapshot = call.snapshot();
  if (!snapshot.parent && snapshot.joining.empty()) {
    return {{"state", "top"},
            {"zh", "已存本机（本级为最高一级）"},
            {"en", "stored here (the top level)"}};
  }
  std::uint64_t waiting = 0;
  for (const auto& stored : facts) {
    const auto* author = call.directory().node_of_key(stored.fact.author);
    const bool ours = author == nullptr || call.directory().inside(author->unit, snapshot.unit);
    const auto& place = stored.place;
    const bool received =
        snapshot.receipted.covers(place.position, stored.fact.author, place.sequence);
    if (ours && !received) ++waiting;
  }
  if (waiting == 0) {
    return {{"state", "received"}, {"zh", "上级已收"}, {"en", "received by the level above"}};
  }
  const std::string count = std::to_string(waiting);
  return {{"state", "stored"},
          {"waiting", waiting},
          {"zh", "已存本机（" + count + " 条待报）"},
          {"en", "stored here (" + count + " records waiting to be sent)"}};
}

std::string policy_id(Call& call, const std::string& text, bool stage) {
  const auto policy = call.world().policy_at(call.directory().latest());
  if (!policy || text.empty()) return text;
  if (!stage) {
    const auto* label = policy->category(text);
    return label == nullptr ? text : label->id;
  }
  for (const auto& known : policy->stages) {
    if (known.label.zh == text || known.label.en == text) return known.label.id;
  }
  return text;
}

}  // namespace

ActBody read_body(Form& form) {
  ActBody body;
  body.unit = form.code("unit");
  body.by = form.text("by", kShort);
  body.title = form.text("title", deliberation::kMaxTitleBytes);
  body.text = form.text("text", deliberation::kMaxTextBytes);
  body.category = form.text("category", kShort);
  body.budget_fen = form.money("budget_yuan");
  body.reach = form.codes("reach", deliberation::kMaxReach);
  body.source = form.text("source", kShort);
  body.to = form.code("to");
  body.reason = form.text("reason", deliberation::kMaxTextBytes);
  body.place = form.text("place", kShort);
  body.form = form.text("form", kShort);
  body.held_ms = form.moment("held");
  read_parties(form, body);
  body.became = form.text("became", kShort);
  body.due_ms = form.moment("due");
  body.assignment = form.number("task").value_or(0);
  body.percent = form.number("percent");
  body.done = form.flag("done");
  body.result = form.text("result", kShort);
  read_figures(form, body);
  body.score = form.number("score");
  body.party = form.text("party", kShort);
  body.overrides = form.text("override", kShort);
  read_table(form, body);
  body.follow = read_follow_up(form);
  return body;
}

Result<Reply> post_issue(Call& call) {
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  turn::LogIssue command;
  command.body = read_body(form);
  command.body.home = form.code("home");
  command.reporter = read_reporter(form);
  if (const auto status = form.finish(); !status) return status.error();
  const auto wait = undo_time(call.request());
  if (!wait) return wait.error();
  if (*wait != 0) {
    if (const auto opened = call.open(); !opened) return opened.error();
    if (!done_before(call)) {
      if (const auto good = judge_log(call, command); !good) return good.error();
      return put_off(call, *wait, command.body.title);
    }
  }
  return after(call, std::move(command), 201);
}

// Many at once: {"issues": [{… as of logging, "key"} …], "dry_run"}.
Result<Reply> post_import(Call& call) {
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  turn::LogIssues command;
  command.dry_run = form.flag("dry_run");
  std::vector<std::optional<Error>> faults;
  const Input* issues = form.objects("issues", turn::kMaxIssuesAtOnce);
  if (const auto status = form.finish(); !status) return status.error();
  if (issues == nullptr) return Error{"json.missing", "issues", "缺少 issues", "issues is missing"};
  bool faulty = false;
  for (const auto& item : *issues) {
    Form one(item, "");
    auto& line = command.issues.emplace_back();
    line.body = read_body(one);
    line.body.home = one.code("home");
    line.body.import_key = one.text("key", deliberation::kMaxImportKeyBytes);
    line.reporter = read_reporter(one);
    const auto status = one.finish();
    faults.push_back(status.ok() ? std::nullopt : std::optional(status.error()));
    faulty = faulty || !status.ok();
  }
  command.dry_run = command.dry_run || faulty;
  auto done = call.ask(std::move(command));
  if (!done) return done.error();
  return Reply{imported_json(*done, faults)};
}

Result<Reply> post_act(Call& call) {
  const std::string& id = call.segment(3);
  const auto* info = deliberation::find_act(call.segment(4));
  if (info == nullptr || info->act == deliberation::Act::kLog) {
    return Error{"http.path", "act", "没有这种办理动作", "there is no such act"};
  }
  if (id.size() > sync::kMaxIssueBytes) return no_issue(id.substr(0, sync::kMaxIssueBytes));
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  auto revisions = read_revisions(call.request());
  if (!revisions) return revisions.error();
  Form form(*object);
  turn::DoAct command{id, info->act, read_body(form), std::move(*revisions)};
  if (const auto status = form.finish(); !status) return status.error();
  const auto wait = undo_time(call.request());
  if (!wait) return wait.error();
  if (*wait != 0) {
    if (const auto opened = call.open(); !opened) return opened.error();
    if (!done_before(call)) {
      const auto issue = store::Issues(call.database()).issue(id);
      if (!issue) return no_issue(id);
      const auto same = turn::check_revision(*issue, command.revisions);
      if (!same) return same.error();
      const auto draft =
          make_act(info->act, *issue, command.body, call.world(), call.snapshot().unit, now_ms());
      if (!draft) return draft.error();
      return put_off(call, *wait, issue->title);
    }
  }
  return after(call, std::move(command), 200);
}

// What an act would be told, and what the policy asks of it; nothing is written.
Result<Reply> post_trial(Call& call) {
  const std::string& id = call.segment(3);
  const auto* info = deliberation::find_act(call.segment(4));
  if (info == nullptr || info->act == deliberation::Act::kLog) {
    return Error{"http.path", "act", "没有这种办理动作", "there is no such act"};
  }
  if (id.size() > sync::kMaxIssueBytes) return no_issue(id.substr(0, sync::kMaxIssueBytes));
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  const ActBody body = read_body(form);
  if (const auto opened = call.open(); !opened) return opened.error();
  const auto issue = store::Issues(call.database()).issue(id);
  if (!issue) return no_issue(id);
  const auto& here = call.snapshot().unit;
  Json asked = Json::array();
  for (const auto& one : demands(info->act, *issue, body, call.world(), here)) {
    asked.push_back({{"guard", one.guard},
                     {"soft", one.soft},
                     {"met", one.met},
                     {"words", {{"zh", one.words_zh}, {"en", one.words_en}}},
                     {"field", one.field},
                     {"zh", one.zh},
                     {"en", one.en}});
  }
  Status judged = form.finish();
  if (judged.ok()) {
    const auto draft = make_act(info->act, *issue, body, call.world(), here, now_ms());
    if (!draft) judged = draft.error();
  }
  Json out{{"ok", judged.ok()}, {"demands", std::move(asked)}, {"problem", Json()}};
  if (!judged.ok()) {
    const Error& error = judged.error();
    out["problem"] = {
        {"rule", error.rule}, {"field", error.field}, {"zh", error.zh}, {"en", error.en}};
  }
  return Reply{std::move(out)};
}

Result<Reply> list_issues(Call& call) {
  Query query(call.request());
  store::IssueFilter filter;
  filter.home_inside = query.code("home");
  filter.holder = query.code("holder");
  filter.stage = query.text("stage");
  filter.category = query.text("category");
  filter.month = query.text("month");
  filter.text = query.text("q");
  filter.open_only = query.flag("open");
  filter.escalated_only = query.flag("escalated");
  filter.before = query.number("before", 0, sync::kMaxNumber);
  filter.limit = query.number("limit", 100, kMaxIssuePage);
  const bool full = query.flag("full");
  if (const auto status = query.finish(); !status) return status.error();
  if (const auto opened = call.open(); !opened) return opened.error();
  filter.stage = policy_id(call, filter.stage, true);
  filter.category = policy_id(call, filter.category, false);
  const auto rows = store::Issues(call.database()).list(filter, call.directory());
  Json issues = Json::array();
  for (const auto& row : rows) {
    issues.push_back(full ? issue_json(row.issue, call.world())
                          : issue_summary(row.issue, call.world()));
  }
  const bool more = !rows.empty() && rows.size() >= filter.limit;
  return Reply{{{"issues", std::move(issues)}, {"next", more ? Json(rows.back().order) : Json()}}};
}

Result<Reply> get_issue(Call& call) {
  const std::string& id = call.segment(3);
  if (id.size() > sync::kMaxIssueBytes) return no_issue(id.substr(0, sync::kMaxIssueBytes));
  if (const auto opened = call.open(); !opened) return opened.error();
  const store::Issues issues(call.database());
  const auto issue = issues.issue(id);
  if (!issue) return no_issue(id);
  const auto facts = issues.facts(id);
  Json body = issue_json(*issue, call.world());
  const auto policy = call.world().policy_at(issue->policy_version);
  put_records(body, *issue, facts, {policy.get(), call.directory()});
  body["rounds"] = issues.rounds_of(id);
  body["answered_by"] = issues.answers_to(id);
  body["timeline"] = Json::array();
  for (const auto& fact : facts) {
    body["timeline"].push_back(fact_json(fact, *issue, call.world()));
  }
  body["open_acts"] = Json::array();
  body["permitted"] = Json::array();  // of those, what this caller may do
  for (const auto act : open_acts(*issue, call.world(), call.snapshot().unit)) {
    const auto& known = deliberation::info(act);
    body["open_acts"].push_back({{"name", known.name}, {"zh", known.zh}, {"en", known.en}});
    const auto need = need_of_act(known.name);
    if ((call.caller().roles & need.roles) == 0) continue;
    body["permitted"].push_back(
        {{"name", known.name}, {"confirm", need.confirm && !call.caller().confirmed}});
  }
  body["standing"] = standing_json(standing(*issue, call.world(), call.snapshot().unit, now_ms()));
  body["stored"] = stored_json(call, facts);
  Reply reply{std::move(body)};
  reply.revision = deliberation::revision_of(*issue);
  return reply;
}

}  // namespace yishi::http
