#include "tests/sim/model.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "tests/sim/model_case.h"

namespace yishi::sim {
namespace {

using deliberation::Act;
using deliberation::ActBody;
using deliberation::ActInfo;
using deliberation::ActRule;
using deliberation::Fact;
using deliberation::Issue;
using deliberation::Policy;
using topology::Code;
using topology::Directory;
using topology::Version;

void set_reach(Issue& issue, const std::vector<Code>& reach) {
  issue.reach.clear();
  for (const auto& unit : reach) {
    if (unit != issue.home && !has(issue.reach, unit)) issue.reach.push_back(unit);
    if (unit != issue.home) issue.concerned.insert(unit);
  }
}

void grant_no_more(Issue& issue, const std::string& reason) {
  std::set<std::string> left;
  for (const auto& one : issue.granted) {
    if (one.substr(one.find(':') + 1) != reason) left.insert(one);
  }
  issue.granted = left;
}

void amend(Issue& issue, const ActBody& body) {
  if (!body.title.empty()) issue.title = body.title;
  if (!body.text.empty()) issue.text = body.text;
  if (!body.category.empty() && body.category != issue.category) {
    issue.category = body.category;
    grant_no_more(issue, "category");
  }
  if (body.budget_fen && *body.budget_fen != issue.budget_fen) {
    issue.budget_fen = *body.budget_fen;
    grant_no_more(issue, "budget");
  }
  for (const std::string& flag : body.topic.flags) {
    if (!has(issue.table.topic.flags, flag)) grant_no_more(issue, "flag." + flag);
  }
  if (!body.reach.empty()) {
    const auto before = issue.reach;
    set_reach(issue, body.reach);
    if (before != issue.reach) grant_no_more(issue, "reach");
  }
}

void begin(Issue& issue, const Fact& fact) {
  const ActBody& body = fact.body;
  issue.policy_version = fact.topology;
  issue.home = body.home;
  issue.title = body.title;
  issue.text = body.text;
  issue.category = body.category;
  issue.source = body.source;
  issue.import_key = body.import_key;
  issue.budget_fen = body.budget_fen.value_or(0);
  issue.logged_ms = fact.time_ms;
  set_reach(issue, body.reach);
}

void hand_over(Issue& issue, const std::vector<std::string>& reasons) {
  issue.custody.push_back(issue.holder);
  issue.custody_reasons.push_back(reasons);
}

void take_back(Issue& issue) {
  issue.custody.pop_back();
  issue.custody_reasons.pop_back();
}

void give_back(Issue& issue, const ActBody& body, const Code& to) {
  issue.return_reason = body.reason;
  ++issue.returns;
  if (to == issue.holder) return;
  for (const auto& reason : issue.custody_reasons.back()) {
    if (reason != "person") issue.granted.insert(to.text() + ":" + reason);
  }
  take_back(issue);
}

void assign(Issue& issue, const Fact& fact) {
  deliberation::Assignment one;
  one.number = fact.body.assignment;
  one.unit = fact.body.to;
  one.text = fact.body.text;
  one.due_ms = fact.body.due_ms;
  one.given_ms = fact.time_ms;
  issue.assignments.push_back(one);
  issue.concerned.insert(fact.body.to);
}

// What each act changes besides holder, stage, number and times.
void change(Issue& issue, Act act, const Fact& fact, const Code& to) {
  const ActBody& body = fact.body;
  if (act == Act::kLog) begin(issue, fact);
  if (act == Act::kAmend) amend(issue, body);
  if (act == Act::kPropose) {
    issue.proposer = issue.holder;
    if (to != issue.holder) hand_over(issue, {});
  }
  if (act == Act::kApprove) {
    issue.approved_n = issue.n + 1;
    issue.approved_ms = fact.time_ms;
    issue.approved_by = body.unit;
    issue.approved_for = issue.proposer;
    if (to != issue.holder && !issue.custody.empty()) take_back(issue);
  }
  if (act == Act::kReturn) give_back(issue, body, to);
  if (act == Act::kResearch) issue.researched = true;
  if (act == Act::kHoldSession) issue.session_held = true;
  if (act == Act::kOutcome) issue.outcome = body.text;
  if (act == Act::kDecide) issue.decision = body.text;
  if ((act == Act::kOutcome || act == Act::kDecide) && !body.became.empty()) {
    issue.became = body.became;
  }
  if (act == Act::kEscalate) {
    hand_over(issue, body.reasons);
    for (const auto& reason : body.reasons) issue.escalations.push_back(reason);
  }
  if (act == Act::kAssign) assign(issue, fact);
  if (act == Act::kFeedBack) {
    if (issue.outcome.empty()) issue.outcome = body.text;
    issue.custody.clear();
    issue.custody_reasons.clear();
  }
  if (act == Act::kClose) {
    issue.result = body.result;
    issue.figures = body.figures;
    issue.closed_ms = fact.time_ms;
  }
  if (act == Act::kReopen) {
    issue.result.clear();
    issue.closed_ms = 0;
    issue.researched = issue.session_held = false;
  }
}

void perform(Issue& issue, Act act, const Fact& fact, const Policy& policy,
             const Directory& directory) {
  const Code to =
      goes_to({issue, fact.body, deliberation::info(act), policy, directory, fact.topology});
  change(issue, act, fact, to);
  change_follow(issue, act, fact, policy, directory);
  change_table(issue, act, fact, policy);
  issue.holder = to;
  issue.concerned.insert(to);
  const std::string& stage = policy.rule(act)->to;
  if (!stage.empty()) issue.stage = stage;
  const auto* now = policy.stage(issue.stage);
  if (now == nullptr || !now->waiting) {
    issue.accept_by_ms = 0;
  } else if (act == Act::kEscalate || act == Act::kRefer) {
    const auto days = policy.accept_days.find(level_of(directory, to, fact.topology));
    issue.accept_by_ms = days == policy.accept_days.end()
                             ? 0
                             : deliberation::add_working_days(policy, fact.time_ms, days->second);
  }
  issue.changed_ms = std::max(issue.changed_ms, fact.time_ms);
  issue.n += 1;
  issue.last = fact.digest;
}

// Who wrote it may speak for the unit, at the version that the entry names.
bool has_standing(const Fact& fact, const Directory& directory) {
  const auto* node = directory.node_of_key(fact.author);
  if (node == nullptr) return false;
  const Version at = fact.topology;
  if (node->ended != 0 && (fact.sequence > node->last_sequence || node->ended <= at)) return false;
  return node->admitted <= at && !directory.suspended(fact.body.unit, at) &&
         !directory.suspended(node->unit, at) && directory.unit(fact.body.unit, at).has_value() &&
         directory.keeper_of(fact.body.unit, at) == node->unit;
}

bool numbered_right(const ActInfo& act, const ActBody& body) {
  if (!act.transition) return true;
  const bool first = body.n == 1;
  return body.n >= 1 && body.n <= deliberation::kMaxTransitions &&
         first == (act.act == Act::kLog) && first == body.prev.is_zero();
}

class Model {
 public:
  Model(const std::string& id, const std::vector<Fact>& facts, const Directory& directory)
      : facts_(facts), directory_(directory), fates_(facts.size(), Fate::kWaits) {
    issue_.id = id;
  }

