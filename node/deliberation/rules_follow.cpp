// What makes an act after the table void.
#include <algorithm>
#include <set>

#include "node/deliberation/rules.h"
#include "topology/unit.h"

namespace yishi::deliberation {

namespace {

bool listed(const std::vector<Label>& labels, const std::string& id) {
  return std::any_of(labels.begin(), labels.end(), [&](const Label& one) { return one.id == id; });
}

// A list that the policy leaves empty asks for nothing.
Status judge_about(const std::vector<Label>& labels, const std::string& id, const char* zh) {
  if (id.empty() && labels.empty()) return {};
  if (listed(labels, id)) return {};
  return broken("act.name", "about", "规则中没有这个" + std::string(zh) + "：“" + id + "”。",
                "the policy has no such name: \"" + id + "\"");
}

Status judge_task(const Issue& issue, const ActBody& body) {
  if (body.assignment >= 1 && body.assignment <= issue.assignments.size()) return {};
  return broken("act.task", "task", "没有这项交办。", "there is no such assignment");
}

Status judge_grant(const Issue& issue, const ActBody& body) {
  if (Status one = judge_task(issue, body); !one) return one;
  if (body.due_ms == 0) {
    if (!body.reason.empty()) return {};
    return broken("act.grant.reason", "why", "准予延期须写明新的期限，不准须写明理由。",
                  "an extension is granted with a new date or refused with a reason");
  }
  if (body.due_ms > issue.assignments[body.assignment - 1].due_ms) return {};
  return broken("act.grant.earlier", "due", "新的期限应晚于原来的期限。",
                "the new date must lie after the one before");
}

Status judge_refer(const Issue& issue, const Deed& deed) {
  const topology::Code& to = deed.body.to;
  if (to == issue.holder) {
    return broken("act.refer.self", "to", "事项已经在该单位。", "the unit holds it already");
  }
  if (deed.law.directory.unit(to, deed.law.at) &&
      deed.law.directory.inside(to, issue.holder, deed.law.at)) {
    return {};
  }
  return broken("act.refer.outside", "to", "只能转办给本级范围内的单位。",
                "an issue is referred to a unit inside this one");
}

Status judge_join(const Issue& issue, const Deed& deed) {
  const auto& units = deed.body.follow.units;
  if (units.empty()) {
    return broken("act.field", "units", "联合办理须写明共同办理的单位。",
                  "joint handling names the units that take part");
  }
  if (deed.body.assignment != issue.assignments.size() + 1) {
    return broken("act.assign.number", "task", "交办编号应依次递增。",
                  "assignments are numbered one after another");
  }
  if (issue.assignments.size() + units.size() > kMaxAssignments) {
    return broken("act.limit.assignments", "task", "交办事项过多。", "too many assignments");
  }
  std::set<topology::Code> seen{issue.holder};
  for (const topology::Code& unit : units) {
    if (!deed.law.directory.unit(unit, deed.law.at)) {
      return broken("act.join.unit", "units", "单位 " + unit.text() + " 不存在。",
                    "unit " + unit.text() + " does not exist");
    }
    if (!seen.insert(unit).second) {
      return broken("act.join.twice", "units", "单位 " + unit.text() + " 重复。",
                    "unit " + unit.text() + " is named twice or holds it already");
    }
  }
  const topology::Code& lead = deed.body.to;
  if (lead.empty() || seen.contains(lead)) return {};
  return broken("act.join.lead", "to", "牵头单位应是办理单位之一。",
                "who leads must be one of those who handle it");
}

Status judge_guide(const Issue& issue, const Deed& deed) {
  const topology::Code& to = deed.body.to;
  if (topology::find_level(deed.body.follow.level) == nullptr) {
    return broken("act.guide.level", "level", "不认识的层级“" + deed.body.follow.level + "”。",
                  "unknown level \"" + deed.body.follow.level + "\"");
  }
  if (!deed.law.directory.unit(to, deed.law.at) ||
      !deed.law.directory.inside(to, issue.holder, deed.law.at)) {
    return broken("act.guide.outside", "to", "只能下发给本级范围内的单位。",
                  "a guiding topic goes to units inside this one");
  }
  if (issue.follow.guides.size() < kMaxGuides) return {};
  return broken("act.limit.guides", "to", "下发次数过多。", "pushed down too many times");
}

Status judge_log_links(const Issue& issue, const ActBody& body) {
  const FollowUp& said = body.follow;
  for (const auto& [key, id] : {std::pair{"round", &said.round_of}, {"answers", &said.answers}}) {
    if (id->empty()) continue;
    if (!parse_issue_id(*id)) return parse_issue_id(*id).error();
    if (*id == issue.id) {
      return broken("act.log.itself", key, "事项不能接续自己。", "an issue does not follow itself");
    }
  }
  const bool numbered =
      said.round_of.empty() ? said.round == 0 : said.round >= 2 && said.round <= kMaxRounds;
  if (numbered) return {};
  return broken("act.log.round", "round_no", "再协商的轮次不对。",
                "the number of the round is wrong");
}

}  // namespace

Status judge_name_in(const std::vector<Label>& labels, const std::string& id, const char* key,
                     const char* zh) {
  if (listed(labels, id)) return {};
  return broken("act.name", key, "规则中没有这个" + std::string(zh) + "：“" + id + "”。",
                "the policy has no such " + std::string(key) + ": \"" + id + "\"");
}

Status judge_follow(const Issue& issue, const Deed& deed) {
  switch (deed.act) {
    case Act::kLog:
      return judge_log_links(issue, deed.body);
    case Act::kPublish:
      return judge_about(deed.law.policy.follow.publications, deed.body.follow.about, "公示内容");
    case Act::kGrant:
      return judge_grant(issue, deed.body);
    case Act::kRevisit:
      return judge_about(deed.law.policy.follow.revisits, deed.body.follow.about, "回头看结论");
    case Act::kRefer:
      return judge_refer(issue, deed);
    case Act::kJoin:
      return judge_join(issue, deed);
    case Act::kGuide:
      return judge_guide(issue, deed);
    default:
      return {};
  }
}

}  // namespace yishi::deliberation
