#include "node/deliberation/authority.h"

#include <algorithm>

#include "crypto/planted.h"
#include "topology/unit.h"

namespace yishi::deliberation {

namespace {

constexpr std::size_t kDigitsPerGroup = 3;

std::string level_zh(std::string_view level) {
  const topology::Level* known = topology::find_level(level);
  return known == nullptr ? std::string(level) : known->zh;
}

std::string name_of(const Law& law, const topology::Code& unit) {
  const auto found = law.directory.unit(unit, law.at);
  return found ? found->name : unit.text();
}

void judge_budget(const Issue& issue, const Authority& authority, const std::string& level,
                  std::vector<Beyond>& found) {
  if (!authority.budget_max_fen || issue.budget_fen <= *authority.budget_max_fen) {
    const bool just = authority.budget_max_fen && issue.budget_fen == *authority.budget_max_fen;
    if (!just || !planted(Defect::kLimitInclusive)) return;
  }
  const std::string amount = yuan(issue.budget_fen);
  const std::string limit = yuan(*authority.budget_max_fen);
  found.push_back({"budget",
                   "预算 " + amount + " 元，超过" + level_zh(level) + "权限 " + limit + " 元",
                   "the budget of " + amount + " yuan is above the " + level + "'s limit of " +
                       limit + " yuan"});
}

void judge_category(const Issue& issue, const Law& law, const Authority* authority,
                    const std::string& level, std::vector<Beyond>& found) {
  const Label* label = law.policy.category(issue.category);
  const std::string zh = label == nullptr ? issue.category : label->zh;
  const std::string en = label == nullptr ? issue.category : label->en;
  if (authority == nullptr) {
    // A level the policy does not name may decide nothing: it must not escape the rules.
    found.push_back({"category", "规则没有给" + level_zh(level) + "规定权限",
                     "the policy gives no authority to the level " + level});
    return;
  }
  const bool allowed = (authority->every_category || in(authority->categories, issue.category)) &&
                       !in(authority->excluded, issue.category);
  if (allowed) return;
  found.push_back({"category", "“" + zh + "”类事项不由" + level_zh(level) + "决定",
                   "matters of the category " + en + " are not decided by the " + level});
}

void judge_reach(const Issue& issue, const Law& law, std::vector<Beyond>& found) {
  std::string zh;
  std::string en;
  for (const topology::Code& unit : issue.reach) {
    if (law.directory.inside(unit, issue.holder, law.at)) continue;
    zh += (zh.empty() ? "" : "、") + name_of(law, unit);
    en += (en.empty() ? "" : ", ") + name_of(law, unit);
  }
  if (zh.empty()) return;
  const std::string holder = name_of(law, issue.holder);
  found.push_back({"reach", "涉及" + zh + "，不在" + holder + "范围内",
                   "it touches " + en + ", outside " + holder});
}

bool goes_up_when(const Law& law, const std::string& level, std::string_view circumstance) {
  const auto listed = law.policy.follow.up_when.find(level);
  return listed != law.policy.follow.up_when.end() && in(listed->second, circumstance);
}

void judge_flags(const Issue& issue, const Law& law, const std::string& level,
                 std::vector<Beyond>& found) {
  const auto listed = law.policy.follow.up_flags.find(level);
  if (listed == law.policy.follow.up_flags.end()) return;
  for (const std::string& flag : issue.table.topic.flags) {
    if (!in(listed->second, flag)) continue;
    const Label* label = find_label(law.policy.flags, flag);
    const std::string zh = label == nullptr ? flag : label->zh;
    const std::string en = label == nullptr ? flag : label->en;
    found.push_back({std::string(kFlagReason) + flag, "“" + zh + "”事项应当上报",
                     "matters marked \"" + en + "\" go up"});
  }
}

void judge_rounds(const Issue& issue, const Law& law, const std::string& level,
                  std::vector<Beyond>& found) {
  constexpr std::uint64_t kAfterTwo = 3;
  if (issue.follow.round < kAfterTwo || !goes_up_when(law, level, "failed_twice")) return;
  const std::string before = std::to_string(issue.follow.round - 1);
  found.push_back({"failed_twice", "已协商 " + before + " 轮仍未解决",
                   "it was not solved in " + before + " rounds"});
}

bool demands(const UpperApproval& upper, const Issue& issue) {
  if (upper.categories.empty() && !upper.budget_over_fen) return true;  // every topic
  return in(upper.categories, issue.category) ||
         (upper.budget_over_fen && issue.budget_fen > *upper.budget_over_fen);
}

}  // namespace

std::string yuan(std::int64_t fen) {
  std::string digits = std::to_string(fen / kFenPerYuan);
  for (std::size_t end = digits.size(); end > kDigitsPerGroup; end -= kDigitsPerGroup) {
    digits.insert(end - kDigitsPerGroup, ",");
  }
  const std::int64_t rest = fen % kFenPerYuan;
  if (rest == 0) return digits;
  return digits + (rest < 10 ? ".0" : ".") + std::to_string(rest);
}

std::string granted_key(const topology::Code& unit, std::string_view reason) {
  return unit.text() + ":" + std::string(reason);
}

std::string level_of(const Law& law, const topology::Code& unit) {
  const auto found = law.directory.unit(unit, law.at);
  return found ? found->level : std::string();
}

topology::Code above(const Law& law, const topology::Code& unit, std::string_view level) {
  for (const topology::Code& one : law.directory.path_to_root(unit, law.at)) {
    if (one == unit) continue;
    if (topology::level_rank(level_of(law, one)) <= topology::level_rank(level)) return one;
  }
  return {};
}

std::vector<Beyond> beyond(const Issue& issue, const Law& law) {
  std::vector<Beyond> found;
  const std::string level = level_of(law, issue.holder);
  const auto authority = law.policy.authority.find(level);
  const bool listed = authority != law.policy.authority.end();
  if (listed) judge_budget(issue, authority->second, level, found);
  judge_category(issue, law, listed ? &authority->second : nullptr, level, found);
  judge_reach(issue, law, found);
  judge_flags(issue, law, level, found);
  judge_rounds(issue, law, level, found);
  if (planted(Defect::kGrantForgotten)) return found;
  std::erase_if(found, [&](const Beyond& one) {
    return issue.granted.contains(granted_key(issue.holder, one.code));
  });
  return found;
}

std::vector<Beyond> overdue(const Issue& issue, const Law& law, std::uint64_t time_ms) {
  std::vector<Beyond> found;
  const std::string level = level_of(law, issue.holder);
  const bool unaccepted = issue.accept_by_ms != 0 && time_ms > issue.accept_by_ms;
  if (unaccepted && goes_up_when(law, level, "not_accepted")) {
    found.push_back({"not_accepted", name_of(law, issue.holder) + "未在期限内签收",
                     name_of(law, issue.holder) + " did not accept it in time"});
  }
  const bool late =
      std::any_of(issue.assignments.begin(), issue.assignments.end(), [&](const Assignment& one) {
        return one.due_ms != 0 && time_ms > one.due_ms && !one.climbed;
      });
  if (late && issue.closed_ms == 0 && goes_up_when(law, level, "deadline")) {
    found.push_back({"deadline", "交办事项超过期限未完成", "assigned work was not done in time"});
  }
  std::erase_if(found, [&](const Beyond& one) {
    return issue.granted.contains(granted_key(issue.holder, one.code));
  });
  return found;
}

topology::Code upper_approver(const Issue& issue, const Law& law) {
  const std::string level = level_of(law, issue.holder);
  const UpperApproval* highest = nullptr;
  for (const UpperApproval& upper : law.policy.upper_approvals) {
    if (upper.level != level || !demands(upper, issue)) continue;
    if (highest == nullptr || topology::level_rank(upper.by) < topology::level_rank(highest->by)) {
      highest = &upper;
    }
  }
  return highest == nullptr ? topology::Code() : above(law, issue.holder, highest->by);
}

topology::Code filing_unit(const Issue& issue, const Law& law) {
  const auto route = law.policy.filing.find(level_of(law, issue.approved_for));
  if (route == law.policy.filing.end()) return {};
  return above(law, issue.approved_for, route->second);
}

}  // namespace yishi::deliberation
