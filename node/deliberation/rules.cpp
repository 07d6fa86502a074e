#include "node/deliberation/rules.h"

#include <algorithm>

#include "crypto/planted.h"
namespace yishi::deliberation {

namespace {

bool has_id(const std::vector<Label>& labels, const std::string& id) {
  return std::any_of(labels.begin(), labels.end(), [&](const Label& one) { return one.id == id; });
}

// Acts by which a unit settles something, so that it needs the authority.
bool settles(Act act) {
  return act == Act::kPropose || act == Act::kApprove || act == Act::kOutcome ||
         act == Act::kDecide || act == Act::kAssign || act == Act::kJoin || act == Act::kClose;
}

Status judge_names(const ActBody& body, const Policy& policy) {
  for (const Status& one : {judge_name(policy.categories, body.category, "cat", "类别"),
                            judge_name(policy.sources, body.source, "src", "来源"),
                            judge_name(policy.forms, body.form, "form", "形式"),
                            judge_name(policy.outcomes, body.became, "became", "成果转化"),
                            judge_name(policy.results, body.result, "result", "办结结果")}) {
    if (!one) return one;
  }
  for (const Party& party : body.parties) {
    if (Status one = judge_name(policy.parties, party.category, "who", "人员类别"); !one) {
      return one;
    }
  }
  return judge_table_names(body, policy);
}

Status judge_reach(const ActBody& body, const Law& law) {
  for (const topology::Code& unit : body.reach) {
    if (law.directory.unit(unit, law.at)) continue;
    return broken("act.reach", "reach", "涉及单位 " + unit.text() + " 不存在。",
                  "unit " + unit.text() + " does not exist");
  }
  return {};
}

Status judge_log(const Issue& issue, const Deed& deed) {
  if (issue.n != 0) {
    return broken("act.log.again", "", "事项已经登记过。", "the issue has been logged already");
  }
  if (deed.body.home != deed.body.unit) {
    return broken("act.log.home", "home", "事项应由所在单位登记。",
                  "an issue is logged in the name of the unit it belongs to");
  }
  auto id = parse_issue_id(issue.id);
  if (!id) return id.error();
  if (!deed.law.directory.unit(deed.body.home, deed.law.at)) {
    return broken("act.log.home", "home", "单位不存在。", "the unit does not exist");
  }
  // The number is the writing node's: a unit without a node has none to give.
  if (id->unit != deed.law.directory.keeper_of(deed.body.home, deed.law.at)) {
    return broken("issue.id", "issue", "事项编号中的单位不是登记它的节点。",
                  "the unit in the issue's id is not the node that logs it");
  }
  if (Status one = judge_follow(issue, deed); !one) return one;
  return judge_reach(deed.body, deed.law);
}

Status judge_amend(const Deed& deed) {
  const ActBody& body = deed.body;
  if (body.title.empty() && body.text.empty() && body.category.empty() && !body.budget_fen &&
      body.reach.empty() && body.topic == TopicSheet()) {
    return broken("act.amend.nothing", "", "没有任何修改。", "nothing is changed");
  }
  return judge_reach(body, deed.law);
}

Status judge_escalate(const Issue& issue, const Deed& deed) {
  const auto reasons = beyond(issue, deed.law);
  const auto late = overdue(issue, deed.law, deed.time_ms);
  for (const std::string& code : deed.body.reasons) {
    const auto is_code = [&](const Beyond& one) { return one.code == code; };
    const bool true_one = deed.body.automatic
                              ? std::any_of(reasons.begin(), reasons.end(), is_code) ||
                                    std::any_of(late.begin(), late.end(), is_code)
                              : code == "person";
    const auto& all = deed.body.reasons;
    if (true_one && std::count(all.begin(), all.end(), code) == 1) continue;
    return broken("act.escalate.reason", "codes", "上报原因“" + code + "”不成立。",
                  "the reason \"" + code + "\" does not hold");
  }
  return {};
}

Status judge_assign(const Issue& issue, const Deed& deed) {
  const topology::Code& to = deed.body.to;
  if (!deed.law.directory.unit(to, deed.law.at) ||
      !deed.law.directory.inside(to, issue.holder, deed.law.at)) {
    return broken("act.assign.outside", "to", "只能交办给本级或下级单位。",
                  "work is assigned to this unit or one inside it");
  }
  if (deed.body.assignment != issue.assignments.size() + 1) {
    return broken("act.assign.number", "task", "交办编号应依次递增。",
                  "assignments are numbered one after another");
  }
  if (issue.assignments.size() >= kMaxAssignments) {
    return broken("act.limit.assignments", "task", "交办事项过多。", "too many assignments");
  }
  return {};
}

Status judge_close(const Deed& deed) {
  const auto closing = deed.law.policy.closings.find(deed.body.result);
  const bool wanted = closing != deed.law.policy.closings.end() && closing->second.reason;
  if (!wanted || !deed.body.reason.empty()) return {};
  return broken("act.field", "why", "以此结果办结须写明原因。",
                "closing with this result needs a reason");
}

// Settling what is beyond one's authority has no effect: it should have climbed.
Status judge_authority(const Issue& issue, const Deed& deed) {
  if (planted(Defect::kAuthorityUnchecked)) return {};
  if (!settles(deed.act) || !stage_allows(issue, deed.law.policy, Act::kEscalate, {})) return {};
  if (deed.law.directory.parent_of(issue.holder, deed.law.at).empty()) return {};
  const auto reasons = beyond(issue, deed.law);
  if (reasons.empty()) return {};
  return broken("act.authority", "unit", "超出本级权限，应当上报：" + reasons.front().zh + "。",
                "beyond the authority of this level, it goes up: " + reasons.front().en);
}

Status judge_destination(const Issue& issue, const Deed& deed) {
  const topology::Code to = destination(issue, deed);
  if (to.empty()) {
    if (deed.act == Act::kEscalate) {
      return broken("act.escalate.root", "to", "已是最高层级，无法再上报。",
                    "there is no level above this one");
    }
    return broken("act.return.nowhere", "to", "没有可以退回的单位。",
                  "no unit handed it over, so it cannot be returned");
  }
  // Work, a question or a guiding topic goes to another unit; the issue stays.
  const bool stays = deed.act == Act::kAssign || deed.act == Act::kConsult ||
                     deed.act == Act::kJoin || deed.act == Act::kGuide;
  if (stays || deed.body.to.empty() || deed.body.to == to) return {};
  return broken("act.to", "to", "去向应为 " + to.text() + "。", "it goes to " + to.text());
}

Status judge_specifics(const Issue& issue, const Deed& deed) {
  switch (deed.act) {
    case Act::kAmend:
      return judge_amend(deed);
    case Act::kEscalate:
      return judge_escalate(issue, deed);
    case Act::kAssign:
      return judge_assign(issue, deed);
    case Act::kClose:
      return judge_close(deed);
    case Act::kFeedBack:
      if (issue.holder == issue.home) {
        return broken("act.feedback.home", "to", "事项就在登记单位，直接办结即可。",
                      "the issue is at its home already: close it");
      }
      return {};
    default:
      if (Status one = judge_table(issue, deed); !one) return one;
      return judge_follow(issue, deed);
  }
}

std::size_t newly_concerned(const Issue& issue, const Deed& deed) {
  return deed.act == Act::kLog || deed.act == Act::kAmend
             ? issue.concerned.size() + 1 + deed.body.reach.size()
             : issue.concerned.size() + 1 + deed.body.follow.units.size();
}

}  // namespace

Status judge_name(const std::vector<Label>& labels, const std::string& id, const char* key,
                  const char* zh) {
  if (id.empty() || has_id(labels, id)) return {};
  return broken("act.name", key, "规则中没有这个" + std::string(zh) + "：“" + id + "”。",
                "the policy has no such " + std::string(key) + ": \"" + id + "\"");
}

Error broken(std::string rule, std::string field, std::string zh, std::string en) {
  return {std::move(rule), std::move(field), std::move(zh), std::move(en)};
}

Error not_holder(const Issue& issue) {
  return broken("act.holder", "unit",
                "事项现由 " + issue.holder.text() + " 办理，只有该单位可以操作。",
                "the issue is held by " + issue.holder.text() + ": only that unit may move it");
}

bool stage_allows(const Issue& issue, const Policy& policy, Act act, std::string_view result) {
  const ActRule* rule = policy.rule(act);
  if (rule == nullptr) return false;
  if (act != Act::kClose) return in(rule->from, issue.stage);
  if (!result.empty()) return in(policy.closing_stages(result), issue.stage);
  return std::any_of(policy.results.begin(), policy.results.end(), [&](const Label& one) {
    return in(policy.closing_stages(one.id), issue.stage);
  });
}

topology::Code destination(const Issue& issue, const Deed& deed) {
  switch (deed.act) {
    case Act::kLog:
      return deed.body.home;
    case Act::kEscalate:
      return deed.law.directory.parent_of(issue.holder, deed.law.at);
    case Act::kFeedBack:
      return issue.home;
    case Act::kPropose: {
      const topology::Code upper = upper_approver(issue, deed.law);
      return upper.empty() ? issue.holder : upper;
    }
    case Act::kApprove:
      return issue.proposer;
    case Act::kRefer:
      return deed.body.to.empty() ? issue.holder : deed.body.to;
    case Act::kReturn: {
      // A topic refused by its own level's organ stays there, to be amended.
      const ActRule* propose = deed.law.policy.rule(Act::kPropose);
      const bool own =
          propose != nullptr && propose->to == issue.stage && issue.holder == issue.proposer;
      if (own) return issue.holder;
      return issue.custody.empty() ? topology::Code() : issue.custody.back();
    }
    default:
      return issue.holder;
  }
}

Status judge_fields(Act act, const ActBody& body) {
  std::string_view keys = info(act).required;
  while (!keys.empty()) {
    const std::size_t space = std::min(keys.find(' '), keys.size());
    const std::string_view key = keys.substr(0, space);
    if (!has_field(body, key)) {
      return broken("act.field", std::string(key),
                    std::string(info(act).zh) + "缺少必填项 " + std::string(key) + "。",
                    std::string(info(act).en) + " lacks the field " + std::string(key));
    }
    keys.remove_prefix(std::min(space + 1, keys.size()));
  }
  return {};
}

Status judge_transition(const Issue& issue, const Deed& deed) {
  const ActInfo& act = info(deed.act);
  if (deed.law.policy.rule(deed.act) == nullptr) {
    return broken("act.unknown_here", "", "规则中没有“" + std::string(act.zh) + "”这一操作。",
                  "the policy has no act \"" + std::string(act.name) + "\"");
  }
  if (deed.act != Act::kLog && deed.body.unit != issue.holder) {
    return not_holder(issue);
  }
  if (Status one = judge_fields(deed.act, deed.body); !one) return one;
  if (Status one = judge_names(deed.body, deed.law.policy); !one) return one;
  if (deed.act == Act::kLog) return judge_log(issue, deed);
  if (!stage_allows(issue, deed.law.policy, deed.act, deed.body.result)) {
    const Stage* stage = deed.law.policy.stage(issue.stage);
    const std::string zh = stage == nullptr ? issue.stage : stage->label.zh;
    const std::string en = stage == nullptr ? issue.stage : stage->label.en;
    return broken("act.stage", "stage", "事项处于“" + zh + "”，不能" + std::string(act.zh) + "。",
                  "the issue is \"" + en + "\": it cannot " + std::string(act.en) + " now");
  }
  if (newly_concerned(issue, deed) > kMaxConcerned) {
    return broken("act.limit.concerned", "reach", "涉及的单位过多。", "too many units are touched");
  }
  if (Status one = judge_destination(issue, deed); !one) return one;
  if (Status one = judge_specifics(issue, deed); !one) return one;
  return judge_authority(issue, deed);
}

}  // namespace yishi::deliberation
