// Remarks after the table: who may make them, and what they add. None of them reads what a
// transition can still change, so that order does not matter.
#include <algorithm>
#include <tuple>

#include "crypto/assert.h"
#include "node/deliberation/deadlines.h"
#include "node/deliberation/rules.h"
#include "node/deliberation/supervision.h"

namespace yishi::deliberation {

namespace {

Folded counts() { return {Effect::kApplied, std::nullopt}; }
Folded comes_early() { return {Effect::kWaits, std::nullopt}; }

void note_latest(Latest& latest, const Deed& deed, const crypto::Digest& digest) {
  latest.count += 1;
  if (std::tie(deed.time_ms, digest) <= std::tie(latest.time_ms, latest.digest)) return;
  latest.unit = deed.body.unit;
  latest.text = deed.body.text.empty() ? deed.body.reason : deed.body.text;
  latest.task = deed.body.assignment;
  latest.until_ms = deed.body.due_ms;
  latest.time_ms = deed.time_ms;
  latest.digest = digest;
}

Folded apply_extend(Issue& issue, const Deed& deed, const crypto::Digest& digest) {
  const std::uint64_t task = deed.body.assignment;
  if (task > kMaxAssignments) {
    return void_for(broken("act.task", "task", "没有这项交办。", "there is no such assignment"));
  }
  if (task > issue.assignments.size()) return comes_early();
  if (issue.assignments[task - 1].unit != deed.body.unit) {
    return void_for(broken("act.extend.unit", "unit", "只有承办单位可以申请延期。",
                           "only the unit it was assigned to asks for an extension"));
  }
  note_latest(issue.follow.asks[task], deed, digest);
  return counts();
}

Folded apply_rate(Issue& issue, const Deed& deed) {
  const FollowUp& said = deed.body.follow;
  if (said.asked == 0 || said.satisfied > said.asked) {
    return void_for(broken("act.rate.count", "satisfied", "满意人数不能超过调查人数，且不能为空。",
                           "at least one person is asked, and no more are satisfied than asked"));
  }
  issue.follow.surveys += 1;
  issue.follow.asked += said.asked;
  issue.follow.satisfied += said.satisfied;
  return counts();
}

bool is_above(const Deed& deed, const topology::Code& unit) {
  return deed.law.directory.inside(unit, deed.body.unit, deed.law.at);
}

// Who supervises stands above: over the home of the issue, and over whom it gives orders to.
Status judge_supervisor(const Issue& issue, const Deed& deed) {
  const bool root = deed.law.directory.parent_of(deed.body.unit, deed.law.at).empty();
  if (is_above(deed, issue.home) && (deed.body.unit != issue.home || root)) return {};
  return broken("act.supervise.above", "unit", "只有上级单位可以督办。",
                "only a unit above supervises");
}

Status judge_supervision(const Deed& deed, bool visit) {
  const FollowRules& rules = deed.law.policy.follow;
  const FollowUp& said = deed.body.follow;
  if (!visit || said.ref.empty()) {
    if (Status one = judge_name_in(rules.supervision, said.kind, "kind", "督办类型"); !one)
      return one;
  }
  for (const std::string& method : said.methods) {
    if (Status one = judge_name_in(rules.methods, method, "methods", "督查方式"); !one) return one;
  }
  if (!visit && in(rules.unannounced, said.kind)) {
    return broken("act.supervise.unannounced", "kind", "四不两直的督查不能事先下发，走访后再登记。",
                  "an unannounced visit is not announced: record it once it is done");
  }
  const topology::Code& to = deed.body.to;
  if (to.empty() || (deed.law.directory.unit(to, deed.law.at) && is_above(deed, to))) return {};
  return broken("act.supervise.outside", "to", "只能督办本级范围内的单位。",
                "orders go to units inside the one that gives them");
}

std::optional<crypto::Digest> digest_of(const std::string& hex) {
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != crypto::kDigestBytes) return std::nullopt;
  return crypto::Digest::from(*bytes);
}

Error no_reference() {
  return broken("act.ref", "ref", "须写明所接续的专报或督办单。",
                "it names the report or the order that it follows");
}

Supervision* find(Issue& issue, const crypto::Digest& digest) {
  return const_cast<Supervision*>(find_supervision(issue, digest));
}

void put_step(Supervision& one, SupervisionStep step) {
  const auto before = [](const SupervisionStep& a, const SupervisionStep& b) {
    return std::tie(a.time_ms, a.digest) < std::tie(b.time_ms, b.digest);
  };
  one.steps.insert(std::upper_bound(one.steps.begin(), one.steps.end(), step, before),
                   std::move(step));
  if (one.steps.size() > kMaxSteps) one.steps.pop_back();
}

SupervisionStep step_of(const Deed& deed, SupervisionStep::What what,
                        const crypto::Digest& digest) {
  return {what,         deed.body.unit, deed.body.by, deed.body.follow.methods, deed.body.held_ms,
          deed.time_ms, digest};
}

Supervision* open_case(Issue& issue, const Deed& deed, const crypto::Digest& digest,
                       const crypto::Digest& ref) {
  Supervision one;
  one.digest = digest;
  one.ref = ref;
  one.unit = deed.body.unit;
  one.to = deed.body.to;
  one.kind = deed.body.follow.kind;
  one.by = deed.body.by;
  one.text = deed.body.text;
  one.due_ms = deed.body.due_ms;
  one.time_ms = deed.time_ms;
  auto& all = issue.follow.supervisions;
  const auto before = [](const Supervision& a, const Supervision& b) {
    return std::tie(a.time_ms, a.digest) < std::tie(b.time_ms, b.digest);
  };
  all.insert(std::upper_bound(all.begin(), all.end(), one, before), std::move(one));
  if (all.size() > kMaxSupervisions) all.pop_back();
  return find(issue, digest);
}

Folded apply_supervise(Issue& issue, const Deed& deed, const crypto::Digest& digest) {
  if (Status one = judge_supervisor(issue, deed); !one) return void_for(one.error());
  if (Status one = judge_supervision(deed, false); !one) return void_for(one.error());
  crypto::Digest ref;
  if (!deed.body.follow.ref.empty()) {
    const auto named = digest_of(deed.body.follow.ref);
    if (!named || deed.body.to.empty()) return void_for(no_reference());
    if (find(issue, *named) == nullptr) return comes_early();
    ref = *named;
  }
  open_case(issue, deed, digest, ref);
  return counts();
}

// A visit that follows nothing is a report of its own.
Folded apply_visit(Issue& issue, const Deed& deed, const crypto::Digest& digest) {
  if (Status one = judge_supervisor(issue, deed); !one) return void_for(one.error());
  if (Status one = judge_supervision(deed, true); !one) return void_for(one.error());
  Supervision* of = nullptr;
  if (deed.body.follow.ref.empty()) {
    if (!deed.body.to.empty()) return void_for(no_reference());
    of = open_case(issue, deed, digest, {});
  } else {
    const auto named = digest_of(deed.body.follow.ref);
    if (!named) return void_for(no_reference());
    of = find(issue, *named);
    if (of == nullptr) return comes_early();
  }
  if (of != nullptr) put_step(*of, step_of(deed, SupervisionStep::What::kVisit, digest));
  return counts();
}

Folded apply_answer(Issue& issue, const Deed& deed, const crypto::Digest& digest) {
  const auto named = digest_of(deed.body.follow.ref);
  if (!named) return void_for(no_reference());
  Supervision* of = find(issue, *named);
  if (of == nullptr) return comes_early();
  const bool appraisal = deed.act == Act::kAppraise;
  const topology::Code& entitled = appraisal ? of->unit : of->to;
  if (of->to.empty() || deed.body.unit != entitled) {
    if (appraisal) {
      return void_for(broken("act.appraise.unit", "unit", "只有下达督办单的单位可以评价。",
                             "only the unit that gave the order appraises"));
    }
    return void_for(broken("act.rectify.unit", "unit", "只有被督办的单位可以回复。",
                           "only the unit that was given the order answers it"));
  }
  using What = SupervisionStep::What;
  const What what = appraisal ? (deed.body.done ? What::kPassed : What::kSentBack)
                              : (deed.body.done ? What::kRectified : What::kReply);
  put_step(*of, step_of(deed, what, digest));
  return counts();
}

Folded apply_account(Issue& issue, const Deed& deed, const crypto::Digest& digest) {
  if (!is_above(deed, deed.body.to) || deed.body.unit == deed.body.to) {
    return void_for(broken("act.account.above", "unit", "只有上级单位可以问责。",
                           "only a unit above holds another to account"));
  }
  note_latest(issue.follow.accounted, deed, digest);
  return counts();
}

Folded apply_alert(Issue& issue, const Deed& deed) {
  static const std::vector<std::string> kKnown{"accept", "task", "opinion", "order", "revisit"};
  const ActBody& body = deed.body;
  if (!body.automatic || !in(kKnown, body.follow.about)) {
    return void_for(broken("act.alert", "about", "超期提醒由节点自动写入，须写明是哪个期限。",
                           "alerts are written by nodes, and name a known deadline"));
  }
  auto& alerts = issue.follow.alerts;
  alerts.insert(
      alert_key(body.unit, body.follow.about, body.assignment, body.follow.ref, body.due_ms));
  if (alerts.size() > kMaxAlerts) alerts.erase(std::prev(alerts.end()));
  return counts();
}

}  // namespace

Folded apply_follow_remark(Issue& issue, const Deed& deed, const crypto::Digest& digest) {
  switch (deed.act) {
    case Act::kExtend:
      return apply_extend(issue, deed, digest);
    case Act::kUrge:
      note_latest(issue.follow.urged, deed, digest);
      return counts();
    case Act::kRate:
      return apply_rate(issue, deed);
    case Act::kSupervise:
      return apply_supervise(issue, deed, digest);
    case Act::kVisit:
      return apply_visit(issue, deed, digest);
    case Act::kRectify:
    case Act::kAppraise:
      return apply_answer(issue, deed, digest);
    case Act::kAccount:
      return apply_account(issue, deed, digest);
    default:
      YISHI_ASSERT(deed.act == Act::kAlert);
      return apply_alert(issue, deed);
  }
}

}  // namespace yishi::deliberation
