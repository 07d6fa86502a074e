#include "node/deliberation/policy_flow.h"

#include <algorithm>

#include "node/deliberation/authority.h"
#include "topology/unit.h"

namespace yishi::deliberation {

namespace {

class Flow {
 public:
  Flow(const Policy& policy, bool chinese) : policy_(policy), chinese_(chinese) {}

  std::string text() {
    line(0, words(policy_.label) + " (" + policy_.label.id + ")");
    line(0, "");
    line(0, words(info(Act::kLog)) + " → " + stage_name(policy_.rule(Act::kLog)->to));
    guards(*policy_.rule(Act::kLog));
    for (const Stage& stage : policy_.stages) draw_stage(stage);
    remarks();
    authorities();
    routes();
    return std::move(out_);
  }

 private:
  std::string pick(std::string_view zh, std::string_view en) const {
    return std::string(chinese_ ? zh : en);
  }
  std::string words(const Label& label) const { return chinese_ ? label.zh : label.en; }
  std::string words(const ActInfo& act) const { return pick(act.zh, act.en); }
  std::string stage_name(const std::string& id) const {
    const Stage* stage = policy_.stage(id);
    return stage == nullptr ? id : words(stage->label);
  }
  std::string level_name(const std::string& level) const {
    const topology::Level* known = topology::find_level(level);
    return known == nullptr || !chinese_ ? level : known->zh;
  }
  void line(std::size_t depth, const std::string& text) {
    out_.append(2 * depth, ' ');
    out_ += text + "\n";
  }

  std::string label_names(const std::vector<Label>& labels,
                          const std::vector<std::string>& ids) const {
    std::string names;
    for (const std::string& id : ids) {
      const Label* label = find_label(labels, id);
      names += (names.empty() ? "" : pick("、", ", ")) + (label == nullptr ? id : words(*label));
    }
    return names;
  }

  // Where a guard looks, when not everywhere.
  std::string where(const GuardWhen& when) const {
    std::string all;
    const auto add = [&](const std::string& names) {
      if (!names.empty()) all += (all.empty() ? "" : pick("；", "; ")) + names;
    };
    std::string levels;
    for (const std::string& level : when.levels) {
      levels += (levels.empty() ? "" : pick("、", ", ")) + level_name(level);
    }
    add(levels);
    add(label_names(policy_.forms, when.forms));
    add(label_names(policy_.types, when.types));
    add(label_names(policy_.categories, when.categories));
    add(label_names(policy_.sources, when.sources));
    add(label_names(policy_.flags, when.flags));
    return all.empty() ? all : pick("（仅 " + all + "）", " (only " + all + ")");
  }

  void guards(const ActRule& rule) {
    for (const Guard& guard : rule.guards) {
      const std::string text = chinese_ ? guard.words_zh : guard.words_en;
      std::string one = guard.soft ? pick("原则上：", "in principle: ") : pick("必须：", "must: ");
      one += guard.name;
      if (!text.empty()) one += pick("，", ", ") + text;
      line(3, one + where(guard.when));
    }
  }

  // Closing has stages of its own by result.
  std::string results_from(const std::string& stage) const {
    std::string names;
    for (const Label& result : policy_.results) {
      if (!in(policy_.closing_stages(result.id), stage)) continue;
      names += (names.empty() ? "" : pick("、", ", ")) + words(result);
    }
    return names;
  }

  void draw_stage(const Stage& stage) {
    line(0, "");
    line(0, words(stage.label) + " (" + stage.label.id + ")" +
                (stage.waiting ? pick(" · 待签收", " · waits for the holder") : "") +
                (stage.end ? pick(" · 终结", " · end") : ""));
    for (const auto& [act, rule] : policy_.acts) {
      const std::string results = act == Act::kClose ? results_from(stage.label.id) : "";
      if (results.empty() && !in(rule.from, stage.label.id)) continue;
      const std::string to = rule.to.empty() ? pick("不变", "stays") : stage_name(rule.to);
      line(1, words(info(act)) + " → " + to + (results.empty() ? "" : pick("：", ": ") + results));
      guards(rule);
    }
  }

  void remarks() {
    std::string names;
    for (const ActInfo& act : acts()) {
      if (act.transition || policy_.rule(act.act) == nullptr) continue;
      names += (names.empty() ? "" : pick("、", ", ")) + words(act);
    }
    if (names.empty()) return;
    line(0, "");
    line(0, pick("随时：", "at any time: ") + names);
    for (const auto& [act, rule] : policy_.acts) {
      if (info(act).transition || rule.guards.empty()) continue;
      line(1, words(info(act)));
      guards(rule);
    }
  }

  std::string category_names(const std::vector<std::string>& ids) const {
    return label_names(policy_.categories, ids);
  }

  void authorities() {
    line(0, "");
    line(0, pick("权限（超出即自动上报）", "authority (what exceeds it climbs by itself)"));
    for (const topology::Level& level : topology::known_levels()) {
      const auto found = policy_.authority.find(level.id);
      if (found == policy_.authority.end()) continue;
      const Authority& one = found->second;
      std::string text = level_name(level.id) + pick("：", ": ");
      text += one.budget_max_fen ? "≤ " + yuan(*one.budget_max_fen) + pick(" 元", " yuan")
                                 : pick("金额不限", "any amount");
      if (!one.every_category) text += pick("；仅 ", "; only ") + category_names(one.categories);
      if (!one.excluded.empty()) text += pick("；不含 ", "; not ") + category_names(one.excluded);
      line(1, text);
    }
  }

  void routes() {
    if (policy_.upper_approvals.empty() && policy_.filing.empty()) return;
    line(0, "");
    line(0, pick("审批与备案", "approval and filing"));
    for (const UpperApproval& upper : policy_.upper_approvals) {
      std::string when = category_names(upper.categories);
      if (upper.budget_over_fen) {
        when += (when.empty() ? "" : pick("，或 ", ", or ")) +
                ("> " + yuan(*upper.budget_over_fen)) + pick(" 元", " yuan");
      }
      if (when.empty()) when = pick("全部议题", "every topic");
      line(1, level_name(upper.level) + pick(" 报 ", " asks ") + level_name(upper.by) +
                  pick(" 审批：", ": ") + when);
    }
    for (const auto& [level, with] : policy_.filing) {
      line(1,
           level_name(level) + pick(" 向 ", " files with ") + level_name(with) + pick(" 备案", ""));
    }
  }

  const Policy& policy_;
  const bool chinese_;
  std::string out_;
};

}  // namespace

std::string policy_flow(const Policy& policy, bool chinese) { return Flow(policy, chinese).text(); }

}  // namespace yishi::deliberation
