// A person's act: fills in what the policy decides, then judges it as every node will,
// and by the guards besides.
#include <algorithm>

#include "node/deliberation/authority.h"
#include "node/deliberation/guards.h"
#include "node/deliberation/make_table.h"
#include "node/deliberation/react.h"
#include "node/deliberation/remarks.h"
#include "node/deliberation/rules.h"

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
  if ((act == Act::kAssign || act == Act::kConsult) && body.due_ms != 0 && body.due_ms <= now_ms) {
    return broken("act.due.past", "due", "完成期限已过。", "the due date has passed already");
  }
  return {};
}

// Numbers, chain and the fields that the policy decides.
void fill_transition(Act act, const Issue& issue, const Law& law, ActBody& body) {
  body.n = issue.n + 1;
  body.prev = issue.last;
  if (act == Act::kEscalate) body.reasons = {"person"};
  if (act == Act::kAssign) {
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
  if (const ActRule* rule = law.policy.rule(act)) {
    auto passed = check_guards(*rule, act, issue, body, law);
    if (!passed) return passed.error();
    body.passed = std::move(*passed);
  }
  return Draft{std::string(info(act).kind), issue.id, std::move(body)};
}

bool open_remark(Act act, const Issue& issue, const World& world, const topology::Code& here) {
  if (act == Act::kComment || act == Act::kEvaluate) return true;
  if (const auto open = open_table_remark(act, issue, world, here)) return *open;
  if (act != Act::kProgress) return false;  // receipts are written by the node itself
  return std::any_of(
      issue.assignments.begin(), issue.assignments.end(),
      [&](const Assignment& one) { return world.directory().keeper_of(one.unit) == here; });
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
  if (act == Act::kFile) {
    return broken("act.file.automatic", "", "备案由节点自动回执。",
                  "receipts of filing are written by the node itself");
  }
  const auto policy = world.policy_at(issue.policy_version);
  if (policy == nullptr) return no_policy();
  const Law law{*policy, world.directory(), world.directory().latest()};
  body.automatic = false;
  to_ids(*policy, body);
  fill_record(act, issue, body);
  if (act == Act::kProgress) fill_progress(issue, body);
  if (body.unit.empty()) body.unit = info(act).transition ? issue.holder : here;
  const bool elsewhere =
      body.unit != issue.holder || world.directory().keeper_of(issue.holder) != here;
  if (info(act).transition && elsewhere) return not_holder(issue);
  if (Status one = judge_keeper(world.directory(), body.unit, here); !one) return one.error();
  if (info(act).transition) fill_transition(act, issue, law, body);
  return finish(act, issue, std::move(body), law, now_ms);
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
                                    : open_remark(one.act, issue, world, here);
    if (may) open.push_back(one.act);
  }
  return open;
}

}  // namespace yishi::deliberation
