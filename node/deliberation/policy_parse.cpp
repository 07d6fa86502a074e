// Reading a policy from TOML. The only file that knows toml++. The format stands in the
// folder's README; here every key is read once, and what is left over is refused.
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "node/deliberation/calendar.h"
#include "node/deliberation/policy_faults.h"
#include "topology/change.h"

namespace yishi::deliberation {

namespace {

constexpr std::size_t kMaxLabels = 256;        // of one list
constexpr std::size_t kMaxPolicyIdBytes = 32;  // of a stage, category …
constexpr std::int64_t kMaxShare = 1000;       // numerator and denominator of a share
constexpr std::int64_t kMaxDays = 366;         // working days to accept
constexpr std::size_t kMaxCalendarDays = 4000;

// A table that only has sub-tables stands nowhere itself: the document's first line then.
std::uint32_t line_of(const toml::node& node) {
  return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(node.source().begin.line));
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxPolicyIdBytes &&
         std::all_of(text.begin(), text.end(), [](char one) {
           return (one >= 'a' && one <= 'z') || (one >= '0' && one <= '9') || one == '_';
         });
}

// One table of the document. Remembers which keys were asked for; finish() refuses the rest.
class Table {
 public:
  Table(const toml::table& table, std::string path, PolicyFaults& faults)
      : table_(table), path_(std::move(path)), faults_(faults) {}

  std::uint32_t line() const { return line_of(table_); }
  const std::string& path() const { return path_; }

  const toml::node* get(std::string_view key) {
    known_.insert(std::string(key));
    return table_.get(key);
  }

  std::string text(std::string_view key, bool required) {
    const toml::node* node = get(key);
    if (node == nullptr) {
      if (required) missing(key);
      return {};
    }
    const auto* value = node->as_string();
    if (value == nullptr) {
      wrong_type(*node, key, "文本", "text");
      return {};
    }
    if (value->get().size() > kMaxShortBytes) {
      add(*node, "policy.long", name(key) + " 太长", name(key) + " is too long");
      return {};
    }
    return value->get();
  }

  std::string id(std::string_view key) {
    std::string value = text(key, true);
    if (!value.empty() && !is_id(value)) {
      add(*table_.get(key), "policy.id", "标识只用小写字母、数字和下划线：“" + value + "”",
          "an id has lower-case letters, digits and _ only: \"" + value + "\"");
    }
    return value;
  }

  bool flag(std::string_view key) {
    const toml::node* node = get(key);
    if (node == nullptr) return false;
    const auto* value = node->as_boolean();
    if (value == nullptr) wrong_type(*node, key, "true 或 false", "true or false");
    return value != nullptr && value->get();
  }

  std::optional<std::int64_t> number(std::string_view key, std::int64_t min, std::int64_t max) {
    const toml::node* node = get(key);
    if (node == nullptr) return std::nullopt;
    const auto* value = node->as_integer();
    if (value == nullptr) {
      wrong_type(*node, key, "整数", "a whole number");
      return std::nullopt;
    }
    if (value->get() < min || value->get() > max) {
      const std::string range = std::to_string(min) + "…" + std::to_string(max);
      add(*node, "policy.range", name(key) + " 应在 " + range + " 之间",
          name(key) + " must be within " + range);
      return std::nullopt;
    }
    return value->get();
  }

  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> values;
    const toml::array* array = elements(key, kMaxLabels);
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
      const auto* value = array->get(i)->as_string();
      if (value == nullptr) {
        wrong_type(*array->get(i), key, "文本的列表", "a list of texts");
        return {};
      }
      values.push_back(value->get());
    }
    return values;
  }

  const toml::array* elements(std::string_view key, std::size_t max) {
    const toml::node* node = get(key);
    if (node == nullptr) return nullptr;
    const toml::array* array = node->as_array();
    if (array == nullptr) {
      wrong_type(*node, key, "列表", "a list");
      return nullptr;
    }
    if (array->size() <= max) return array;
    add(*node, "policy.count", name(key) + " 的项数过多", name(key) + " has too many elements");
    return nullptr;
  }

  // Each table of a list of tables ([[stages]]).
  template <class Read>
  void each(std::string_view key, Read read) {
    const toml::array* array = elements(key, kMaxLabels);
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
      const toml::table* one = array->get(i)->as_table();
      if (one == nullptr) {
        wrong_type(*array->get(i), key, "表", "a table");
        return;
      }
      Table table(*one, std::string(key), faults_);
      read(table);
      table.finish();
    }
  }

  // The table under a key; its keys are names of the document's author.
  const toml::table* named(std::string_view key) {
    const toml::node* node = get(key);
    if (node == nullptr) return nullptr;
    if (const toml::table* table = node->as_table()) return table;
    wrong_type(*node, key, "表", "a table");
    return nullptr;
  }

  void finish() {
    for (const auto& [key, node] : table_) {
      if (known_.contains(std::string(key.str()))) continue;
      faults_.add(static_cast<std::uint32_t>(key.source().begin.line), "policy.key.unknown",
                  "不认识的键 " + name(key.str()), "unknown key " + name(key.str()));
    }
  }

  void missing(std::string_view key) {
    faults_.add(line(), "policy.key.missing", "缺少 " + name(key), name(key) + " is missing");
  }
  void add(const toml::node& node, std::string rule, std::string zh, std::string en) {
    faults_.add(line_of(node), std::move(rule), std::move(zh), std::move(en));
  }
  void wrong_type(const toml::node& node, std::string_view key, std::string_view zh,
                  std::string_view en) {
    add(node, "policy.type", name(key) + " 应为" + std::string(zh),
        name(key) + " must be " + std::string(en));
  }

 private:
  std::string name(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
  }

  const toml::table& table_;
  std::string path_;
  PolicyFaults& faults_;
  std::set<std::string> known_;
};

