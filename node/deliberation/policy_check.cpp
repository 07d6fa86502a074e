// The parts of a policy against one another.
#include <algorithm>
#include <array>
#include <set>

#include "node/deliberation/policy_faults.h"
#include "topology/unit.h"

namespace yishi::deliberation {

namespace {

class Check {
 public:
  Check(const Policy& policy, const PolicyLines& lines, PolicyFaults& faults)
      : policy_(policy), lines_(lines), faults_(faults) {}

  void run() {
    check_lists();
    check_acts();
    check_closings();
    check_reach();
    check_levels();
    check_authority();
    check_routes();
  }

 private:
  void add(const std::string& path, std::string rule, std::string zh, std::string en) {
    faults_.add(lines_.of(path), std::move(rule), std::move(zh), std::move(en));
  }

  void check_lists() {
    const auto need = [&](bool empty, const std::string& list) {
      if (empty) {
        add(list, "policy.list.empty", "至少要有一项 [[" + list + "]]",
            "at least one [[" + list + "]] is needed");
      }
    };
    need(policy_.categories.empty(), "categories");
    need(policy_.stages.empty(), "stages");
    need(policy_.results.empty(), "results");
    need(policy_.authority.empty(), "authority");
  }

  void check_stage(const std::string& path, const std::string& id) {
    if (policy_.stage(id) != nullptr) return;
    add(path, "policy.stage.unknown", path + " 提到不存在的阶段“" + id + "”",
        path + " names a stage that does not exist: \"" + id + "\"");
  }

  void check_acts() {
    for (const Act needed : {Act::kLog, Act::kClose}) {
      if (policy_.rule(needed) != nullptr) continue;
      const std::string name(info(needed).name);
      add("acts", "policy.act.missing", "缺少 [acts." + name + "]",
          "[acts." + name + "] is missing");
    }
    for (const auto& [act, rule] : policy_.acts) check_act(act, rule);
  }

  void check_act(Act act, const ActRule& rule) {
    const std::string path = "acts." + std::string(info(act).name);
    for (const std::string& stage : rule.from) check_stage(path, stage);
    if (!rule.to.empty()) check_stage(path, rule.to);
    if (!info(act).transition && !(rule.from.empty() && rule.to.empty())) {
      add(path, "policy.act.remark", path + " 不改变阶段，不能有 from 或 to",
          path + " does not change the stage and cannot have from or to");
      return;
    }
    if (act == Act::kLog && (!rule.from.empty() || rule.to.empty())) {
      add(path, "policy.act.log", path + " 只能有 to，不能有 from", path + " has to and no from");
    }
    if (act != Act::kLog && info(act).transition && rule.from.empty()) {
      add(path, "policy.act.from", path + " 缺少 from：从哪些阶段可以做",
          path + " lacks from: the stages in which it can be done");
    }
  }

  void check_closings() {
    for (const auto& [result, closing] : policy_.closings) {
      for (const std::string& stage : closing.from) check_stage("results." + result, stage);
    }
  }

  // Which stages can be come to from the logging?
  void check_reach() {
    const ActRule* log = policy_.rule(Act::kLog);
    if (log == nullptr || policy_.stage(log->to) == nullptr) return;
    std::set<std::string> reached{log->to};
    for (std::size_t before = 0; before != reached.size();) {
      before = reached.size();
      for (const auto& [act, rule] : policy_.acts) {
        if (!rule.to.empty() && act != Act::kLog && starts_in(act, rule, reached)) {
          reached.insert(rule.to);
        }
      }
    }
    for (const Stage& stage : policy_.stages) {
      if (reached.contains(stage.label.id)) continue;
      add("stages." + stage.label.id, "policy.stage.unreached",
          "没有操作能到达阶段“" + stage.label.id + "”",
          "nothing reaches the stage \"" + stage.label.id + "\"");
    }
  }

