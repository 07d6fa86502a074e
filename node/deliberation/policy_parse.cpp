// Reading a policy from TOML. The format stands in the folder's README; here every key is read
// once, and what is left over is refused.
#include <algorithm>

#include "node/deliberation/calendar.h"
#include "node/deliberation/policy_sections.h"
#include "topology/change.h"

namespace yishi::deliberation {

namespace {

constexpr std::int64_t kMaxDays = 366;  // working days to accept
constexpr std::size_t kMaxCalendarDays = 4000;

class Reader {
 public:
  Reader(Policy& policy, PolicyLines& lines, PolicyFaults& faults)
      : policy_(policy), lines_(lines), faults_(faults) {}

  void read(const toml::table& document) {
    PolicyTable root(document, "", faults_);
    policy_.label = {root.id("id"), root.text("zh", true), root.text("en", true)};
    read_label_list(root, "categories", policy_.categories, to_);
    read_label_list(root, "sources", policy_.sources, to_);
    read_forms(root, to_);
    read_topics(root, to_);
    read_label_list(root, "outcomes", policy_.outcomes, to_);
    read_label_list(root, "parties", policy_.parties, to_);
    read_results(root);
    read_stages(root);
    read_acts(root);
    read_authority(root);
    read_organs(root);
    read_upper_approvals(root);
    read_filing(root);
    read_accept_days(root);
    read_calendar(root);
    read_quoted_figures(root, to_);
    read_follow(root, to_);
    read_registers(root, to_);
    read_measures(root, to_);
    root.finish();
  }

 private:
  void read_results(PolicyTable& root) {
    root.each("results", [&](PolicyTable& table) {
      const Label label = read_label(table, to_);
      policy_.results.push_back(label);
      policy_.closings[label.id] = {table.flag("reason"), table.flag("solved"),
                                    table.texts("from")};
    });
  }

  void read_stages(PolicyTable& root) {
    root.each("stages", [&](PolicyTable& table) {
      Stage stage;
      stage.label = read_label(table, to_);
      stage.end = table.flag("end");
      stage.waiting = table.flag("waiting");
      policy_.stages.push_back(std::move(stage));
    });
  }

  // Each named table in a table of tables ([acts.close], [authority.village]).
  template <class Read>
  void each_named(PolicyTable& root, std::string_view key, Read read) {
    const toml::table* tables = root.named(key);
    if (tables == nullptr) return;
    lines_.set(std::string(key), line_of(*tables));
    for (const auto& [name, node] : *tables) {
      const std::string path = std::string(key) + "." + std::string(name.str());
      const toml::table* one = node.as_table();
      if (one == nullptr) {
        faults_.add(line_of(node), "policy.type", path + " 应为表", path + " must be a table");
        continue;
      }
      // The line of the key: a table that only has sub-tables has no line of its own.
      lines_.set(path, static_cast<std::uint32_t>(name.source().begin.line));
      PolicyTable table(*one, path, faults_);
      read(std::string(name.str()), table);
      table.finish();
    }
  }

  void read_acts(PolicyTable& root) {
    each_named(root, "acts", [&](const std::string& name, PolicyTable& table) {
      ActRule rule;
      rule.from = table.texts("from");
      rule.to = table.text("to", false);
      table.each("guards",
                 [&](PolicyTable& guard) { rule.guards.push_back(read_guard(guard, to_)); });
      const ActInfo* act = find_act(name);
      if (act == nullptr) {
        faults_.add(lines_.of(table.path()), "policy.act.unknown", "不认识的操作“" + name + "”",
                    "unknown act \"" + name + "\"");
        return;
      }
      policy_.acts[act->act] = std::move(rule);
    });
  }

  std::optional<std::int64_t> read_yuan(PolicyTable& table, std::string_view key) {
    const auto yuan = table.number(key, 0, kMaxBudgetFen / kFenPerYuan);
    if (!yuan) return std::nullopt;
    return *yuan * kFenPerYuan;
  }

  void read_authority(PolicyTable& root) {
    each_named(root, "authority", [&](const std::string& level, PolicyTable& table) {
      Authority authority;
      authority.budget_max_fen = read_yuan(table, "budget_max_yuan");
      authority.every_category = table.get("categories") == nullptr;
      authority.categories = table.texts("categories");
      authority.excluded = table.texts("excluded");
      policy_.follow.up_flags[level] = table.texts("up_flags");
      policy_.follow.up_when[level] = table.texts("up_when");
      policy_.authority[level] = std::move(authority);
    });
  }

