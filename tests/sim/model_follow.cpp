// The naive model of what happens after the table.
#include <algorithm>
#include <tuple>

#include "node/deliberation/deadlines.h"
#include "tests/sim/model_case.h"
#include "topology/unit.h"

namespace yishi::sim {
namespace {

using deliberation::Act;
using deliberation::ActBody;
using deliberation::Fact;
using deliberation::Issue;
using deliberation::Label;
using deliberation::Policy;
using deliberation::Supervision;
using deliberation::SupervisionStep;
using topology::Code;
using topology::Directory;

bool on_list(const std::vector<Label>& labels, const std::string& id) {
  return !id.empty() && name_known(labels, id);
}

bool task_there(const Case& one) {
  return one.body.assignment >= 1 && one.body.assignment <= one.issue.assignments.size();
}

bool inside_holder(const Case& one) {
  return one.directory.unit(one.body.to, one.at) &&
         one.directory.inside(one.body.to, one.issue.holder, one.at);
}

bool join_holds(const Case& one) {
  const auto& units = one.body.follow.units;
  std::vector<Code> all{one.issue.holder};
  for (const Code& unit : units) {
    if (has(all, unit) || !one.directory.unit(unit, one.at)) return false;
    all.push_back(unit);
  }
  return !units.empty() && one.body.assignment == one.issue.assignments.size() + 1 &&
         one.issue.assignments.size() + units.size() <= deliberation::kMaxAssignments &&
         (one.body.to.empty() || has(all, one.body.to));
}

void latest(deliberation::Latest& known, const Fact& fact) {
  known.count += 1;
  if (std::tie(fact.time_ms, fact.digest) <= std::tie(known.time_ms, known.digest)) return;
  known.unit = fact.body.unit;
  known.text = fact.body.text.empty() ? fact.body.reason : fact.body.text;
  known.task = fact.body.assignment;
  known.until_ms = fact.body.due_ms;
  known.time_ms = fact.time_ms;
  known.digest = fact.digest;
}

Supervision* named(Issue& issue, const std::string& hex) {
  for (auto& one : issue.follow.supervisions) {
    if (to_hex(one.digest.view()) == hex) return &one;
  }
  return nullptr;
}

template <class List, class Item>
void put(List& list, Item item, std::size_t most) {
  list.push_back(std::move(item));
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
    return std::tie(a.time_ms, a.digest) < std::tie(b.time_ms, b.digest);
  });
  if (list.size() > most) list.pop_back();
}

void put_step(Supervision& of, const Fact& fact, SupervisionStep::What what) {
  const ActBody& body = fact.body;
  put(of.steps,
      SupervisionStep{what, body.unit, body.by, body.follow.methods, body.held_ms, fact.time_ms,
                      fact.digest},
      deliberation::kMaxSteps);
}

bool may_supervise(const Issue& issue, const Fact& fact, const Policy& policy,
                   const Directory& directory) {
  const ActBody& body = fact.body;
  const bool root = directory.parent_of(body.unit, fact.topology).empty();
  const bool above =
      directory.inside(issue.home, body.unit, fact.topology) && (root || body.unit != issue.home);
  const bool methods =
      std::all_of(body.follow.methods.begin(), body.follow.methods.end(),
                  [&](const std::string& id) { return on_list(policy.follow.methods, id); });
  return above && methods &&
         (body.to.empty() || (directory.unit(body.to, fact.topology) &&
                              directory.inside(body.to, body.unit, fact.topology)));
}