  bool starts_in(Act act, const ActRule& rule, const std::set<std::string>& reached) const {
    const auto any = [&](const std::vector<std::string>& stages) {
      return std::any_of(stages.begin(), stages.end(),
                         [&](const std::string& one) { return reached.contains(one); });
    };
    if (any(rule.from)) return true;
    if (act != Act::kClose) return false;
    return std::any_of(policy_.closings.begin(), policy_.closings.end(),
                       [&](const auto& one) { return any(one.second.from); });
  }

  bool check_level(const std::string& path, const std::string& level) {
    if (topology::find_level(level) != nullptr) return true;
    std::string known;
    for (const topology::Level& one : topology::known_levels()) {
      known += (known.empty() ? "" : ", ") + one.id;
    }
    add(path, "policy.level.unknown", "不认识的层级“" + level + "”（可用：" + known + "）",
        "unknown level \"" + level + "\" (known: " + known + ")");
    return false;
  }

  void check_levels() {
    for (const auto& [level, authority] : policy_.authority) {
      check_level("authority." + level, level);
      for (const std::string& id : authority.categories) check_category("authority." + level, id);
      for (const std::string& id : authority.excluded) check_category("authority." + level, id);
    }
    for (const auto& [level, organ] : policy_.organs) check_level("organs." + level, level);
    for (const auto& [level, days] : policy_.accept_days) {
      check_level("accept_days." + level, level);
    }
  }

  static bool has_id(const std::vector<Label>& labels, std::string_view id) {
    return std::any_of(labels.begin(), labels.end(),
                       [&](const Label& one) { return one.id == id; });
  }

  void check_category(const std::string& path, const std::string& id) {
    if (has_id(policy_.categories, id)) return;
    add(path, "policy.category.unknown", path + " 提到不存在的类别“" + id + "”",
        path + " names a category that does not exist: \"" + id + "\"");
  }

  // What the highest level may not decide, nobody may: there is no one above it.
  void check_authority() {
    const auto top = std::min_element(
        policy_.authority.begin(), policy_.authority.end(), [](const auto& a, const auto& b) {
          return topology::level_rank(a.first) < topology::level_rank(b.first);
        });
    if (top == policy_.authority.end() || topology::find_level(top->first) == nullptr) return;
    const Authority& authority = top->second;
    const auto in = [](const std::vector<std::string>& list, const std::string& id) {
      return std::find(list.begin(), list.end(), id) != list.end();
    };
    for (const Label& category : policy_.categories) {
      const bool allowed = (authority.every_category || in(authority.categories, category.id)) &&
                           !in(authority.excluded, category.id);
      if (allowed) continue;
      add("authority." + top->first, "policy.authority.nobody",
          "类别“" + category.id + "”没有任何层级有权决定：最高层级 " + top->first + " 也无权",
          "no level may decide category \"" + category.id + "\": the highest, " + top->first +
              ", may not either");
    }
  }

  void check_route(const std::string& path, const std::string& level, const std::string& upper) {
    const bool known = check_level(path, level);
    if (!check_level(path, upper) || !known) return;
    if (topology::level_rank(upper) < topology::level_rank(level)) return;
    add(path, "policy.route.up", path + "：" + upper + " 不在 " + level + " 之上",
        path + ": " + upper + " is not above " + level);
  }

  void check_routes() {
    for (std::size_t i = 0; i < policy_.upper_approvals.size(); ++i) {
      const UpperApproval& upper = policy_.upper_approvals[i];
      const std::string path = "upper_approvals." + std::to_string(i);
      check_route(path, upper.level, upper.by);
      for (const std::string& id : upper.categories) check_category(path, id);
    }
    for (const auto& [level, with] : policy_.filing) check_route("filing." + level, level, with);
  }

  const Policy& policy_;
  const PolicyLines& lines_;
  PolicyFaults& faults_;
};

}  // namespace

void check_policy(const Policy& policy, const PolicyLines& lines, PolicyFaults& faults) {
  Check(policy, lines, faults).run();
  check_follow(policy, lines, faults);
}

}  // namespace yishi::deliberation