  void read_organs(PolicyTable& root) {
    each_named(root, "organs", [&](const std::string& level, PolicyTable& table) {
      policy_.organs[level] = {level, table.text("zh", true), table.text("en", true)};
    });
  }

  void read_upper_approvals(PolicyTable& root) {
    std::size_t number = 0;
    root.each("upper_approvals", [&](PolicyTable& table) {
      lines_.set("upper_approvals." + std::to_string(number++), table.line());
      UpperApproval upper;
      upper.level = table.text("level", true);
      upper.by = table.text("by", true);
      upper.categories = table.texts("categories");
      upper.budget_over_fen = read_yuan(table, "budget_over_yuan");
      upper.words_zh = table.text("zh", false);
      upper.words_en = table.text("en", false);
      policy_.upper_approvals.push_back(std::move(upper));
    });
  }

  void read_filing(PolicyTable& root) {
    const toml::table* filing = root.named("filing");
    if (filing == nullptr) return;
    PolicyTable table(*filing, "filing", faults_);
    for (const auto& [level, node] : *filing) {
      lines_.set("filing." + std::string(level.str()), line_of(node));
      policy_.filing[std::string(level.str())] = table.text(level.str(), true);
    }
  }

  void read_accept_days(PolicyTable& root) {
    const toml::table* days = root.named("accept_days");
    if (days == nullptr) return;
    PolicyTable table(*days, "accept_days", faults_);
    for (const auto& [level, node] : *days) {
      lines_.set("accept_days." + std::string(level.str()), line_of(node));
      const auto number = table.number(level.str(), 0, kMaxDays);
      if (number) {
        policy_.accept_days[std::string(level.str())] = static_cast<std::uint32_t>(*number);
      }
    }
  }

  void read_calendar(PolicyTable& root) {
    const toml::table* calendar = root.named("calendar");
    if (calendar == nullptr) return;
    PolicyTable table(*calendar, "calendar", faults_);
    read_days(table, "holidays", policy_.holidays);
    read_days(table, "workdays", policy_.workdays);
    table.finish();
  }

  void read_days(PolicyTable& table, std::string_view key, std::vector<std::string>& days) {
    const toml::array* array = table.elements(key, kMaxCalendarDays);
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
      const auto* date = array->get(i)->as_date();
      if (date == nullptr) {
        table.wrong_type(*array->get(i), key, "日期的列表，如 2026-10-01（不加引号）",
                         "a list of dates such as 2026-10-01, without quotation marks");
        continue;
      }
      const toml::date& day = date->get();
      const std::chrono::year_month_day ymd{
          std::chrono::year(day.year), std::chrono::month(day.month), std::chrono::day(day.day)};
      days.push_back(day_text(std::chrono::sys_days(ymd)));
    }
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
  }

  Policy& policy_;
  PolicyLines& lines_;
  PolicyFaults& faults_;
  const PolicySections to_{policy_, lines_, faults_};
};

}  // namespace

Result<std::shared_ptr<const Policy>> parse_policy(std::string_view toml) {
  if (toml.size() > topology::kMaxPolicyBytes) {
    const std::string max = std::to_string(topology::kMaxPolicyBytes);
    return Error{"policy.size", "policy", "规则文件太大，最多 " + max + " 字节。",
                 "the policy is too large: at most " + max + " bytes"};
  }
  auto document = parse_document(toml);
  if (!document) return document.error();
  auto policy = std::make_shared<Policy>();
  PolicyLines lines;
  PolicyFaults faults;
  Reader(*policy, lines, faults).read(*document);
  check_policy(*policy, lines, faults);
  for (const auto& [act, rule] : policy->acts) {
    const std::string path = "acts." + std::string(info(act).name);
    for (const Guard& guard : rule.guards) check_guard(guard, path, {*policy, lines, faults});
  }
  if (!faults.empty()) return faults.error();
  return std::shared_ptr<const Policy>(std::move(policy));
}

}  // namespace yishi::deliberation
