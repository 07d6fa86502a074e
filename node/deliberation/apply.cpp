// What each transition changes.
#include <algorithm>

#include "node/deliberation/rules.h"

namespace yishi::deliberation {

namespace {

void set_reach(Issue& issue, const std::vector<topology::Code>& reach) {
  issue.reach.clear();
  for (const topology::Code& unit : reach) {
    const bool known = std::find(issue.reach.begin(), issue.reach.end(), unit) != issue.reach.end();
    // Home is always touched: naming it alone is how a reach is taken back.
    if (!known && unit != issue.home) issue.reach.push_back(unit);
  }
  issue.concerned.insert(issue.reach.begin(), issue.reach.end());
}

void apply_log(Issue& issue, const Deed& deed) {
  const ActBody& body = deed.body;
  issue.policy_version = deed.law.at;
  issue.home = body.home;
  issue.title = body.title;
  issue.text = body.text;
  issue.category = body.category;
  issue.source = body.source;
  issue.import_key = body.import_key;
  issue.budget_fen = body.budget_fen.value_or(0);
  issue.logged_ms = deed.time_ms;
  set_reach(issue, body.reach);
}

void ungrant(Issue& issue, std::string_view reason) {
  const std::string ending = ":" + std::string(reason);
  std::erase_if(issue.granted, [&](const std::string& one) { return one.ends_with(ending); });
}

void apply_amend(Issue& issue, const Deed& deed) {
  const ActBody& body = deed.body;
  if (!body.title.empty()) issue.title = body.title;
  if (!body.text.empty()) issue.text = body.text;
  if (!body.category.empty() && body.category != issue.category) {
    issue.category = body.category;
    ungrant(issue, "category");
  }
  if (body.budget_fen && *body.budget_fen != issue.budget_fen) {
    issue.budget_fen = *body.budget_fen;
    ungrant(issue, "budget");
  }
  if (!body.topic.flags.empty()) {  // said anew: judged anew
    for (const std::string& flag : body.topic.flags) {
      if (!in(issue.table.topic.flags, flag)) ungrant(issue, std::string(kFlagReason) + flag);
    }
  }
  if (!body.reach.empty()) {
    const auto before = issue.reach;
    set_reach(issue, body.reach);
    if (issue.reach != before) ungrant(issue, "reach");
  }
}

void hand_over(Issue& issue, std::vector<std::string> reasons) {
  issue.custody.push_back(issue.holder);
  issue.custody_reasons.push_back(std::move(reasons));
}

void take_back(Issue& issue) {
  issue.custody.pop_back();
  issue.custody_reasons.pop_back();
}

void apply_return(Issue& issue, const Deed& deed, const topology::Code& to) {
  issue.return_reason = deed.body.reason;
  issue.returns += 1;
  if (to == issue.holder) return;
  // Whoever sends it back says: this is for you to decide. It must not bounce.
  for (const std::string& reason : issue.custody_reasons.back()) {
    if (reason != "person") issue.granted.insert(granted_key(to, reason));
  }
  take_back(issue);
}

void apply_escalate(Issue& issue, const Deed& deed) {
  hand_over(issue, deed.body.reasons);
  issue.escalations.insert(issue.escalations.end(), deed.body.reasons.begin(),
                           deed.body.reasons.end());
}

// Whoever refers it down says: this is for you to decide. It must not bounce.
void apply_refer(Issue& issue, const Deed& deed) {
  Issue there = issue;
  there.holder = deed.body.to;
  for (const Beyond& one : beyond(there, deed.law)) {
    issue.granted.insert(granted_key(deed.body.to, one.code));
  }
  hand_over(issue, {});
}

void apply_assign(Issue& issue, const Deed& deed) {
  Assignment one;
  one.number = deed.body.assignment;
  one.unit = deed.body.to;
  one.text = deed.body.text;
  one.due_ms = deed.body.due_ms;
  one.given_ms = deed.time_ms;
  issue.assignments.push_back(std::move(one));
  issue.concerned.insert(deed.body.to);
}

void apply_outcome(Issue& issue, const ActBody& body) {
  issue.outcome = body.text;
  if (!body.became.empty()) issue.became = body.became;
}

void apply_close(Issue& issue, const Deed& deed) {
  issue.result = deed.body.result;
  issue.figures = deed.body.figures;
  issue.closed_ms = deed.time_ms;
}

// A new round: it is researched and deliberated again. What remarks write stays, and so
// does approved_n, on which receipts wait.
void apply_reopen(Issue& issue) {
  issue.result.clear();
  issue.closed_ms = 0;
  issue.researched = false;
  issue.session_held = false;
  issue.table.convened = {};
}

void apply_own(Issue& issue, const Deed& deed, const topology::Code& to) {
  const ActBody& body = deed.body;
  switch (deed.act) {
    case Act::kLog:
      return apply_log(issue, deed);
    case Act::kAmend:
      return apply_amend(issue, deed);
    case Act::kPropose:
      issue.proposer = issue.holder;
      if (to != issue.holder) hand_over(issue, {});
      return;
    case Act::kApprove:
      issue.approved_n = issue.n + 1;
      issue.approved_ms = deed.time_ms;
      issue.approved_by = body.unit;
      issue.approved_for = issue.proposer;
      if (to != issue.holder && !issue.custody.empty()) take_back(issue);
      return;
    case Act::kReturn:
      return apply_return(issue, deed, to);
    case Act::kResearch:
      issue.researched = true;
      return;
    case Act::kHoldSession:
      issue.session_held = true;
      return;
    case Act::kOutcome:
      return apply_outcome(issue, body);
    case Act::kEscalate:
      return apply_escalate(issue, deed);
    case Act::kRefer:
      return apply_refer(issue, deed);
    case Act::kDecide:
      issue.decision = body.text;
      if (!body.became.empty()) issue.became = body.became;
      return;
    case Act::kAssign:
      return apply_assign(issue, deed);
    case Act::kFeedBack:
      if (issue.outcome.empty()) issue.outcome = body.text;
      issue.custody.clear();
      issue.custody_reasons.clear();
      return;
    case Act::kClose:
      return apply_close(issue, deed);
    case Act::kReopen:
      return apply_reopen(issue);
    default:
      return;
  }
}

void set_accept_by(Issue& issue, const Deed& deed) {
  const Stage* stage = deed.law.policy.stage(issue.stage);
  if (stage == nullptr || !stage->waiting) {
    issue.accept_by_ms = 0;
    return;
  }
  if (deed.act != Act::kEscalate && deed.act != Act::kRefer) return;
  const auto days = deed.law.policy.accept_days.find(level_of(deed.law, issue.holder));
  issue.accept_by_ms = days == deed.law.policy.accept_days.end()
                           ? 0
                           : add_working_days(deed.law.policy, deed.time_ms, days->second);
}

}  // namespace

void apply_transition(Issue& issue, const Deed& deed, const crypto::Digest& digest) {
  const topology::Code to = destination(issue, deed);
  apply_own(issue, deed, to);
  apply_table(issue, deed);
  apply_follow(issue, deed);
  issue.holder = to;
  issue.concerned.insert(to);
  const std::string& stage = deed.law.policy.rule(deed.act)->to;
  if (!stage.empty()) issue.stage = stage;
  set_accept_by(issue, deed);
  issue.changed_ms = std::max(issue.changed_ms, deed.time_ms);
  issue.n += 1;
  issue.last = digest;
}

}  // namespace yishi::deliberation