  Modelled run() {
    drop_copies();
    while (next_transition()) {
    }
    explain_transitions();
    // Supervision first, again and again until no more of it finds what it follows.
    for (bool more = true; more;) {
      more = false;
      for (const std::size_t i : order_) {
        const bool opening = act_of(i).act == Act::kSupervise || act_of(i).act == Act::kVisit;
        if (!opening || judged_[i] || issue_.n == 0) continue;
        remark(i);
        judged_[i] = fates_[i] != Fate::kWaits;
        more = more || judged_[i];
      }
    }
    for (const std::size_t i : order_) {
      if (!act_of(i).transition && !judged_[i]) remark(i);
    }
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      if (copy_of_[i] != i) fates_[i] = fates_[copy_of_[i]];
    }
    return {std::move(issue_), std::move(fates_)};
  }

 private:
  const ActInfo& act_of(std::size_t i) const { return *deliberation::find_kind(facts_[i].kind); }

  // In an order that is the same for all: by number, time, digest.
  void drop_copies() {
    judged_.assign(facts_.size(), false);
    std::map<std::pair<crypto::Digest, crypto::Digest>, std::size_t> first;
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      const auto [at, fresh] = first.try_emplace({facts_[i].digest, facts_[i].author}, i);
      if (!fresh && facts_[i].sequence < facts_[at->second].sequence) at->second = i;
    }
    for (const auto& fact : facts_) {
      copy_of_.push_back(first.at({fact.digest, fact.author}));
    }
    for (const auto& [key, i] : first) order_.push_back(i);
    for (const std::size_t i : order_) {
      const auto* act = deliberation::find_kind(facts_[i].kind);
      const bool ahead = facts_[i].topology > directory_.latest();  // waits for it
      const bool counts = act != nullptr && !ahead && has_standing(facts_[i], directory_) &&
                          numbered_right(*act, facts_[i].body);
      if (!counts) settle(i, ahead ? Fate::kWaits : Fate::kVoid);
    }
  }