class Reader {
 public:
  Reader(Policy& policy, PolicyLines& lines, PolicyFaults& faults)
      : policy_(policy), lines_(lines), faults_(faults) {}

  void read(const toml::table& document) {
    Table root(document, "", faults_);
    policy_.label = {root.id("id"), root.text("zh", true), root.text("en", true)};
    read_labels(root, "categories", policy_.categories);
    read_labels(root, "sources", policy_.sources);
    read_labels(root, "forms", policy_.forms);
    read_labels(root, "outcomes", policy_.outcomes);
    read_labels(root, "parties", policy_.parties);
    read_results(root);
    read_stages(root);
    read_acts(root);
    read_authority(root);
    read_organs(root);
    read_upper_approvals(root);
    read_filing(root);
    read_accept_days(root);
    read_calendar(root);
    root.finish();
  }

 private:
  Label read_label(Table& table) {
    Label label{table.id("id"), table.text("zh", true), table.text("en", true)};
    const std::string path = table.path() + "." + label.id;
    if (!label.id.empty() && lines_.has(path)) {
      faults_.add(table.line(), "policy.duplicate", "“" + label.id + "”重复",
                  "\"" + label.id + "\" occurs twice");
    }
    lines_.set(path, table.line());
    return label;
  }

  void read_labels(Table& root, std::string_view key, std::vector<Label>& labels) {
    root.each(key, [&](Table& table) { labels.push_back(read_label(table)); });
  }

  void read_results(Table& root) {
    root.each("results", [&](Table& table) {
      const Label label = read_label(table);
      policy_.results.push_back(label);
      policy_.closings[label.id] = {table.flag("reason"), table.texts("from")};
    });
  }

  void read_stages(Table& root) {
    root.each("stages", [&](Table& table) {
      Stage stage;
      stage.label = read_label(table);
      stage.end = table.flag("end");
      stage.waiting = table.flag("waiting");
      policy_.stages.push_back(std::move(stage));
    });
  }

