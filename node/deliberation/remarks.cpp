#include "node/deliberation/remarks.h"

#include <algorithm>
#include <tuple>

#include "crypto/planted.h"

namespace yishi::deliberation {

namespace {

Folded waits() { return {Effect::kWaits, std::nullopt}; }
Folded applied() { return {Effect::kApplied, std::nullopt}; }

Folded apply_progress(Issue& issue, const Deed& deed, const crypto::Digest& digest) {
  const ActBody& body = deed.body;
  if (body.assignment > kMaxAssignments) {
    return void_for(broken("act.limit.assignments", "task", "没有这项交办。",
                           "there can be no assignment of that number"));
  }
  if (body.assignment > issue.assignments.size()) return waits();
  Assignment& one = issue.assignments[body.assignment - 1];
  if (one.unit != body.unit) {
    return void_for(broken("act.progress.unit", "unit", "只有承办单位可以报告进展。",
                           "only the unit it was assigned to reports its progress"));
  }
  if (std::tie(deed.time_ms, digest) > std::tie(one.progress_ms, one.progress_digest) ||
      planted(Defect::kProgressByArrival)) {
    one.percent = *body.percent;
    one.done = body.done;
    one.last_text = body.text;
    one.progress_ms = deed.time_ms;
    one.progress_digest = digest;
  }
  return applied();
}

Folded apply_evaluation(Issue& issue, const Deed& deed) {
  const auto& parties = deed.law.policy.parties;
  const bool known = std::any_of(parties.begin(), parties.end(),
                                 [&](const Label& one) { return one.id == deed.body.party; });
  if (!known) {
    return void_for(broken("act.name", "party", "规则中没有这个评议方。",
                           "the policy has no such evaluating party"));
  }
  issue.evaluations += 1;
  issue.score_sum += *deed.body.score;
  PartyScore& own = issue.follow.scores[deed.body.party];
  own.count += 1;
  own.sum += *deed.body.score;
  return applied();
}

Folded apply_receipt(Issue& issue, const Deed& deed) {
  const topology::Code& unit = deed.body.unit;
  if (unit == issue.home || !deed.law.directory.inside(issue.home, unit, deed.law.at)) {
    return void_for(broken("act.file.unit", "unit", "只有登记单位的上级可以备案。",
                           "only a unit above the issue's home files it"));
  }
  if (issue.approved_n == 0) return waits();
  const auto [entry, fresh] = issue.filed.try_emplace(unit, deed.time_ms);
  if (!fresh) entry->second = std::min(entry->second, deed.time_ms);
  return applied();
}

Folded apply_own(Issue& issue, const Deed& deed, const crypto::Digest& digest) {
  switch (deed.act) {
    case Act::kComment:
      issue.comments += 1;
      return applied();
    case Act::kProgress:
      return apply_progress(issue, deed, digest);
    case Act::kEvaluate:
      return apply_evaluation(issue, deed);
    case Act::kOpine:
    case Act::kReceive:
    case Act::kExplain:
      return apply_table_remark(issue, deed, digest);
    case Act::kFile:
      return apply_receipt(issue, deed);
    default:
      return apply_follow_remark(issue, deed, digest);
  }
}

}  // namespace

Folded apply_remark(Issue& issue, const Deed& deed, const crypto::Digest& digest) {
  if (Status one = judge_fields(deed.act, deed.body); !one) return void_for(one.error());
  Folded folded = apply_own(issue, deed, digest);
  if (folded.effect == Effect::kApplied) {
    issue.changed_ms = std::max(issue.changed_ms, deed.time_ms);
  }
  return folded;
}

}  // namespace yishi::deliberation