  void settle(std::size_t i, Fate fate) {
    fates_[i] = fate;
    judged_[i] = true;
  }

  bool holds(std::size_t i) const {
    const auto& fact = facts_[i];
    const auto policy =
        policy_at(directory_, act_of(i).act == Act::kLog ? fact.topology : issue_.policy_version);
    return policy != nullptr &&
           transition_holds({issue_, fact.body, act_of(i), *policy, directory_, fact.topology});
  }

  // Of the acts that could come next, the one with the smallest digest counts.
  bool next_transition() {
    std::optional<std::size_t> chosen;
    for (const std::size_t i : order_) {  // by digest, then author
      const auto& fact = facts_[i];
      if (judged_[i] || !act_of(i).transition) continue;
      if (fact.body.n != issue_.n + 1 || fact.body.prev != issue_.last) continue;
      const bool counts = !chosen && holds(i);
      settle(i, counts ? Fate::kCounts : Fate::kVoid);
      if (counts) chosen = i;
    }
    if (!chosen) return false;
    const auto& fact = facts_[*chosen];
    const auto policy = policy_at(
        directory_, act_of(*chosen).act == Act::kLog ? fact.topology : issue_.policy_version);
    perform(issue_, act_of(*chosen).act, fact, *policy, directory_);
    return true;
  }

  // A transition that follows nothing that counts is void when what it follows is here.
  void explain_transitions() {
    for (bool more = true; more;) {
      more = false;
      for (const std::size_t i : order_) {
        if (judged_[i] || !act_of(i).transition) continue;
        bool there = false;
        bool waits = false;
        for (const std::size_t k : order_) {
          if (facts_[k].digest != facts_[i].body.prev) continue;
          const auto* act = deliberation::find_kind(facts_[k].kind);
          if (act == nullptr || !act->transition) continue;
          there = true;
          waits = waits || !judged_[k] || fates_[k] == Fate::kWaits;
        }
        if (!there || waits) continue;
        settle(i, Fate::kVoid);
        more = true;
      }
    }
  }

  void remark(std::size_t i) {
    if (issue_.n == 0) return;  // waits
    const auto policy = policy_at(directory_, issue_.policy_version);
    const Case one{issue_, facts_[i].body, act_of(i), *policy, directory_, facts_[i].topology};
    settle(i, fields_there(one) ? count_remark(facts_[i], act_of(i).act, *policy) : Fate::kVoid);
    if (fates_[i] == Fate::kCounts) {
      issue_.changed_ms = std::max(issue_.changed_ms, facts_[i].time_ms);
    }
  }

  Fate count_remark(const Fact& fact, Act act, const Policy& policy) {
    const ActBody& body = fact.body;
    switch (act) {
      case Act::kComment:
        issue_.comments += 1;
        return Fate::kCounts;
      case Act::kProgress:
        return count_progress(fact);
      case Act::kEvaluate:
        if (body.party.empty() || !name_known(policy.parties, body.party)) return Fate::kVoid;
        issue_.evaluations += 1;
        issue_.score_sum += *body.score;
        issue_.follow.scores[body.party].count += 1;
        issue_.follow.scores[body.party].sum += *body.score;
        return Fate::kCounts;
      case Act::kOpine:
      case Act::kReceive:
      case Act::kExplain:
        return count_table_remark(issue_, act, fact, policy, directory_);
      default:
        return act == Act::kFile ? count_receipt(fact)
                                 : count_follow_remark(issue_, act, fact, policy, directory_);
    }
  }

