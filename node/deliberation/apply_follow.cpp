// What the transitions after the table change.
#include <algorithm>

#include "node/deliberation/rules.h"

namespace yishi::deliberation {

namespace {

void apply_grant(Issue& issue, const Deed& deed) {
  const ActBody& body = deed.body;
  issue.follow.grants.push_back(
      {issue.n + 1, body.assignment, body.due_ms, deed.time_ms, body.reason});
  if (body.due_ms != 0) issue.assignments[body.assignment - 1].due_ms = body.due_ms;
}

// Each of them reports its own progress, as a unit does that work was assigned to.
void apply_join(Issue& issue, const Deed& deed) {
  const ActBody& body = deed.body;
  issue.follow.lead = body.to.empty() ? issue.holder : body.to;
  for (const topology::Code& unit : body.follow.units) {
    Assignment one;
    one.number = issue.assignments.size() + 1;
    one.unit = unit;
    one.text = body.text;
    one.due_ms = body.due_ms;
    one.given_ms = deed.time_ms;
    one.joint = true;
    issue.assignments.push_back(std::move(one));
    issue.concerned.insert(unit);
  }
}

void plan_revisit(Issue& issue, const Deed& deed) {
  const auto days = deed.law.policy.follow.revisit_days;
  if (deed.body.due_ms != 0) {
    issue.follow.revisit_due_ms = deed.body.due_ms;
  } else if (days) {
    issue.follow.revisit_due_ms = add_working_days(deed.law.policy, deed.time_ms, *days);
  }
}

// For work that was late then it has gone up, and does not again.
void note_climb(Issue& issue, const Deed& deed) {
  if (!in(deed.body.reasons, "deadline")) return;
  for (Assignment& one : issue.assignments) {
    if (one.due_ms != 0 && deed.time_ms > one.due_ms) one.climbed = true;
  }
}

}  // namespace

void apply_follow(Issue& issue, const Deed& deed) {
  const ActBody& body = deed.body;
  FollowedUp& done = issue.follow;
  switch (deed.act) {
    case Act::kLog:
      done.round_of = body.follow.round_of;
      done.answers = body.follow.answers;
      if (body.follow.round != 0) done.round = body.follow.round;
      return;
    case Act::kPublish:
      done.publications.push_back(
          {issue.n + 1, deed.time_ms, body.due_ms, body.follow.about, body.place});
      return;
    case Act::kGrant:
      return apply_grant(issue, deed);
    case Act::kJoin:
      return apply_join(issue, deed);
    case Act::kGuide:
      done.guides.push_back({issue.n + 1, body.follow.level, body.to, body.due_ms});
      return;
    case Act::kClose:
      return plan_revisit(issue, deed);
    case Act::kReopen:
      done.revisit_due_ms = 0;
      return;
    case Act::kRevisit:
      done.revisits.push_back({issue.n + 1, deed.time_ms, body.follow.about, body.text});
      done.revisit_due_ms = body.due_ms;
      return;
    case Act::kEscalate:
      return note_climb(issue, deed);
    default:
      return;
  }
}

}  // namespace yishi::deliberation
