#include "node/deliberation/make_table.h"

#include <algorithm>
#include <map>

#include "node/deliberation/guards.h"
#include "node/deliberation/rules.h"

namespace yishi::deliberation {

namespace {

void people_to_ids(const Policy& policy, std::vector<Person>& people) {
  for (Person& one : people) {
    to_id(policy.roles, one.role);
    to_id(policy.parties, one.party);
    to_id(policy.member_levels, one.level);
  }
}

void person_to_ids(const Policy& policy, Person& one) {
  std::vector<Person> alone{std::move(one)};
  people_to_ids(policy, alone);
  one = std::move(alone.front());
}

std::vector<Party> counted(const std::vector<Person>& attendance) {
  std::vector<Party> parties;
  for (const Person& person : attendance) {
    if (person.party.empty()) continue;
    const auto same = std::find_if(parties.begin(), parties.end(),
                                   [&](const Party& one) { return one.category == person.party; });
    if (same == parties.end()) {
      parties.push_back({person.party, 1});
    } else {
      same->count += 1;
    }
  }
  return parties;
}

Status judge_votes(const Sitting& now) {
  const std::uint64_t present = people(now.parties);
  std::map<std::string, std::uint64_t> cast;
  for (const Tally& one : now.votes) cast[one.motion] += one.yes + one.no + one.abstain;
  for (const auto& [motion, votes] : cast) {
    if (present == 0 || votes <= present) continue;
    const std::string have = std::to_string(votes) + "/" + std::to_string(present);
    return broken("session.votes", "votes",
                  (motion.empty() ? "" : "“" + motion + "”") + "票数多于参加人数：" + have + "。",
                  "more votes than people: " + have);
  }
  return {};
}

}  // namespace

void to_id(const std::vector<Label>& labels, std::string& text) {
  if (const Label* label = find_label(labels, text)) text = label->id;
}

void table_to_ids(const Policy& policy, ActBody& body) {
  for (std::string& flag : body.topic.flags) to_id(policy.flags, flag);
  for (PlanLink& link : body.topic.plans) to_id(policy.plans, link.plan);
  for (CheckAnswer& answer : body.topic.answers) to_id(policy.checklist, answer.item);
  to_id(policy.channels, body.topic.via);
  to_id(policy.views, body.view);
  people_to_ids(policy, body.group);
  SessionRecord& session = body.session;
  to_id(policy.types, session.type);
  to_id(policy.venues, session.venue);
  person_to_ids(policy, session.host);
  person_to_ids(policy, session.delegated_by);
  for (auto* people : {&session.conveners, &session.staff, &session.attendance}) {
    people_to_ids(policy, *people);
  }
  for (Tally& tally : session.votes) to_id(policy.channels, tally.channel);
  for (auto* sayings : {&session.opinions, &session.dissents}) {
    for (Saying& saying : *sayings) to_id(policy.parties, saying.party);
  }
  for (Problem& problem : session.problems) to_id(policy.results, problem.result);
}

void fill_record(Act act, const Issue& issue, ActBody& body) {
  const bool record = act == Act::kHoldSession || act == Act::kCorrect;
  if (record && body.parties.empty()) body.parties = counted(body.session.attendance);
  if (!body.unit.empty() || body.number == 0) return;
  if (act == Act::kOpine && body.number <= issue.table.consultations.size()) {
    body.unit = issue.table.consultations[body.number - 1].unit;
  }
  if (act == Act::kReceive && body.number <= issue.table.submissions.size()) {
    const Submission& sent = issue.table.submissions[body.number - 1];
    body.unit = sent.unit;
    if (body.by.empty()) body.by = sent.organ;
  }
}

Status judge_record(Act act, const Issue& issue, const ActBody& body) {
  if (act != Act::kHoldSession && act != Act::kCorrect) return {};
  const SessionRecord& session = body.session;
  if (session.until_ms != 0 && body.held_ms != 0 && session.until_ms < body.held_ms) {
    return broken("session.until", "until", "结束时间早于开始时间。", "it ends before it begins");
  }
  const Sitting now = sitting(act, issue, body);
  for (const Party& named : counted(session.attendance)) {
    const std::uint64_t heads = people(now.parties, named.category);
    if (named.count <= heads) continue;
    const std::string have = std::to_string(named.count) + "/" + std::to_string(heads);
    return broken("session.signed_in", "signed_in", "签到人数多于登记人数：" + have + "。",
                  "more people signed in than are counted: " + have);
  }
  return judge_votes(now);
}

Status judge_answered(Act act, const Issue& issue, const ActBody& body) {
  const Proceedings& table = issue.table;
  const bool there = act == Act::kOpine     ? body.number <= table.consultations.size()
                     : act == Act::kReceive ? body.number <= table.submissions.size()
                     : act == Act::kExplain
                         ? body.number <= table.sessions.size() &&
                               body.item <= table.sessions[body.number - 1].dissents
                         : true;
  if (there) return {};
  return broken("act.number.unknown", "no", "没有这个编号。", "there is nothing of that number");
}

std::optional<bool> open_table_remark(Act act, const Issue& issue, const World& world,
                                      const topology::Code& here) {
  const Proceedings& table = issue.table;
  const auto keeps = [&](const topology::Code& unit) {
    return world.directory().keeper_of(unit) == here;
  };
  const auto unanswered = [&](const auto& list, auto reply) {
    return std::any_of(list.begin(), list.end(), [&](const auto& one) {
      return (one.*reply).time_ms == 0 && keeps(one.unit);
    });
  };
  switch (act) {
    case Act::kOpine:
      return unanswered(table.consultations, &Consultation::reply);
    case Act::kReceive:
      return unanswered(table.submissions, &Submission::receipt);
    case Act::kExplain:
      return std::any_of(
                 table.sessions.begin(), table.sessions.end(),
                 [&](const SessionMark& one) { return one.explained.size() < one.dissents; }) &&
             (keeps(issue.home) || world.directory().inside(issue.home, here));
    default:
      return std::nullopt;
  }
}

}  // namespace yishi::deliberation