  Fate count_progress(const Fact& fact) {
    const auto number = fact.body.assignment;
    if (number > deliberation::kMaxAssignments) return Fate::kVoid;
    if (number > issue_.assignments.size()) return Fate::kWaits;
    auto& one = issue_.assignments[number - 1];
    if (one.unit != fact.body.unit) return Fate::kVoid;
    if (std::tie(fact.time_ms, fact.digest) > std::tie(one.progress_ms, one.progress_digest)) {
      one.percent = *fact.body.percent;
      one.done = fact.body.done;
      one.last_text = fact.body.text;
      one.progress_ms = fact.time_ms;
      one.progress_digest = fact.digest;
    }
    return Fate::kCounts;
  }

  Fate count_receipt(const Fact& fact) {
    const Code& unit = fact.body.unit;
    if (unit == issue_.home || !directory_.inside(issue_.home, unit, fact.topology)) {
      return Fate::kVoid;
    }
    if (issue_.approved_n == 0) return Fate::kWaits;
    const auto known_receipt = issue_.filed.find(unit);
    if (known_receipt == issue_.filed.end()) {
      issue_.filed[unit] = fact.time_ms;
    } else {
      known_receipt->second = std::min(known_receipt->second, fact.time_ms);
    }
    return Fate::kCounts;
  }

  const std::vector<Fact>& facts_;
  const Directory& directory_;
  Issue issue_;
  std::vector<Fate> fates_;
  std::vector<bool> judged_;
  std::vector<std::size_t> order_;    // the facts, copies left out
  std::vector<std::size_t> copy_of_;  // the copy that stands for it
};

}  // namespace

std::shared_ptr<const Policy> policy_at(const Directory& directory, Version version) {
  static std::map<std::string, std::shared_ptr<const Policy>> parsed;
  const auto set = directory.policy_at(version);
  if (!set) return nullptr;
  const auto [entry, fresh] = parsed.try_emplace(set->text);
  if (fresh) {
    auto policy = deliberation::parse_policy(set->text);
    if (policy) entry->second = *policy;
  }
  return entry->second;
}

std::vector<std::string> beyond_holder(const Issue& issue, const Policy& policy,
                                       const Directory& directory, Version at) {
  std::vector<std::string> reasons;
  const auto authority = policy.authority.find(level_of(directory, issue.holder, at));
  const bool none = authority == policy.authority.end();
  if (!none && authority->second.budget_max_fen &&
      issue.budget_fen > *authority->second.budget_max_fen) {
    reasons.emplace_back("budget");
  }
  if (none ||
      !(authority->second.every_category || has(authority->second.categories, issue.category)) ||
      has(authority->second.excluded, issue.category)) {
    reasons.emplace_back("category");
  }
  if (std::any_of(issue.reach.begin(), issue.reach.end(),
                  [&](const Code& unit) { return !directory.inside(unit, issue.holder, at); })) {
    reasons.emplace_back("reach");
  }
  const auto flags = policy.follow.up_flags.find(level_of(directory, issue.holder, at));
  for (const std::string& flag : issue.table.topic.flags) {
    if (flags != policy.follow.up_flags.end() && has(flags->second, flag)) {
      reasons.push_back("flag." + flag);
    }
  }
  const auto when = policy.follow.up_when.find(level_of(directory, issue.holder, at));
  if (when != policy.follow.up_when.end() && issue.follow.round > 2 &&
      has(when->second, std::string("failed_twice"))) {
    reasons.emplace_back("failed_twice");
  }
  std::erase_if(reasons, [&](const std::string& reason) {
    return issue.granted.contains(issue.holder.text() + ":" + reason);
  });
  return reasons;
}

bool may_climb(const Issue& issue, const Policy& policy, const Directory& directory, Version at) {
  const ActRule* rule = policy.rule(Act::kEscalate);
  return rule != nullptr && has(rule->from, issue.stage) &&
         !directory.parent_of(issue.holder, at).empty();
}

Modelled model_issue(const std::string& id, const std::vector<Fact>& facts,
                     const Directory& directory) {
  return Model(id, facts, directory).run();
}

}  // namespace yishi::sim
