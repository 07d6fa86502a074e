#include "node/deliberation/react.h"

#include <algorithm>

#include "node/deliberation/authority.h"
#include "node/deliberation/deadlines.h"
#include "node/deliberation/rules.h"

namespace yishi::deliberation {

namespace {

bool keeps(const World& world, const topology::Code& here, const topology::Code& unit) {
  return world.directory().keeper_of(unit) == here && !world.directory().suspended(unit) &&
         !world.directory().suspended(here);
}

// What was not done in time and still is not.
std::vector<Beyond> overdue_now(const Issue& issue, const Law& law, std::uint64_t now_ms) {
  auto found = overdue(issue, law, now_ms);
  const bool work_late =
      std::any_of(issue.assignments.begin(), issue.assignments.end(), [&](const Assignment& one) {
        return !one.done && !one.climbed && one.due_ms != 0 && now_ms > one.due_ms;
      });
  if (!work_late) std::erase_if(found, [](const Beyond& one) { return one.code == "deadline"; });
  return found;
}

std::optional<Draft> alert(const Issue& issue, const World& world, const topology::Code& here,
                           std::uint64_t now_ms) {
  const auto passed = next_deadline(issue, world.directory(), here);
  if (!passed || now_ms <= passed->due_ms || world.directory().suspended(here)) return std::nullopt;
  Draft draft{std::string(info(Act::kAlert).kind), issue.id, {}};
  draft.body.unit = here;
  draft.body.to = passed->unit;
  draft.body.due_ms = passed->due_ms;
  draft.body.assignment = passed->task;
  draft.body.automatic = true;
  draft.body.follow.about = passed->about;
  draft.body.follow.ref = passed->ref;
  return draft;
}

std::optional<Draft> escalation(const Issue& issue, const World& world, const Law& law,
                                const topology::Code& here, std::uint64_t now_ms) {
  if (!keeps(world, here, issue.holder)) return std::nullopt;
  if (issue.n >= kMaxTransitions) return std::nullopt;
  if (!stage_allows(issue, law.policy, Act::kEscalate, {})) return std::nullopt;
  const topology::Code parent = law.directory.parent_of(issue.holder);
  if (parent.empty()) return std::nullopt;  // nobody above: it is decided here
  auto reasons = beyond(issue, law);
  for (Beyond& one : overdue_now(issue, law, now_ms)) reasons.push_back(std::move(one));
  if (reasons.empty()) return std::nullopt;
  Draft draft{std::string(info(Act::kEscalate).kind), issue.id, {}};
  draft.body.n = issue.n + 1;
  draft.body.prev = issue.last;
  draft.body.unit = issue.holder;
  draft.body.to = parent;
  draft.body.automatic = true;
  for (const Beyond& one : reasons) {
    draft.body.reason += (draft.body.reason.empty() ? "" : "；") + one.zh;
    draft.body.reasons.push_back(one.code);
  }
  return draft;
}

std::optional<Draft> receipt(const Issue& issue, const World& world, const Law& law,
                             const topology::Code& here) {
  if (issue.approved_n == 0) return std::nullopt;
  const topology::Code unit = filing_unit(issue, law);
  if (unit.empty() || issue.filed.contains(unit) || !keeps(world, here, unit)) return std::nullopt;
  // A unit may have been moved since the approval; only those above home file it.
  if (unit == issue.home || !law.directory.inside(issue.home, unit)) return std::nullopt;
  Draft draft{std::string(info(Act::kFile).kind), issue.id, {}};
  draft.body.unit = unit;
  draft.body.automatic = true;
  return draft;
}

}  // namespace

std::vector<Beyond> beyond_authority(const Issue& issue, const World& world) {
  const auto policy = world.policy_at(issue.policy_version);
  if (issue.n == 0 || policy == nullptr) return {};
  return beyond(issue, {*policy, world.directory()});
}

std::optional<Draft> react(const Issue& issue, const World& world, const topology::Code& here,
                           std::uint64_t now_ms) {
  const auto policy = world.policy_at(issue.policy_version);
  if (issue.n == 0 || policy == nullptr) return std::nullopt;
  const Law law{*policy, world.directory()};
  if (auto draft = alert(issue, world, here, now_ms)) return draft;
  if (auto draft = escalation(issue, world, law, here, now_ms)) return draft;
  return receipt(issue, world, law, here);
}

}  // namespace yishi::deliberation
