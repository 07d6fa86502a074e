// What the acts up to the table, and at it, change. What any act may carry (flags, a sign-off, soft
// guards passed) is taken in here too.
#include <algorithm>

#include "node/deliberation/rules.h"

namespace yishi::deliberation {

namespace {

void take_topic(TopicSheet& known, const TopicSheet& said) {
  if (!said.flags.empty()) {
    known.flags = said.flags;
    std::erase(known.flags, kNoFlag);
  }
  if (!said.via.empty()) known.via = said.via;
  for (const PlanLink& link : said.plans) {
    const auto same = std::find_if(known.plans.begin(), known.plans.end(),
                                   [&](const PlanLink& one) { return one.plan == link.plan; });
    if (same == known.plans.end()) {
      if (known.plans.size() < kMaxPlanLinks) known.plans.push_back(link);
    } else {
      same->ref = link.ref;
    }
  }
  for (const CheckAnswer& answer : said.answers) {
    const auto same = std::find_if(known.answers.begin(), known.answers.end(),
                                   [&](const CheckAnswer& one) { return one.item == answer.item; });
    if (same != known.answers.end()) {
      *same = answer;
    } else if (known.answers.size() < kMaxChecks) {
      known.answers.push_back(answer);
    }
  }
}

std::vector<std::string> results_of(const std::vector<Problem>& problems) {
  std::vector<std::string> results;
  for (const Problem& one : problems) results.push_back(one.result);
  return results;
}

// What the record says replaces what was there; what it is silent about stays.
void take_session(SessionMark& mark, const ActBody& body, const Policy& policy) {
  const SessionRecord& session = body.session;
  if (body.held_ms != 0) mark.held_ms = body.held_ms;
  if (session.entitled != 0) mark.entitled = session.entitled;
  if (!body.form.empty()) {
    mark.form = body.form;
    const auto profile = policy.form_profiles.find(body.form);
    mark.remote = profile != policy.form_profiles.end() && profile->second.remote;
  }
  if (!body.place.empty()) mark.place = body.place;
  if (!session.type.empty()) mark.type = session.type;
  if (!session.venue.empty()) mark.venue = session.venue;
  if (!body.parties.empty()) mark.parties = body.parties;
  if (!session.votes.empty()) mark.votes = session.votes;
  if (!session.problems.empty()) mark.results = results_of(session.problems);
  if (!session.dissents.empty()) mark.dissents = session.dissents.size();
}

void apply_session(Issue& issue, const Deed& deed) {
  SessionMark mark;
  mark.n = issue.n + 1;
  mark.unit = deed.body.unit;
  mark.recorded_ms = deed.time_ms;
  take_session(mark, deed.body, deed.law.policy);
  issue.table.sessions.push_back(std::move(mark));
  issue.table.convened = {};
}

void apply_consult(Issue& issue, const Deed& deed) {
  const ActBody& body = deed.body;
  std::vector<std::string> organs = body.organs;
  if (organs.empty()) organs.emplace_back();  // the unit itself
  for (std::string& organ : organs) {
    Consultation one;
    one.number = issue.table.consultations.size() + 1;
    one.n = issue.n + 1;
    one.unit = body.to.empty() ? issue.holder : body.to;
    one.organ = std::move(organ);
    one.text = body.text;
    one.asked_ms = deed.time_ms;
    one.due_ms = body.due_ms;
    issue.concerned.insert(one.unit);
    issue.table.consultations.push_back(std::move(one));
  }
}

void apply_submit(Issue& issue, const Deed& deed) {
  for (const std::string& organ : deed.body.organs) {
    Submission one;
    one.number = issue.table.submissions.size() + 1;
    one.n = issue.n + 1;
    one.unit = issue.holder;
    one.organ = organ;
    one.time_ms = deed.time_ms;
    issue.table.submissions.push_back(std::move(one));
  }
}

void apply_own_part(Issue& issue, const Deed& deed) {
  switch (deed.act) {
    case Act::kScreen:
      issue.table.screened = true;
      return;
    case Act::kResearch:
      issue.table.researches += 1;
      return;
    case Act::kConvene:
      issue.table.convened = {issue.n + 1, deed.body.held_ms, deed.time_ms,
                              deed.body.session.materials.size()};
      return;
    case Act::kHoldSession:
      return apply_session(issue, deed);
    case Act::kCorrect: {
      SessionMark& mark = issue.table.sessions[deed.body.number - 1];
      mark.corrections.push_back(issue.n + 1);
      return take_session(mark, deed.body, deed.law.policy);
    }
    case Act::kConsult:
      return apply_consult(issue, deed);
    case Act::kSubmit:
      return apply_submit(issue, deed);
    default:
      return;
  }
}

}  // namespace

void apply_table(Issue& issue, const Deed& deed) {
  const ActBody& body = deed.body;
  take_topic(issue.table.topic, body.topic);
  if (!body.heard.empty()) issue.table.proposer_heard = true;
  if (!body.signed_by.empty()) issue.table.sign_offs.push_back({issue.n + 1, body.signed_by});
  if (!body.passed.empty()) {
    issue.table.passed.push_back({issue.n + 1, body.unit, body.by, body.overrides, body.passed});
  }
  apply_own_part(issue, deed);
}

}  // namespace yishi::deliberation