// An order, a report, a visit.
Fate supervise(Issue& issue, Act act, const Fact& fact, const Policy& policy,
               const Directory& directory) {
  const ActBody& body = fact.body;
  const bool visit = act == Act::kVisit;
  const bool follows = !body.follow.ref.empty();
  if (!may_supervise(issue, fact, policy, directory)) return Fate::kVoid;
  if (!(visit && follows) && !on_list(policy.follow.supervision, body.follow.kind)) {
    return Fate::kVoid;
  }
  if (!visit && has(policy.follow.unannounced, body.follow.kind)) return Fate::kVoid;
  const auto bytes = from_hex(body.follow.ref);
  const bool well_named = bytes && bytes->size() == crypto::kDigestBytes;
  if (follows && (!well_named || (!visit && body.to.empty()))) return Fate::kVoid;
  if (visit && !follows && !body.to.empty()) return Fate::kVoid;
  if (follows && named(issue, body.follow.ref) == nullptr) return Fate::kWaits;
  if (!visit || !follows) {
    Supervision fresh;
    fresh.digest = fact.digest;
    if (follows) fresh.ref = crypto::Digest::from(*bytes);
    fresh.unit = body.unit;
    fresh.to = body.to;
    fresh.kind = body.follow.kind;
    fresh.by = body.by;
    fresh.text = body.text;
    fresh.due_ms = body.due_ms;
    fresh.time_ms = fact.time_ms;
    put(issue.follow.supervisions, fresh, deliberation::kMaxSupervisions);
  }
  if (!visit) return Fate::kCounts;
  auto* of = named(issue, follows ? body.follow.ref : to_hex(fact.digest.view()));
  if (of != nullptr) put_step(*of, fact, SupervisionStep::What::kVisit);
  return Fate::kCounts;
}

Fate answer_order(Issue& issue, Act act, const Fact& fact) {
  const auto bytes = from_hex(fact.body.follow.ref);
  if (!bytes || bytes->size() != crypto::kDigestBytes) return Fate::kVoid;
  auto* of = named(issue, fact.body.follow.ref);
  if (of == nullptr) return Fate::kWaits;
  const bool appraisal = act == Act::kAppraise;
  if (of->to.empty() || fact.body.unit != (appraisal ? of->unit : of->to)) return Fate::kVoid;
  using What = SupervisionStep::What;
  if (appraisal) {
    put_step(*of, fact, fact.body.done ? What::kPassed : What::kSentBack);
  } else {
    put_step(*of, fact, fact.body.done ? What::kRectified : What::kReply);
  }
  return Fate::kCounts;
}

Fate extend(Issue& issue, const Fact& fact) {
  const auto task = fact.body.assignment;
  if (task > deliberation::kMaxAssignments) return Fate::kVoid;
  if (task > issue.assignments.size()) return Fate::kWaits;
  if (issue.assignments[task - 1].unit != fact.body.unit) return Fate::kVoid;
  latest(issue.follow.asks[task], fact);
  return Fate::kCounts;
}

}  // namespace

bool follow_log_holds(const Case& one) {
  const auto& said = one.body.follow;
  for (const auto* id : {&said.round_of, &said.answers}) {
    if (!id->empty() && (*id == one.issue.id || !deliberation::parse_issue_id(*id).ok())) {
      return false;
    }
  }
  if (said.round_of.empty()) return said.round == 0;
  return said.round >= 2 && said.round <= deliberation::kMaxRounds;
}

bool follow_holds(const Case& one) {
  const auto& body = one.body;
  const auto& lists = one.policy.follow;
  const auto about = [&](const std::vector<Label>& labels) {
    return labels.empty() ? name_known(labels, body.follow.about)
                          : on_list(labels, body.follow.about);
  };
  switch (one.act.act) {
    case Act::kPublish:
      return about(lists.publications);
    case Act::kRevisit:
      return about(lists.revisits);
    case Act::kGrant:
      if (!task_there(one)) return false;
      return body.due_ms == 0 ? !body.reason.empty()
                              : body.due_ms > one.issue.assignments[body.assignment - 1].due_ms;
    case Act::kRefer:
      return body.to != one.issue.holder && inside_holder(one);
    case Act::kJoin:
      return join_holds(one);
    case Act::kGuide:
      return topology::find_level(body.follow.level) != nullptr && inside_holder(one) &&
             one.issue.follow.guides.size() < deliberation::kMaxGuides;
    default:
      return true;
  }
}

