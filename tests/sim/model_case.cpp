#include "tests/sim/model_case.h"

#include <algorithm>
#include <optional>

#include "topology/unit.h"

namespace yishi::sim {
namespace {

using deliberation::Act;
using deliberation::ActRule;
using topology::Code;
using topology::Directory;
using topology::Version;

// The nearest unit above that has the level or a higher one.
Code above(const Directory& directory, const Code& unit, const std::string& level, Version at) {
  const int wanted = topology::level_rank(level);
  for (Code one = directory.parent_of(unit, at); !one.empty(); one = directory.parent_of(one, at)) {
    if (topology::level_rank(level_of(directory, one, at)) <= wanted) return one;
  }
  return {};
}

bool names_known(const Case& one) {
  const auto& policy = one.policy;
  const auto& body = one.body;
  return name_known(policy.categories, body.category) && name_known(policy.sources, body.source) &&
         name_known(policy.forms, body.form) && name_known(policy.outcomes, body.became) &&
         name_known(policy.results, body.result) &&
         std::all_of(
             body.parties.begin(), body.parties.end(),
             [&](const auto& party) { return name_known(policy.parties, party.category); }) &&
         table_names_known(one);
}

bool reach_exists(const Case& one) {
  return std::all_of(one.body.reach.begin(), one.body.reach.end(), [&](const Code& unit) {
    return one.directory.unit(unit, one.at).has_value();
  });
}

bool log_holds(const Case& one) {
  const Code& home = one.body.home;
  const auto id = deliberation::parse_issue_id(one.issue.id);
  return one.issue.n == 0 && home == one.body.unit && id.ok() && one.directory.unit(home, one.at) &&
         id->unit == one.directory.keeper_of(home, one.at) && reach_exists(one) &&
         follow_log_holds(one);
}

bool open_in_stage(const Case& one) {
  if (one.act.act == Act::kClose) {
    return has(one.policy.closing_stages(one.body.result), one.issue.stage);
  }
  return has(one.policy.rule(one.act.act)->from, one.issue.stage);
}

// Of several demands for approval from above the highest counts.
Code approver(const Case& one) {
  std::optional<std::string> highest;
  for (const auto& upper : one.policy.upper_approvals) {
    if (upper.level != level_of(one.directory, one.issue.holder, one.at)) continue;
    const bool always = upper.categories.empty() && !upper.budget_over_fen;
    const bool dear = upper.budget_over_fen && one.issue.budget_fen > *upper.budget_over_fen;
    if (!always && !dear && !has(upper.categories, one.issue.category)) continue;
    if (!highest || topology::level_rank(upper.by) < topology::level_rank(*highest)) {
      highest = upper.by;
    }
  }
  if (!highest) return one.issue.holder;
  return above(one.directory, one.issue.holder, *highest, one.at);
}

bool reasons_hold(const Case& one) {
  const auto& reasons = one.body.reasons;
  const auto true_ones = beyond_holder(one.issue, one.policy, one.directory, one.at);
  return std::all_of(reasons.begin(), reasons.end(), [&](const std::string& reason) {
    const bool holds = one.body.automatic ? has(true_ones, reason) : reason == "person";
    return holds && std::count(reasons.begin(), reasons.end(), reason) == 1;
  });
}

bool specifics_hold(const Case& one) {
  const auto& body = one.body;
  switch (one.act.act) {
    case Act::kAmend:
      return reach_exists(one) &&
             !(body.title.empty() && body.text.empty() && body.category.empty() &&
               !body.budget_fen && body.reach.empty() && body.topic == deliberation::TopicSheet());
    case Act::kEscalate:
      return reasons_hold(one);
    case Act::kAssign:
      return one.directory.unit(body.to, one.at) &&
             one.directory.inside(body.to, one.issue.holder, one.at) &&
             body.assignment == one.issue.assignments.size() + 1 &&
             one.issue.assignments.size() < deliberation::kMaxAssignments;
    case Act::kClose: {
      const auto closing = one.policy.closings.find(body.result);
      const bool reason = closing != one.policy.closings.end() && closing->second.reason;
      return !reason || !body.reason.empty();
    }
    case Act::kFeedBack:
      return one.issue.holder != one.issue.home;
    default:
      return table_holds(one) && follow_holds(one);
  }
}

bool within_authority(const Case& one) {
  static const std::vector<Act> settling{Act::kPropose, Act::kApprove, Act::kOutcome, Act::kDecide,
                                         Act::kAssign,  Act::kJoin,    Act::kClose};
  return !has(settling, one.act.act) || !may_climb(one.issue, one.policy, one.directory, one.at) ||
         beyond_holder(one.issue, one.policy, one.directory, one.at).empty();
}

}  // namespace

bool name_known(const std::vector<deliberation::Label>& labels, const std::string& id) {
  return id.empty() ||
         std::any_of(labels.begin(), labels.end(), [&](const auto& one) { return one.id == id; });
}

std::string level_of(const Directory& directory, const Code& unit, Version at) {
  const auto found = directory.unit(unit, at);
  return found ? found->level : "";
}

bool fields_there(const Case& one) {
  const std::string keys(one.act.required);
  for (std::size_t at = 0; at < keys.size();) {
    const auto end = std::min(keys.find(' ', at), keys.size());
    if (!deliberation::has_field(one.body, keys.substr(at, end - at))) return false;
    at = end + 1;
  }
  return true;
}

Code goes_to(const Case& one) {
  const auto& issue = one.issue;
  switch (one.act.act) {
    case Act::kLog:
      return one.body.home;
    case Act::kEscalate:
      return one.directory.parent_of(issue.holder, one.at);
    case Act::kFeedBack:
      return issue.home;
    case Act::kPropose: {
      const Code upper = approver(one);
      return upper.empty() ? issue.holder : upper;
    }
    case Act::kApprove:
      return issue.proposer;
    case Act::kRefer:
      return one.body.to.empty() ? issue.holder : one.body.to;
    case Act::kReturn: {
      const ActRule* propose = one.policy.rule(Act::kPropose);
      const bool at_home = propose != nullptr && propose->to == issue.stage;
      if (at_home && issue.holder == issue.proposer) return issue.holder;
      return issue.custody.empty() ? Code() : issue.custody.back();
    }
    default:
      return issue.holder;
  }
}

bool transition_holds(const Case& one) {
  if (one.policy.rule(one.act.act) == nullptr) return false;
  if (!fields_there(one) || !names_known(one)) return false;
  if (one.act.act == Act::kLog) return log_holds(one);
  if (one.body.unit != one.issue.holder || !open_in_stage(one)) return false;
  const Code to = goes_to(one);
  static const std::vector<Act> kStay{Act::kAssign, Act::kConsult, Act::kJoin, Act::kGuide};
  const bool stays = has(kStay, one.act.act);
  const bool elsewhere = !stays && !one.body.to.empty() && one.body.to != to;
  return !to.empty() && !elsewhere && specifics_hold(one) && within_authority(one);
}

}  // namespace yishi::sim
