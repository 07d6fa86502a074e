// What makes an act up to the table, or at it, void.
#include <algorithm>

#include "node/deliberation/rules.h"

namespace yishi::deliberation {

namespace {

Status judge_people(const std::vector<Person>& people, const Policy& policy) {
  for (const Person& one : people) {
    for (const Status& status :
         {judge_name(policy.roles, one.role, "role", "职责"),
          judge_name(policy.parties, one.party, "party", "人员类别"),
          judge_name(policy.member_levels, one.level, "level", "委员层级")}) {
      if (!status) return status;
    }
  }
  return {};
}

Status judge_topic(const TopicSheet& topic, const Policy& policy) {
  const bool none = topic.flags.size() == 1 && topic.flags.front() == kNoFlag;
  for (const std::string& flag : topic.flags) {
    if (none) break;
    if (Status one = judge_name(policy.flags, flag, "flags", "标识"); !one) return one;
  }
  for (const PlanLink& link : topic.plans) {
    if (Status one = judge_name(policy.plans, link.plan, "plans", "计划"); !one) return one;
  }
  for (const CheckAnswer& answer : topic.answers) {
    if (Status one = judge_name(policy.checklist, answer.item, "checks", "筛选项"); !one)
      return one;
  }
  return judge_name(policy.channels, topic.via, "via", "渠道");
}

Status judge_session_names(const SessionRecord& session, const Policy& policy) {
  for (const Status& one :
       {judge_name(policy.types, session.type, "type", "类型"),
        judge_name(policy.venues, session.venue, "venue", "场所"),
        judge_people(session.conveners, policy),
        judge_people({session.host, session.delegated_by}, policy),
        judge_people(session.staff, policy), judge_people(session.attendance, policy)}) {
    if (!one) return one;
  }
  for (const Tally& tally : session.votes) {
    if (Status one = judge_name(policy.channels, tally.channel, "votes", "渠道"); !one) return one;
  }
  for (const auto* sayings : {&session.opinions, &session.dissents}) {
    for (const Saying& saying : *sayings) {
      if (Status one = judge_name(policy.parties, saying.party, "party", "人员类别"); !one) {
        return one;
      }
    }
  }
  for (const Problem& problem : session.problems) {
    if (Status one = judge_name(policy.results, problem.result, "problems", "结果"); !one)
      return one;
  }
  return {};
}

Status judge_consult(const Issue& issue, const Deed& deed) {
  const topology::Code& to = deed.body.to;
  if (to.empty() && deed.body.organs.empty()) {
    return broken("act.field", "to", "征求意见须写明向谁征求：单位或组织。",
                  "asking for an opinion names a unit or an organ");
  }
  if (!to.empty() && !deed.law.directory.unit(to, deed.law.at)) {
    return broken("act.consult.unit", "to", "单位 " + to.text() + " 不存在。",
                  "unit " + to.text() + " does not exist");
  }
  const std::size_t more = std::max<std::size_t>(deed.body.organs.size(), 1);
  if (issue.table.consultations.size() + more > kMaxConsultations) {
    return broken("act.limit.consultations", "to", "征求意见的次数过多。",
                  "too many opinions are asked for");
  }
  return {};
}

Status judge_correct(const Issue& issue, const Deed& deed) {
  const auto& sessions = issue.table.sessions;
  if (deed.body.number == 0 || deed.body.number > sessions.size()) {
    return broken("act.correct.session", "no", "没有这一次协商。", "there is no such session");
  }
  const auto& dissents = deed.body.session.dissents;
  const std::uint64_t kept = sessions[deed.body.number - 1].dissents;
  if (!dissents.empty() && dissents.size() < kept) {
    return broken("act.correct.dissent", "dissents",
                  "不同意见应当保留：原有 " + std::to_string(kept) + " 条，更正后只有 " +
                      std::to_string(dissents.size()) + " 条。",
                  "dissent is kept: there were " + std::to_string(kept) + ", the correction has " +
                      std::to_string(dissents.size()));
  }
  return {};
}

}  // namespace

Status judge_table_names(const ActBody& body, const Policy& policy) {
  for (const Status& one :
       {judge_topic(body.topic, policy), judge_session_names(body.session, policy),
        judge_people(body.group, policy), judge_name(policy.views, body.view, "view", "态度")}) {
    if (!one) return one;
  }
  return {};
}

Status judge_table(const Issue& issue, const Deed& deed) {
  switch (deed.act) {
    case Act::kScreen:
      if (deed.body.topic != TopicSheet()) return {};
      return broken("act.screen.nothing", "checks", "筛选须至少回答一项。",
                    "a screening answers at least one item");
    case Act::kHoldSession:
      if (issue.table.sessions.size() < kMaxSessions) return {};
      return broken("act.limit.sessions", "session", "协商次数过多。", "too many sessions");
    case Act::kConsult:
      return judge_consult(issue, deed);
    case Act::kCorrect:
      return judge_correct(issue, deed);
    case Act::kSubmit:
      if (issue.table.submissions.size() + deed.body.organs.size() <= kMaxSubmissions) return {};
      return broken("act.limit.submissions", "organs", "报送次数过多。", "too many submissions");
    default:
      return {};
  }
}

}  // namespace yishi::deliberation