void change_follow(Issue& issue, Act act, const Fact& fact, const Policy& policy,
                   const Directory& directory) {
  const ActBody& body = fact.body;
  auto& done = issue.follow;
  const auto n = issue.n + 1;
  if (act == Act::kLog) {
    done.round_of = body.follow.round_of;
    done.answers = body.follow.answers;
    done.round = body.follow.round == 0 ? 1 : body.follow.round;
  }
  if (act == Act::kPublish) {
    done.publications.push_back({n, fact.time_ms, body.due_ms, body.follow.about, body.place});
  }
  if (act == Act::kGrant) {
    done.grants.push_back({n, body.assignment, body.due_ms, fact.time_ms, body.reason});
    if (body.due_ms != 0) issue.assignments[body.assignment - 1].due_ms = body.due_ms;
  }
  if (act == Act::kJoin) {
    done.lead = body.to.empty() ? issue.holder : body.to;
    for (const Code& unit : body.follow.units) {
      deliberation::Assignment task;
      task.number = issue.assignments.size() + 1;
      task.unit = unit;
      task.text = body.text;
      task.due_ms = body.due_ms;
      task.given_ms = fact.time_ms;
      task.joint = true;
      issue.assignments.push_back(task);
      issue.concerned.insert(unit);
    }
  }
  if (act == Act::kGuide) done.guides.push_back({n, body.follow.level, body.to, body.due_ms});
  if (act == Act::kClose) {
    if (policy.follow.revisit_days) {
      done.revisit_due_ms =
          deliberation::add_working_days(policy, fact.time_ms, *policy.follow.revisit_days);
    }
    if (body.due_ms != 0) done.revisit_due_ms = body.due_ms;
  }
  if (act == Act::kReopen) done.revisit_due_ms = 0;
  if (act == Act::kRevisit) {
    done.revisits.push_back({n, fact.time_ms, body.follow.about, body.text});
    done.revisit_due_ms = body.due_ms;
  }
  if (act == Act::kEscalate && has(body.reasons, std::string("deadline"))) {
    for (auto& task : issue.assignments) {
      if (task.due_ms != 0 && fact.time_ms > task.due_ms) task.climbed = true;
    }
  }
  if (act == Act::kRefer) {
    Issue there = issue;
    there.holder = body.to;
    for (const auto& reason : beyond_holder(there, policy, directory, fact.topology)) {
      issue.granted.insert(body.to.text() + ":" + reason);
    }
    issue.custody.push_back(issue.holder);
    issue.custody_reasons.emplace_back();
  }
}

Fate count_follow_remark(Issue& issue, Act act, const Fact& fact, const Policy& policy,
                         const Directory& directory) {
  const ActBody& body = fact.body;
  auto& done = issue.follow;
  switch (act) {
    case Act::kExtend:
      return extend(issue, fact);
    case Act::kUrge:
      latest(done.urged, fact);
      return Fate::kCounts;
    case Act::kRate:
      if (body.follow.asked == 0 || body.follow.satisfied > body.follow.asked) return Fate::kVoid;
      done.surveys += 1;
      done.asked += body.follow.asked;
      done.satisfied += body.follow.satisfied;
      return Fate::kCounts;
    case Act::kSupervise:
    case Act::kVisit:
      return supervise(issue, act, fact, policy, directory);
    case Act::kRectify:
    case Act::kAppraise:
      return answer_order(issue, act, fact);
    case Act::kAccount:
      if (body.unit == body.to || !directory.inside(body.to, body.unit, fact.topology)) {
        return Fate::kVoid;
      }
      latest(done.accounted, fact);
      return Fate::kCounts;
    default: {
      static const std::vector<std::string> kKnown{"accept", "task", "opinion", "order", "revisit"};
      if (!body.automatic || !has(kKnown, body.follow.about)) return Fate::kVoid;
      done.alerts.insert(deliberation::alert_key(body.unit, body.follow.about, body.assignment,
                                                 body.follow.ref, body.due_ms));
      if (done.alerts.size() > deliberation::kMaxAlerts) {
        done.alerts.erase(std::prev(done.alerts.end()));
      }
      return Fate::kCounts;
    }
  }
}

}  // namespace yishi::sim
