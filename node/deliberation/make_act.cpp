// A person's act: fills in what the policy decides, then judges it as every node will,
// and by the guards besides.
#include <algorithm>

#include "node/deliberation/authority.h"
#include "node/deliberation/guards.h"
#include "node/deliberation/make_table.h"
#include "node/deliberation/react.h"
#include "node/deliberation/remarks.h"
#include "node/deliberation/rules.h"
#include "node/deliberation/supervision.h"

namespace yishi::deliberation {

namespace {

constexpr std::uint64_t kFullPercent = 100;
// A clerk's clock may run behind that of the one who typed the time of a session.
constexpr std::uint64_t kClockToleranceMs = 24ULL * 60 * 60 * 1000;

Error no_policy() {
  return broken("policy.none", "policy", "网络还没有设定规则，请先由操作员发布。",
                "the network has no policy yet: an operator sets one first");
}

Status judge_keeper(const topology::Directory& directory, const topology::Code& unit,
                    const topology::Code& here) {
  if (!directory.unit(unit)) {
    return broken("act.unit", "unit", "单位 " + unit.text() + " 不存在。",
                  "unit " + unit.text() + " does not exist");
  }
  if (directory.keeper_of(unit) != here) {
    return broken("act.keeper", "unit", "本节点不代办 " + unit.text() + "，请到其所属节点操作。",
                  "this node does not keep " + unit.text() + ": act at the node that does");
  }
  if (directory.suspended(unit) || directory.suspended(here)) {
    return broken("act.suspended", "unit", "该单位已停用。", "the unit is suspended");
  }
  return {};
}

void to_ids(const Policy& policy, ActBody& body) {
  to_id(policy.categories, body.category);
  to_id(policy.sources, body.source);
  to_id(policy.forms, body.form);
  to_id(policy.outcomes, body.became);
  to_id(policy.results, body.result);
  to_id(policy.parties, body.party);
  for (Party& party : body.parties) to_id(policy.parties, party.category);
  table_to_ids(policy, body);
}

Status judge_times(Act act, const ActBody& body, std::uint64_t now_ms) {
  if (act == Act::kHoldSession && body.held_ms > now_ms + kClockToleranceMs) {
    return broken("act.held.future", "held", "协商时间在将来。", "the session lies in the future");
  }
  if (act == Act::kConvene && body.held_ms <= now_ms) {
    return broken("act.held.past", "held", "通知的协商时间已过。",
                  "the session it convenes lies in the past");
  }
  if (act == Act::kVisit && body.held_ms > now_ms) {
    return broken("act.visit.future", "held", "走访完成后才能登记。",
                  "a visit is recorded once it is done");
  }
  if (body.due_ms != 0 && body.due_ms <= now_ms) {
    return broken("act.due.past", "due", "完成期限已过。", "the due date has passed already");
  }
  return {};
}

// Numbers, chain and the fields that the policy decides.
void fill_transition(Act act, const Issue& issue, const Law& law, ActBody& body) {
  body.n = issue.n + 1;
  body.prev = issue.last;
  if (act == Act::kEscalate) body.reasons = {"person"};
  if (act == Act::kAssign || act == Act::kJoin) {
    body.assignment = issue.assignments.size() + 1;
    return;  // to is the person's choice
  }
  if (act == Act::kConsult) return;
  if (act == Act::kApprove && body.by.empty()) {
    const auto organ = law.policy.organs.find(level_of(law, issue.holder));
    if (organ != law.policy.organs.end()) body.by = organ->second.zh;
  }
  const topology::Code to = destination(issue, {act, body, 0, law});
  const bool shown = to != issue.holder || act == Act::kEscalate || act == Act::kFeedBack;
  if (body.to.empty() && shown) body.to = to;
}

void fill_progress(const Issue& issue, ActBody& body) {
  const bool known = body.assignment >= 1 && body.assignment <= issue.assignments.size();
  if (!known) return;
  const Assignment& one = issue.assignments[body.assignment - 1];
  if (body.unit.empty()) body.unit = one.unit;
  if (!body.percent) body.percent = body.done ? kFullPercent : one.percent;
}

// Labels to ids, and the first characters of an order's number to all of them.
void fill_follow(const Policy& policy, const Issue& issue, ActBody& body) {
  to_id(policy.follow.publications, body.follow.about);
  to_id(policy.follow.revisits, body.follow.about);
  to_id(policy.follow.supervision, body.follow.kind);
  for (std::string& method : body.follow.methods) to_id(policy.follow.methods, method);
  if (const Supervision* of = find_supervision(issue, body.follow.ref)) {
    body.follow.ref = to_hex(of->digest.view());
  }
}

// What a person leaves to the node: ids of labels, defaults, in whose name.
void fill_in(Act act, const Issue& issue, const Policy& policy, const topology::Code& here,
             ActBody& body) {
  body.automatic = false;
  to_ids(policy, body);
  fill_record(act, issue, body);
  if (act == Act::kProgress) fill_progress(issue, body);
  fill_follow(policy, issue, body);
  if (body.unit.empty()) body.unit = acting_unit(act, issue, body, here);
}

// Fields and limits as a reader of the record will see them.
Status judge_limits(const ActBody& body) {
  if (body.budget_fen && *body.budget_fen < 0) {
    return broken("act.budget", "fen", "预算不能为负数。", "the budget cannot be negative");
  }
  const Bytes bytes = encode_body(body);
  if (bytes.size() > kMaxActBytes) {
    return broken("act.limit.bytes", "session",
                  "记录太长：" + std::to_string(bytes.size()) + " 字节，最多 " +
                      std::to_string(kMaxActBytes) + " 字节。",
                  "the record is too long: " + std::to_string(bytes.size()) + " bytes of at most " +
                      std::to_string(kMaxActBytes));
  }
  auto read = decode_body(bytes);
  if (!read) return read.error();
  return {};
}

// An extension is asked for while there is still time.
Status judge_extension(const Issue& issue, const ActBody& body) {
  if (body.assignment == 0 || body.assignment > issue.assignments.size()) {
    return broken("act.task", "task", "没有这项交办。", "there is no such assignment");
  }
  if (body.due_ms > issue.assignments[body.assignment - 1].due_ms) return {};
  return broken("act.extend.earlier", "due", "申请的期限应晚于原来的期限。",
                "the date asked for must lie after the one set");
}

// The step fits where the supervision stands.
Status judge_step(Act act, const Issue& issue, const ActBody& body) {
  const Supervision* of = find_supervision(issue, body.follow.ref);
  if (of == nullptr) {
    return broken(
        "act.ref", "ref", "没有这份督办单，或者编号写得太短：“" + body.follow.ref + "”。",
        "there is no such order, or its number is too short: \"" + body.follow.ref + "\"");
  }
  using What = SupervisionStep::What;
  const What what = act == Act::kAppraise ? (body.done ? What::kPassed : What::kSentBack)
                                          : (body.done ? What::kRectified : What::kReply);
  const auto stage = stage_of(*of, issue.follow.supervisions);
  if (of->to.empty() || after_step(stage, what)) return {};
  const StageWords words = stage_words(stage);
  return broken("act.supervision.stage", "ref",
                "督办处于“" + std::string(words.zh) + "”，不能" + std::string(info(act).zh) + "。",
                "the supervision is \"" + std::string(words.en) + "\": it cannot be " +
                    (act == Act::kAppraise ? "appraised" : "answered") + " now");
}

// Whoever holds it urges those it gave work to; whoever stands above urges the holder.
Status judge_urge(const Issue& issue, const ActBody& body, const topology::Directory& directory) {
  if (body.assignment > issue.assignments.size()) {
    return broken("act.task", "task", "没有这项交办。", "there is no such assignment");
  }
  if (body.unit == issue.holder || directory.inside(issue.holder, body.unit) ||
      directory.inside(issue.home, body.unit)) {
    return {};
  }
  return broken("act.urge.unit", "unit", "只有办理单位和上级可以催办。",
                "only the holder and units above urge");
}

// As every node will judge it: on a copy.
Status judge_effect(const Issue& issue, const Deed& deed) {
  Issue copy = issue;
  const Folded folded = apply_remark(copy, deed, {});
  if (folded.effect == Effect::kVoid) return *folded.error;
  if (folded.effect == Effect::kApplied) return {};
  return broken("act.ref", "ref", "没有它所接续的记录。", "what it follows is not here");
}

Status judge_remark(Act act, const Issue& issue, const ActBody& body, const Law& law) {
  if (Status one = judge_fields(act, body); !one) return one;
  if (Status one = judge_table_remark(issue, {act, body, 0, law}); !one) return one;
  if (Status one = judge_answered(act, issue, body); !one) return one;
  if (act == Act::kProgress) {
    if (body.assignment > issue.assignments.size()) {
      return broken("act.progress.task", "task", "没有这项交办。", "there is no such assignment");
    }
    if (issue.assignments[body.assignment - 1].unit != body.unit) {
      return broken("act.progress.unit", "unit", "只有承办单位可以报告进展。",
                    "only the unit it was assigned to reports its progress");
    }
  }
  if (act == Act::kExtend) return judge_extension(issue, body);
  if (act == Act::kRectify || act == Act::kAppraise) return judge_step(act, issue, body);
  if (act == Act::kEvaluate && find_label(law.policy.parties, body.party) == nullptr) {
    return broken("act.name", "party", "规则中没有这个评议方。",
                  "the policy has no such evaluating party");
  }
  return {};
}

Result<Draft> finish(Act act, const Issue& issue, ActBody body, const Law& law,
                     std::uint64_t now_ms) {
  if (Status one = judge_limits(body); !one) return one.error();
  if (Status one = judge_times(act, body, now_ms); !one) return one.error();
  if (Status one = judge_record(act, issue, body); !one) return one.error();
  const Status rules = info(act).transition ? judge_transition(issue, {act, body, now_ms, law})
                                            : judge_remark(act, issue, body, law);
  if (!rules) return rules.error();
  if (act == Act::kExtend && now_ms > issue.assignments[body.assignment - 1].due_ms &&
      issue.assignments[body.assignment - 1].due_ms != 0) {
    return broken("act.extend.late", "task", "期限已过，不能再申请延期；延期须在期限前申请。",
                  "the limit has passed: an extension is asked for before it");
  }
  if (act == Act::kUrge) {
    if (Status one = judge_urge(issue, body, law.directory); !one) return one.error();
  }
  if (!info(act).transition) {
    if (Status one = judge_effect(issue, {act, body, now_ms, law}); !one) return one.error();
  }
  if (const ActRule* rule = law.policy.rule(act)) {
    auto passed = check_guards(*rule, act, issue, body, law);
    if (!passed) return passed.error();
    body.passed = std::move(*passed);
  }
  return Draft{std::string(info(act).kind), issue.id, std::move(body)};
}

bool open_remark(Act act, const Issue& issue, const World& world, const Policy& policy,
                 const topology::Code& here) {
  if (const auto open = open_table_remark(act, issue, world, here)) return *open;
  const topology::Directory& directory = world.directory();
  const auto kept = [&](const topology::Code& unit) {
    return !unit.empty() && directory.keeper_of(unit) == here;
  };
  const auto& orders = issue.follow.supervisions;
  switch (act) {
    case Act::kComment:
    case Act::kEvaluate:
      return true;
    case Act::kProgress:
    case Act::kExtend:
      return std::any_of(issue.assignments.begin(), issue.assignments.end(),
                         [&](const Assignment& one) { return kept(one.unit); });
    case Act::kUrge:
      return kept(issue.holder) || directory.inside(issue.holder, here) ||
             directory.inside(issue.home, here);
    case Act::kRate:
      return kept(issue.holder) || directory.inside(issue.home, here);
    case Act::kSupervise:
    case Act::kVisit:
    case Act::kAccount:
      return !policy.follow.supervision.empty() && here != issue.home &&
             directory.inside(issue.home, here);
    case Act::kRectify:
      return std::any_of(orders.begin(), orders.end(),
                         [&](const Supervision& one) { return kept(one.to); });
    case Act::kAppraise:
      return std::any_of(orders.begin(), orders.end(),
                         [&](const Supervision& one) { return !one.to.empty() && kept(one.unit); });
    default:
      return false;  // receipts and alerts are written by the node itself
  }
}

bool open_transition(Act act, const Issue& issue, const Law& law) {
  if (act == Act::kLog || !stage_allows(issue, law.policy, act, {})) return false;
  if (act == Act::kFeedBack && issue.holder == issue.home) return false;
  const ActBody none;
  return !destination(issue, {act, none, 0, law}).empty();
}

}  // namespace

Result<Draft> make_act(Act act, const Issue& issue, ActBody body, const World& world,
                       const topology::Code& here, std::uint64_t now_ms) {
  if (act == Act::kLog) return make_log(issue.id, std::move(body), world, here, now_ms);
  if (issue.n == 0) {
    return broken("act.issue.unknown", "issue", "没有这个事项。", "there is no such issue");
  }
  if (act == Act::kAlert) {
    return broken("act.alert.automatic", "", "超期提醒由节点自动写入。",
                  "alerts are written by the node itself");
  }
  if (act == Act::kFile) {
    return broken("act.file.automatic", "", "备案由节点自动回执。",
                  "receipts of filing are written by the node itself");
  }
  const auto policy = world.policy_at(issue.policy_version);
  if (policy == nullptr) return no_policy();
  const Law law{*policy, world.directory(), world.directory().latest()};
  fill_in(act, issue, *policy, here, body);
  const bool elsewhere =
      body.unit != issue.holder || world.directory().keeper_of(issue.holder) != here;
  if (info(act).transition && elsewhere) return not_holder(issue);
  if (Status one = judge_keeper(world.directory(), body.unit, here); !one) return one.error();
  if (info(act).transition) fill_transition(act, issue, law, body);
  return finish(act, issue, std::move(body), law, now_ms);
}

std::vector<Demand> demands(Act act, const Issue& issue, ActBody body, const World& world,
                            const topology::Code& here) {
  std::vector<Demand> all;
  const auto policy = world.policy_at(issue.policy_version);
  const ActRule* rule = policy == nullptr ? nullptr : policy->rule(act);
  if (rule == nullptr) return all;
  const Law law{*policy, world.directory(), world.directory().latest()};
  fill_in(act, issue, *policy, here, body);
  if (info(act).transition) fill_transition(act, issue, law, body);
  for (const JudgedGuard& one : judge_guards(*rule, act, issue, body, law)) {
    Demand demand{one.guard->name,
                  one.guard->soft,
                  !one.missing,
                  one.guard->words_zh,
                  one.guard->words_en,
                  {},
                  {},
                  {}};
    if (one.missing) {
      demand.field = one.missing->field;
      demand.zh = one.missing->zh;
      demand.en = one.missing->en;
    }
    all.push_back(std::move(demand));
  }
  return all;
}

topology::Code acting_unit(Act act, const Issue& issue, const ActBody& body,
                           const topology::Code& here) {
  if (info(act).transition) return issue.holder;
  if (act == Act::kProgress || act == Act::kExtend) {
    const bool known = body.assignment >= 1 && body.assignment <= issue.assignments.size();
    if (known) return issue.assignments[body.assignment - 1].unit;
  }
  if (act == Act::kRectify || act == Act::kAppraise) {
    const Supervision* of = find_supervision(issue, body.follow.ref);
    if (of != nullptr && !of->to.empty()) return act == Act::kRectify ? of->to : of->unit;
  }
  return here;
}

Status follow_round(const Issue& parent, const World& world, ActBody& body) {
  const auto policy = world.policy_at(parent.policy_version);
  const Stage* stage = policy == nullptr ? nullptr : policy->stage(parent.stage);
  if (stage == nullptr || !stage->end) {
    return broken("act.round.open", "round", "原事项尚未办结，不能再协商。",
                  "the matter is not closed yet: it is not deliberated again");
  }
  if (parent.follow.round >= kMaxRounds) {
    return broken("act.round.limit", "round", "再协商的轮次过多。", "too many rounds");
  }
  if (body.reason.empty()) {
    return broken("act.round.reason", "why", "再协商须写明未落实的原因。",
                  "deliberating again gives the reason why it was not carried out");
  }
  body.follow.round_of = parent.id;
  body.follow.round = parent.follow.round + 1;
  if (body.home.empty()) body.home = parent.home;
  if (body.title.empty()) body.title = parent.title;
  if (body.category.empty()) body.category = parent.category;
  if (body.source.empty()) body.source = parent.source;
  if (!body.budget_fen) body.budget_fen = parent.budget_fen;
  if (body.reach.empty()) body.reach = parent.reach;
  return {};
}

Result<Draft> make_log(const std::string& id, ActBody body, const World& world,
                       const topology::Code& here, std::uint64_t now_ms) {
  const auto policy = world.policy_at(world.directory().latest());
  if (policy == nullptr) return no_policy();
  const Law law{*policy, world.directory(), world.directory().latest()};
  Issue blank;
  blank.id = id;
  body.automatic = false;
  body.n = 1;
  body.prev = {};
  if (body.home.empty()) body.home = body.unit.empty() ? here : body.unit;
  if (body.unit.empty()) body.unit = body.home;
  to_ids(*policy, body);
  if (Status one = judge_keeper(world.directory(), body.home, here); !one) return one.error();
  if (world.directory().retired(body.home)) {
    const std::string successor = world.directory().parent_of(body.home).text();
    return broken("act.retired", "unit",
                  "单位 " + body.home.text() + " 已撤销，请登记在承接单位 " + successor + " 名下。",
                  "unit " + body.home.text() + " is retired: log for its successor " + successor);
  }
  return finish(Act::kLog, blank, std::move(body), law, now_ms);
}

std::vector<Act> open_acts(const Issue& issue, const World& world, const topology::Code& here) {
  std::vector<Act> open;
  const auto policy = world.policy_at(issue.policy_version);
  if (issue.n == 0 || policy == nullptr || world.directory().suspended(here)) return open;
  const Law law{*policy, world.directory(), world.directory().latest()};
  const bool holds = world.directory().keeper_of(issue.holder) == here &&
                     !world.directory().suspended(issue.holder);
  for (const ActInfo& one : acts()) {
    const bool may = one.transition ? holds && open_transition(one.act, issue, law)
                                    : open_remark(one.act, issue, world, *policy, here);
    if (may) open.push_back(one.act);
  }
  return open;
}

}  // namespace yishi::deliberation
