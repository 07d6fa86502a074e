// The naive model of what happens up to the table and at it.
#include <algorithm>
#include <tuple>

#include "tests/sim/model_case.h"

namespace yishi::sim {
namespace {

using deliberation::Act;
using deliberation::ActBody;
using deliberation::Fact;
using deliberation::Issue;
using deliberation::Person;
using deliberation::Policy;
using topology::Code;

bool people_known(const std::vector<Person>& people, const Policy& policy) {
  return std::all_of(people.begin(), people.end(), [&](const Person& one) {
    return name_known(policy.roles, one.role) && name_known(policy.parties, one.party) &&
           name_known(policy.member_levels, one.level);
  });
}

template <class List, class Member>
bool all_known(const List& list, const std::vector<deliberation::Label>& labels, Member member) {
  return std::all_of(list.begin(), list.end(),
                     [&](const auto& one) { return name_known(labels, one.*member); });
}

// The latest by time, then digest.
void answer(deliberation::Reply& known, const Fact& fact) {
  if (std::tie(fact.time_ms, fact.digest) <= std::tie(known.time_ms, known.digest)) return;
  known.unit = fact.body.unit;
  known.by = fact.body.by;
  known.text = fact.body.text;
  known.view = fact.body.view;
  known.time_ms = fact.time_ms;
  known.digest = fact.digest;
}

void record(deliberation::SessionMark& mark, const ActBody& body, const Policy& policy) {
  const auto& session = body.session;
  const auto take = [](auto& known, const auto& said) {
    if (said != std::decay_t<decltype(said)>()) known = said;
  };
  take(mark.held_ms, body.held_ms);
  take(mark.entitled, session.entitled);
  take(mark.form, body.form);
  take(mark.place, body.place);
  take(mark.type, session.type);
  take(mark.venue, session.venue);
  take(mark.parties, body.parties);
  take(mark.votes, session.votes);
  if (!session.problems.empty()) {
    mark.results.clear();
    for (const auto& problem : session.problems) mark.results.push_back(problem.result);
  }
  if (!session.dissents.empty()) mark.dissents = session.dissents.size();
  mark.remote =
      policy.form_profiles.contains(mark.form) && policy.form_profiles.at(mark.form).remote;
}

void say(Issue& issue, const ActBody& body) {
  auto& topic = issue.table.topic;
  if (!body.topic.flags.empty()) {
    topic.flags.clear();
    for (const auto& flag : body.topic.flags) {
      if (flag != deliberation::kNoFlag) topic.flags.push_back(flag);
    }
  }
  if (!body.topic.via.empty()) topic.via = body.topic.via;
  for (const auto& link : body.topic.plans) {
    bool known = false;
    for (auto& one : topic.plans) {
      if (one.plan == link.plan) {
        one.ref = link.ref;
        known = true;
      }
    }
    if (!known && topic.plans.size() < deliberation::kMaxPlanLinks) topic.plans.push_back(link);
  }
  for (const auto& said : body.topic.answers) {
    bool known = false;
    for (auto& one : topic.answers) {
      if (one.item == said.item) {
        one = said;
        known = true;
      }
    }
    if (!known && topic.answers.size() < deliberation::kMaxChecks) topic.answers.push_back(said);
  }
}

bool at_or_above_home(const Issue& issue, const Fact& fact, const topology::Directory& directory) {
  return fact.body.unit == issue.home ||
         directory.inside(issue.home, fact.body.unit, fact.topology);
}

}  // namespace

bool table_names_known(const Case& one) {
  const auto& policy = one.policy;
  const auto& topic = one.body.topic;
  const auto& session = one.body.session;
  const bool no_flags = topic.flags == std::vector<std::string>{deliberation::kNoFlag};
  const bool flags =
      no_flags || std::all_of(topic.flags.begin(), topic.flags.end(), [&](const std::string& flag) {
        return name_known(policy.flags, flag);
      });
  return flags && all_known(topic.plans, policy.plans, &deliberation::PlanLink::plan) &&
         all_known(topic.answers, policy.checklist, &deliberation::CheckAnswer::item) &&
         name_known(policy.channels, topic.via) && name_known(policy.views, one.body.view) &&
         people_known(one.body.group, policy) && name_known(policy.types, session.type) &&
         name_known(policy.venues, session.venue) && people_known(session.conveners, policy) &&
         people_known({session.host, session.delegated_by}, policy) &&
         people_known(session.staff, policy) && people_known(session.attendance, policy) &&
         all_known(session.votes, policy.channels, &deliberation::Tally::channel) &&
         all_known(session.opinions, policy.parties, &deliberation::Saying::party) &&
         all_known(session.dissents, policy.parties, &deliberation::Saying::party) &&
         all_known(session.problems, policy.results, &deliberation::Problem::result);
}

bool table_holds(const Case& one) {
  const auto& body = one.body;
  const auto& table = one.issue.table;
  switch (one.act.act) {
    case Act::kScreen:
      return body.topic != deliberation::TopicSheet();
    case Act::kHoldSession:
      return table.sessions.size() < deliberation::kMaxSessions;
    case Act::kConsult: {
      const bool somebody = !body.to.empty() || !body.organs.empty();
      const bool known = body.to.empty() || one.directory.unit(body.to, one.at).has_value();
      const auto more = body.organs.empty() ? 1 : body.organs.size();
      return somebody && known &&
             table.consultations.size() + more <= deliberation::kMaxConsultations;
    }
    case Act::kCorrect: {
      if (body.number < 1 || body.number > table.sessions.size()) return false;
      const auto left = body.session.dissents.size();
      return left == 0 || left >= table.sessions[body.number - 1].dissents;
    }
    case Act::kSubmit:
      return table.submissions.size() + body.organs.size() <= deliberation::kMaxSubmissions;
    default:
      return true;
  }
}

void change_table(Issue& issue, Act act, const Fact& fact, const Policy& policy) {
  const ActBody& body = fact.body;
  auto& table = issue.table;
  const auto n = issue.n + 1;
  say(issue, body);
  if (!body.heard.empty()) table.proposer_heard = true;
  if (!body.signed_by.empty()) table.sign_offs.push_back({n, body.signed_by});
  if (!body.passed.empty()) {
    table.passed.push_back({n, body.unit, body.by, body.overrides, body.passed});
  }
  if (act == Act::kScreen) table.screened = true;
  if (act == Act::kResearch) ++table.researches;
  if (act == Act::kReopen) table.convened = {};
  if (act == Act::kConvene) {
    table.convened = {n, body.held_ms, fact.time_ms, body.session.materials.size()};
  }
  if (act == Act::kHoldSession) {
    table.convened = {};
    table.sessions.emplace_back();
    table.sessions.back().n = n;
    table.sessions.back().unit = body.unit;
    table.sessions.back().recorded_ms = fact.time_ms;
    record(table.sessions.back(), body, policy);
  }
  if (act == Act::kCorrect) {
    auto& mark = table.sessions.at(body.number - 1);
    mark.corrections.push_back(n);
    record(mark, body, policy);
  }
  if (act == Act::kConsult) {
    const Code unit = body.to.empty() ? issue.holder : body.to;
    const auto organs = body.organs.empty() ? std::vector<std::string>{""} : body.organs;
    for (const auto& organ : organs) {
      table.consultations.push_back({table.consultations.size() + 1,
                                     n,
                                     unit,
                                     organ,
                                     body.text,
                                     fact.time_ms,
                                     body.due_ms,
                                     {}});
    }
    issue.concerned.insert(unit);
  }
  if (act == Act::kSubmit) {
    for (const auto& organ : body.organs) {
      table.submissions.push_back(
          {table.submissions.size() + 1, n, issue.holder, organ, fact.time_ms, {}});
    }
  }
}

Fate count_table_remark(Issue& issue, Act act, const Fact& fact, const Policy& policy,
                        const topology::Directory& directory) {
  const ActBody& body = fact.body;
  auto& table = issue.table;
  if (!name_known(policy.views, body.view)) return Fate::kVoid;
  const auto index = body.number - 1;
  if (act == Act::kOpine) {
    if (body.number > deliberation::kMaxConsultations) return Fate::kVoid;
    if (index >= table.consultations.size()) return Fate::kWaits;
    if (table.consultations[index].unit != body.unit) return Fate::kVoid;
    answer(table.consultations[index].reply, fact);
    return Fate::kCounts;
  }
  if (act == Act::kReceive) {
    if (body.number > deliberation::kMaxSubmissions) return Fate::kVoid;
    if (index >= table.submissions.size()) return Fate::kWaits;
    if (table.submissions[index].unit != body.unit && !at_or_above_home(issue, fact, directory)) {
      return Fate::kVoid;
    }
    answer(table.submissions[index].receipt, fact);
    return Fate::kCounts;
  }
  if (body.number > deliberation::kMaxSessions || body.item > deliberation::kMaxDissents ||
      !at_or_above_home(issue, fact, directory)) {
    return Fate::kVoid;
  }
  if (index >= table.sessions.size() || body.item > table.sessions[index].dissents) {
    return Fate::kWaits;
  }
  answer(table.sessions[index].explained[body.item], fact);
  return Fate::kCounts;
}

}  // namespace yishi::sim