  // Each named table in a table of tables ([acts.close], [authority.village]).
  template <class Read>
  void each_named(Table& root, std::string_view key, Read read) {
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
      Table table(*one, path, faults_);
      read(std::string(name.str()), table);
      table.finish();
    }
  }

  void read_acts(Table& root) {
    each_named(root, "acts", [&](const std::string& name, Table& table) {
      ActRule rule;
      rule.from = table.texts("from");
      rule.to = table.text("to", false);
      table.each("guards", [&](Table& guard) { rule.guards.push_back(read_guard(guard)); });
      const ActInfo* act = find_act(name);
      if (act == nullptr) {
        faults_.add(lines_.of(table.path()), "policy.act.unknown", "不认识的操作“" + name + "”",
                    "unknown act \"" + name + "\"");
        return;
      }
      policy_.acts[act->act] = std::move(rule);
    });
  }

  Guard read_guard(Table& table) {
    Guard guard;
    guard.name = table.text("name", true);
    guard.soft = table.flag("soft");
    guard.words_zh = table.text("zh", false);
    guard.words_en = table.text("en", false);
    const auto& known = guard_names();
    if (!guard.name.empty() && std::find(known.begin(), known.end(), guard.name) == known.end()) {
      faults_.add(table.line(), "policy.guard.unknown", "不认识的条件“" + guard.name + "”",
                  "unknown guard \"" + guard.name + "\"");
    }
    const std::string share = table.text("share", guard.name == "mass_share");
    if (!share.empty()) read_share(table, share, guard);
    return guard;
  }

  void read_share(Table& table, const std::string& text, Guard& guard) {
    std::int64_t numerator = 0;
    std::int64_t denominator = 0;
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, numerator);
    const bool slash = first.ec == std::errc() && first.ptr != end && *first.ptr == '/';
    const auto second = slash ? std::from_chars(first.ptr + 1, end, denominator) : first;
    if (!slash || second.ec != std::errc() || second.ptr != end || denominator < 1 ||
        numerator < 0 || denominator > kMaxShare) {
      faults_.add(table.line(), "policy.share", "比例应写成“2/3”这样的分数：“" + text + "”",
                  "a share is written as a fraction such as 2/3: \"" + text + "\"");
      return;
    }
    if (numerator > denominator) {
      faults_.add(table.line(), "policy.share.above_one", "比例不能大于 1：“" + text + "”",
                  "a share cannot be above one: \"" + text + "\"");
      return;
    }
    guard.numerator = static_cast<std::uint64_t>(numerator);
    guard.denominator = static_cast<std::uint64_t>(denominator);
  }

  std::optional<std::int64_t> read_yuan(Table& table, std::string_view key) {
    const auto yuan = table.number(key, 0, kMaxBudgetFen / kFenPerYuan);
    if (!yuan) return std::nullopt;
    return *yuan * kFenPerYuan;
  }

  void read_authority(Table& root) {
    each_named(root, "authority", [&](const std::string& level, Table& table) {
      Authority authority;
      authority.budget_max_fen = read_yuan(table, "budget_max_yuan");
      authority.every_category = table.get("categories") == nullptr;
      authority.categories = table.texts("categories");
      authority.excluded = table.texts("excluded");
      policy_.authority[level] = std::move(authority);
    });
  }

  void read_organs(Table& root) {
    each_named(root, "organs", [&](const std::string& level, Table& table) {
      policy_.organs[level] = {level, table.text("zh", true), table.text("en", true)};
    });
  }

  void read_upper_approvals(Table& root) {
    std::size_t number = 0;
    root.each("upper_approvals", [&](Table& table) {
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

  void read_filing(Table& root) {
    const toml::table* filing = root.named("filing");
    if (filing == nullptr) return;
    Table table(*filing, "filing", faults_);
    for (const auto& [level, node] : *filing) {
      lines_.set("filing." + std::string(level.str()), line_of(node));
      policy_.filing[std::string(level.str())] = table.text(level.str(), true);
    }
  }

  void read_accept_days(Table& root) {
    const toml::table* days = root.named("accept_days");
    if (days == nullptr) return;
    Table table(*days, "accept_days", faults_);
    for (const auto& [level, node] : *days) {
      lines_.set("accept_days." + std::string(level.str()), line_of(node));
      const auto number = table.number(level.str(), 0, kMaxDays);
      if (number) {
        policy_.accept_days[std::string(level.str())] = static_cast<std::uint32_t>(*number);
      }
    }
  }

  void read_calendar(Table& root) {
    const toml::table* calendar = root.named("calendar");
    if (calendar == nullptr) return;
    Table table(*calendar, "calendar", faults_);
    read_days(table, "holidays", policy_.holidays);
    read_days(table, "workdays", policy_.workdays);
    table.finish();
  }

  void read_days(Table& table, std::string_view key, std::vector<std::string>& days) {
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
};

Result<toml::table> parse_document(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& fault) {
    PolicyFaults faults;
    const std::string words(fault.description());
    faults.add(static_cast<std::uint32_t>(fault.source().begin.line), "policy.toml",
               "不是有效的 TOML：" + words, "not valid TOML: " + words);
    return faults.error();
  }
}

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
  if (!faults.empty()) return faults.error();
  return std::shared_ptr<const Policy>(std::move(policy));
}

}  // namespace yishi::deliberation
