#include "node/deliberation/guards.h"

#include <algorithm>

#include "node/deliberation/policy_faults.h"

namespace yishi::deliberation {

namespace {

using Shortfall = std::optional<Missing>;

struct Known {
  std::string_view name;
  Shortfall (*judge)(const Guard&, Act, const Issue&, const ActBody&);
};

Shortfall need(bool there, std::string field, std::string zh, std::string en) {
  if (there) return std::nullopt;
  return Missing{std::move(field), std::move(zh), std::move(en)};
}

Shortfall has_text(const Guard&, Act act, const Issue& issue, const ActBody& body) {
  // A topic may be proposed in the words under which the matter was logged.
  const bool described = act == Act::kPropose && !issue.text.empty();
  return need(!body.text.empty() || described, "text", "缺少内容", "the text is missing");
}

Shortfall has_reason(const Guard&, Act, const Issue&, const ActBody& body) {
  return need(!body.reason.empty(), "why", "缺少理由", "the reason is missing");
}

Shortfall has_organ(const Guard&, Act, const Issue&, const ActBody& body) {
  return need(!body.by.empty(), "by", "缺少审定组织", "the approving organ is missing");
}

Shortfall research_done(const Guard&, Act, const Issue& issue, const ActBody&) {
  return need(issue.researched, "research", "尚无调研记录", "no research has been recorded");
}

Shortfall session_recorded(const Guard&, Act, const Issue& issue, const ActBody&) {
  return need(issue.session_held, "session", "尚无协商记录", "no session has been recorded");
}

Shortfall session_complete(const Guard&, Act, const Issue&, const ActBody& body) {
  std::string field;
  std::string zh;
  std::string en;
  const auto want = [&](bool there, const char* key, const char* chinese, const char* english) {
    if (there) return;
    if (field.empty()) field = key;
    zh += (zh.empty() ? "缺少" : "、") + std::string(chinese);
    en += (en.empty() ? "missing: " : ", ") + std::string(english);
  };
  want(body.held_ms != 0, "held", "时间", "time");
  want(!body.place.empty(), "place", "地点", "place");
  want(people(body) > 0, "who", "主体", "participants");
  want(!body.text.empty(), "text", "内容", "content");
  return need(field.empty(), field, zh, en);
}

// At least numerator/denominator of those present, in exact whole numbers. Counts are
// at most kMaxPeople · kMaxParties and shares at most 1000: nothing overflows.
Shortfall mass_share(const Guard& guard, Act, const Issue&, const ActBody& body) {
  const std::uint64_t mass = people(body, "mass");
  const std::uint64_t all = people(body);
  const std::uint64_t needed = (all * guard.numerator + guard.denominator - 1) / guard.denominator;
  if (all > 0 && mass >= needed) return std::nullopt;
  const std::string have = std::to_string(mass) + "/" + std::to_string(all);
  const std::string share =
      std::to_string(guard.numerator) + "/" + std::to_string(guard.denominator);
  if (all == 0) {
    return Missing{"who", "未登记参加人员，需要群众代表 ≥ " + share,
                   "no participants are recorded; mass representatives must be ≥ " + share};
  }
  const std::string short_by = std::to_string(needed - mass);
  return Missing{
      "who", "群众代表 " + have + "，需要 ≥ " + share + "：还差 " + short_by + " 人",
      "mass representatives " + have + ", needed ≥ " + share + ": " + short_by + " short"};
}

Shortfall stakeholder_present(const Guard&, Act, const Issue&, const ActBody& body) {
  return need(people(body, "stakeholder") > 0, "who", "没有利益相关方参加",
              "no stakeholder took part");
}

Shortfall assignments_done(const Guard&, Act, const Issue& issue, const ActBody&) {
  std::string open;
  for (const Assignment& one : issue.assignments) {
    if (!one.done) open += (open.empty() ? "" : ", ") + std::to_string(one.number);
  }
  return need(open.empty(), "task", "尚未完成的交办：" + open, "assignments not done: " + open);
}

Shortfall figures_given(const Guard&, Act, const Issue&, const ActBody& body) {
  return need(!body.figures.empty(), "figs", "缺少前后对比数据", "figures are missing");
}

const std::vector<Known>& known_guards() {
  static const std::vector<Known> kGuards{
      {"has_text", has_text},
      {"has_reason", has_reason},
      {"has_organ", has_organ},
      {"research_done", research_done},
      {"session_recorded", session_recorded},
      {"session_complete", session_complete},
      {"mass_share", mass_share},
      {"stakeholder_present", stakeholder_present},
      {"assignments_done", assignments_done},
      {"figures_given", figures_given},
  };
  return kGuards;
}

Error refusal(const Guard& guard, const Missing& missing) {
  Error error{"guard." + guard.name, missing.field, "", ""};
  error.zh = (guard.words_zh.empty() ? "" : guard.words_zh + "：") + missing.zh;
  error.en = (guard.words_en.empty() ? "" : guard.words_en + ": ") + missing.en;
  if (guard.soft) {
    error.zh += "；写明理由后可以继续";
    error.en += "; it may be passed with a reason";
  }
  error.zh += "。";
  return error;
}

}  // namespace

const std::vector<std::string_view>& guard_names() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for (const Known& one : known_guards()) names.push_back(one.name);
    return names;
  }();
  return kNames;
}

std::uint64_t people(const ActBody& body, std::string_view category) {
  std::uint64_t count = 0;
  for (const Party& party : body.parties) {
    if (category.empty() || party.category == category) count += party.count;
  }
  return count;
}

std::optional<Missing> judge_guard(const Guard& guard, Act act, const Issue& issue,
                                   const ActBody& body) {
  const auto& known = known_guards();
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const Known& one) { return one.name == guard.name; });
  YISHI_ASSERT(found != known.end());  // parse_policy refuses others
  return found->judge(guard, act, issue, body);
}

Status check_guards(const ActRule& rule, Act act, const Issue& issue, const ActBody& body) {
  for (const Guard& guard : rule.guards) {
    const auto missing = judge_guard(guard, act, issue, body);
    if (!missing || (guard.soft && !body.overrides.empty())) continue;
    return refusal(guard, *missing);
  }
  return {};
}

}  // namespace yishi::deliberation
