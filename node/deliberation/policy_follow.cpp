// Reading and checking what the acts after the table go by: lists of labels, [revisit], and for
// what an issue goes up besides money, category and reach.
#include <algorithm>

#include "node/deliberation/policy_sections.h"

namespace yishi::deliberation {

namespace {

constexpr std::int64_t kMaxRevisitDays = 3660;  // working days

}  // namespace

void read_follow(PolicyTable& root, const PolicySections& to) {
  FollowRules& rules = to.policy.follow;
  read_label_list(root, "publications", rules.publications, to);
  root.each("supervision", [&](PolicyTable& table) {
    rules.supervision.push_back(read_label(table, to));
    if (table.flag("unannounced")) rules.unannounced.push_back(rules.supervision.back().id);
  });
  read_label_list(root, "methods", rules.methods, to);
  read_label_list(root, "revisits", rules.revisits, to);
  const toml::table* revisit = root.named("revisit");
  if (revisit == nullptr) return;
  PolicyTable table(*revisit, "revisit", to.faults);
  const auto days = table.number("days", 1, kMaxRevisitDays);
  if (days) rules.revisit_days = static_cast<std::uint32_t>(*days);
  table.finish();
}

void check_follow(const Policy& policy, const PolicyLines& lines, PolicyFaults& faults) {
  for (const auto& [level, listed] : policy.follow.up_flags) {
    for (const std::string& flag : listed) {
      if (find_label(policy.flags, flag) != nullptr) continue;
      faults.add(lines.of("authority." + level), "policy.flag.unknown",
                 "authority." + level + " 提到不存在的标识“" + flag + "”",
                 "authority." + level + " names a flag that does not exist: \"" + flag + "\"");
    }
  }
  const auto& known = circumstances();
  for (const auto& [level, listed] : policy.follow.up_when) {
    for (const std::string& one : listed) {
      if (std::find(known.begin(), known.end(), one) != known.end()) continue;
      std::string all;
      for (const std::string_view name : known) {
        all += (all.empty() ? "" : ", ") + std::string(name);
      }
      faults.add(lines.of("authority." + level), "policy.circumstance.unknown",
                 "不认识的上报情形“" + one + "”（可用：" + all + "）",
                 "unknown circumstance \"" + one + "\" (known: " + all + ")");
    }
  }
}

}  // namespace yishi::deliberation
