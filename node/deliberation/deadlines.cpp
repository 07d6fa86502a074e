#include "node/deliberation/deadlines.h"

#include <set>
#include <sstream>

#include "node/deliberation/supervision.h"

namespace yishi::deliberation {

namespace {

bool tells(const Deadline& one, const topology::Directory& directory, const topology::Code& here) {
  for (const topology::Code& unit : {one.unit, directory.parent_of(one.unit), one.watcher}) {
    if (!unit.empty() && directory.keeper_of(unit) == here) return true;
  }
  return false;
}

}  // namespace

std::vector<Deadline> open_deadlines(const Issue& issue) {
  std::vector<Deadline> open;
  if (issue.accept_by_ms != 0) {
    open.push_back({"accept", 0, {}, issue.holder, {}, issue.accept_by_ms});
  }
  for (const Assignment& one : issue.assignments) {
    if (one.done || one.due_ms == 0 || issue.closed_ms != 0) continue;
    open.push_back({"task", one.number, {}, one.unit, issue.holder, one.due_ms});
  }
  if (issue.follow.revisit_due_ms != 0) {
    open.push_back({"revisit", 0, {}, issue.holder, {}, issue.follow.revisit_due_ms});
  }
  for (const Supervision& one : issue.follow.supervisions) {
    if (one.to.empty() || one.due_ms == 0) continue;
    const auto stage = stage_of(one, issue.follow.supervisions);
    if (stage == SupervisionStage::kRectified || stage == SupervisionStage::kPassed) continue;
    open.push_back({"order", 0, to_hex(one.digest.view()), one.to, one.unit, one.due_ms});
  }
  for (const Consultation& one : issue.table.consultations) {
    if (one.due_ms == 0 || one.reply.time_ms != 0 || issue.closed_ms != 0) continue;
    open.push_back({"opinion", one.number, {}, one.unit, issue.holder, one.due_ms});
  }
  return open;
}

std::string alert_key(const topology::Code& teller, const std::string& about, std::uint64_t task,
                      const std::string& ref, std::uint64_t due_ms) {
  return teller.text() + " " + about + " " + (ref.empty() ? std::to_string(task) : ref) + " " +
         std::to_string(due_ms);
}

Told read_alert(const std::string& key) {
  Told told;
  std::istringstream words(key);
  std::string teller;
  words >> teller >> told.about >> told.of >> told.due_ms;
  if (auto code = topology::Code::parse(teller)) told.teller = std::move(*code);
  return told;
}

std::optional<Deadline> next_deadline(const Issue& issue, const topology::Directory& directory,
                                      const topology::Code& here) {
  std::optional<Deadline> next;
  if (issue.n == 0 || issue.follow.alerts.size() >= kMaxAlerts) return next;
  for (Deadline& one : open_deadlines(issue)) {
    if (next && next->due_ms <= one.due_ms) continue;
    if (!tells(one, directory, here)) continue;
    const auto key = alert_key(here, one.about, one.task, one.ref, one.due_ms);
    if (!issue.follow.alerts.contains(key)) next = std::move(one);
  }
  return next;
}

std::vector<topology::Code> informed_units(const Issue& issue,
                                           const topology::Directory& directory) {
  std::vector<topology::Code> informed;
  for (const Supervision& one : issue.follow.supervisions) {
    if (!one.to.empty()) informed.push_back(one.to);
  }
  if (issue.follow.guides.empty()) return informed;
  std::set<topology::Code> guided;  // several guides may reach one unit
  for (const Guide& guide : issue.follow.guides) {
    const auto units = directory.units_inside(guide.inside, guide.level);
    guided.insert(units.begin(), units.end());
  }
  informed.insert(informed.end(), guided.begin(), guided.end());
  return informed;
}

std::uint64_t next_due_ms(const Issue& issue, const topology::Directory& directory,
                          const topology::Code& here) {
  if (const auto next = next_deadline(issue, directory, here)) {
    return std::max(next->due_ms, kOthers + 1);
  }
  return open_deadlines(issue).empty() ? 0 : kOthers;
}

}  // namespace yishi::deliberation
