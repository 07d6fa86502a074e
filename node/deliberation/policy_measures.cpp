// [[measures]], [[rates]], [[gaps]], [[minimums]] and [stars] of a policy.
#include <algorithm>
#include <array>

#include "node/deliberation/measure.h"
#include "node/deliberation/policy_sections.h"

namespace yishi::deliberation {

namespace {

constexpr std::int64_t kMaxPoints = 1'000'000;

struct OfName {
  std::string_view name;
  Measure::Of of;
};
constexpr std::array<OfName, 5> kOfs{{{"entries", Measure::Of::kEntries},
                                      {"units", Measure::Of::kUnits},
                                      {"units_with", Measure::Of::kUnitsWith},
                                      {"issues", Measure::Of::kIssues},
                                      {"sessions", Measure::Of::kSessions}}};

class MeasureReader {
 public:
  explicit MeasureReader(const PolicySections& to)
      : to_(to), policy_(to.policy), faults_(to.faults) {}

  void read(PolicyTable& root) {
    root.each("measures", [&](PolicyTable& table) { read_measure(table); });
    root.each("rates", [&](PolicyTable& table) { read_rate(table); });
    root.each("gaps", [&](PolicyTable& table) { read_gap(table); });
    root.each("minimums", [&](PolicyTable& table) { read_minimum(table); });
    const toml::table* stars = root.named("stars");
    if (stars == nullptr) return;
    PolicyTable table(*stars, "stars", faults_);
    read_stars(table);
    table.finish();
  }

 private:
  void add(const PolicyTable& table, std::string rule, const std::string& zh,
           const std::string& en) {
    faults_.add(table.line(), std::move(rule), zh, en);
  }

  const Register* known_register(PolicyTable& table, const std::string& id) {
    const Register* found = policy_.find_register(id);
    if (found != nullptr && found->label.id == id) return found;
    add(table, "policy.register.unknown", "没有登记簿“" + id + "”",
        "there is no register \"" + id + "\"");
    return nullptr;
  }

  // A field of the register, of one of these types; null register: of an issue or session.
  void check_field(PolicyTable& table, const Register* its_register, const std::string& id,
                   std::initializer_list<FieldType> types) {
    if (id.empty()) return;
    if (its_register == nullptr) {
      const auto& names = of_sessions_ ? session_field_names() : issue_field_names();
      if (std::find(names.begin(), names.end(), id) != names.end()) return;
    } else {
      for (const auto& field : its_register->fields) {
        const bool fits =
            types.size() == 0 || std::find(types.begin(), types.end(), field.type) != types.end();
        if (field.label.id == id && fits) return;
      }
    }
    add(table, "policy.measure.field", "没有字段“" + id + "”，或类型不对",
        "there is no field \"" + id + "\", or it has another type");
  }

  std::vector<Condition> read_conditions(PolicyTable& table, std::string_view key,
                                         const Register* its_register) {
    std::vector<Condition> conditions;
    for (const auto& text : table.texts(key)) {
      Condition one = condition_of(text);
      check_field(table, its_register, one.field, {});
      if (one.field.empty()) {
        add(table, "policy.measure.where",
            "条件应写成 字段=值、字段!=值、字段! 或 字段?：“" + text + "”",
            "a condition reads field=value, field!=value, field! or field?: \"" + text + "\"");
      }
      check_options(table, its_register, one);
      conditions.push_back(std::move(one));
    }
    return conditions;
  }

  void check_options(PolicyTable& table, const Register* its_register, const Condition& one) {
    const RegisterField* field = its_register == nullptr ? nullptr : its_register->field(one.field);
    if (field == nullptr || field->type != FieldType::kLabel) return;
    for (const auto& value : one.values) {
      const bool known = std::any_of(field->options.begin(), field->options.end(),
                                     [&](const Label& option) { return option.id == value; });
      if (known) continue;
      add(table, "policy.measure.value", one.field + " 没有选项“" + value + "”",
          one.field + " has no option \"" + value + "\"");
    }
  }

  static Condition condition_of(const std::string& text) {
    Condition one;
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
      if (text.empty() || (text.back() != '!' && text.back() != '?')) return {};
      one.sense = text.back() == '!' ? Condition::Sense::kGiven : Condition::Sense::kAbsent;
      one.field = text.substr(0, text.size() - 1);
      return one;
    }
    const bool negated = equals > 0 && text[equals - 1] == '!';
    one.sense = negated ? Condition::Sense::kIsNot : Condition::Sense::kIs;
    one.field = text.substr(0, negated ? equals - 1 : equals);
    for (std::size_t at = equals + 1; at <= text.size();) {
      const std::size_t end = std::min(text.find('|', at), text.size());
      one.values.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return one;
  }

  void read_level(PolicyTable& table, std::string& level, std::string& kind, bool required) {
    level = table.text("level", required);
    if (!level.empty()) check_level_name(table.line(), level, faults_);
    kind = table.text("kind", false);
  }

  void read_measure(PolicyTable& table) {
    Measure one;
    one.label = read_label(table, to_);
    const std::string of = table.text("of", false);
    const auto* kind =
        std::find_if(kOfs.begin(), kOfs.end(), [&](const OfName& name) { return name.name == of; });
    if (!of.empty() && kind == kOfs.end()) {
      add(table, "policy.measure.of", "不认识的 of“" + of + "”", "unknown of \"" + of + "\"");
    }
    if (kind != kOfs.end()) one.of = kind->of;
    const bool units = one.of == Measure::Of::kUnits || one.of == Measure::Of::kUnitsWith;
    read_level(table, one.level, one.kind, units);
    one.register_id = table.text(
        "register", one.of == Measure::Of::kEntries || one.of == Measure::Of::kUnitsWith);
    const Register* its_register =
        one.register_id.empty() ? nullptr : known_register(table, one.register_id);
    of_sessions_ = one.of == Measure::Of::kSessions;
    const bool blind = !one.register_id.empty() && its_register == nullptr;
    one.date = table.text("date", false);
    one.at = table.text("at", false);
    one.sum = table.text("sum", false);
    one.by = table.text("by", false);
    if (blind) {
      (void)table.texts("where");
    } else {
      one.where = read_conditions(table, "where", its_register);
      check_field(table, its_register, one.date, {FieldType::kDate});
      check_field(table, its_register, one.at, {FieldType::kUnit});
      check_field(table, its_register, one.sum, {FieldType::kNumber});
      if (one.by != "unit.level" && one.by != "unit.kind") {
        check_field(table, its_register, one.by, {});
      }
    }
    if (one.of == Measure::Of::kIssues && one.date.empty()) one.date = "logged";
    if (of_sessions_ && one.date.empty()) one.date = "held";
    policy_.measures.push_back(std::move(one));
  }

  void known_measure(PolicyTable& table, const std::string& id) {
    if (id.empty() || policy_.measure(id) != nullptr) return;
    add(table, "policy.measure.unknown", "没有指标“" + id + "”",
        "there is no measure \"" + id + "\"");
  }

  void read_rate(PolicyTable& table) {
    Rate one;
    one.label = read_label(table, to_);
    one.count = table.text("count", true);
    one.among = table.text("among", true);
    known_measure(table, one.count);
    known_measure(table, one.among);
    one.scale = static_cast<std::uint64_t>(table.number("scale", 1, kMaxPoints).value_or(1));
    policy_.rates.push_back(std::move(one));
  }

  void read_gap(PolicyTable& table) {
    Gap one;
    one.label = read_label(table, to_);
    read_level(table, one.level, one.kind, false);
    one.entries = table.text("entries", false);
    one.register_id = table.text("register", true);
    one.field = table.text("field", !one.entries.empty());
    if (one.entries.empty() == one.level.empty()) {
      add(table, "policy.gap", "缺口须写 level 或 entries 之一",
          "a gap has level or entries, one of them");
    }
    const Register* inside = known_register(table, one.register_id);
    const Register* of = one.entries.empty() ? nullptr : known_register(table, one.entries);
    if (inside != nullptr) {
      const FieldType type = one.entries.empty() ? FieldType::kUnit : FieldType::kEntry;
      check_field(table, inside, one.field, {type});
      one.where = read_conditions(table, "where", inside);
    } else {
      (void)table.texts("where");
    }
    if (of != nullptr) {
      one.of = read_conditions(table, "of", of);
    } else {
      (void)table.texts("of");
    }
    policy_.gaps.push_back(std::move(one));
  }

  void read_minimum(PolicyTable& table) {
    Minimum one;
    one.label = read_label(table, to_);
    read_level(table, one.level, one.kind, true);
    one.measure = table.text("measure", true);
    known_measure(table, one.measure);
    const auto* measure = policy_.measure(one.measure);
    if (measure != nullptr && measure->date.empty()) {
      add(table, "policy.minimum.date", "指标“" + one.measure + "”没有 date，不能按年计算",
          "measure \"" + one.measure + "\" has no date, so it has no year");
    }
    const auto number = table.number("at_least", 1, kMaxPoints);
    if (!number && table.get("at_least") == nullptr) table.missing("at_least");
    one.at_least = static_cast<std::uint64_t>(number.value_or(1));
    policy_.minimums.push_back(std::move(one));
  }

  void read_stars(PolicyTable& table) {
    Stars& stars = policy_.stars;
    stars.levels = table.texts("levels");
    for (const auto& level : stars.levels) check_level_name(table.line(), level, faults_);
    table.each("components", [&](PolicyTable& row) { read_component(row); });
    if (const toml::table* bulletin = table.named("bulletin")) {
      PolicyTable row(*bulletin, "stars.bulletin", faults_);
      read_bulletin(row);
      row.finish();
    }
    table.each("grades", [&](PolicyTable& row) {
      StarGrade one;
      one.label = read_label(row, to_);
      one.stars = static_cast<std::uint64_t>(row.number("stars", 0, 10).value_or(0));
      one.from = static_cast<std::uint64_t>(row.number("from", 0, kMaxPoints).value_or(0));
      stars.grades.push_back(std::move(one));
    });
    std::stable_sort(stars.grades.begin(), stars.grades.end(),
                     [](const StarGrade& a, const StarGrade& b) { return a.from > b.from; });
    if (stars.components.empty() || stars.grades.empty() || stars.levels.empty()) {
      add(table, "policy.stars", "[stars] 须有 levels、components 和 grades",
          "[stars] needs levels, components and grades");
    }
  }

  void read_bulletin(PolicyTable& row) {
    constexpr std::int64_t kMaxStars = 10;
    StarBulletin& one = policy_.stars.bulletin;
    one.register_id = row.text("register", true);
    const Register* book = known_register(row, one.register_id);
    const auto field = [&](std::string_view key, bool required, FieldType type, bool many) {
      const std::string id = row.text(key, required);
      if (book == nullptr || id.empty()) return id;
      check_field(row, book, id, {type});
      const RegisterField* found = book->field(id);
      if (found != nullptr && many && !found->many) {
        add(row, "policy.stars.bulletin", "字段“" + id + "”须是多值的（many = true）",
            "field \"" + id + "\" must take several values (many = true)");
      }
      return id;
    };
    one.date = field("date", true, FieldType::kDate, false);
    one.title = field("title", true, FieldType::kText, false);
    one.text = field("text", true, FieldType::kText, false);
    one.praised = field("praised", false, FieldType::kUnit, true);
    one.urged = field("urged", false, FieldType::kUnit, true);
    const auto stars = [&](std::string_view key) {
      const auto number = row.number(key, 0, kMaxStars);
      if (!number && row.get(key) == nullptr) row.missing(key);
      return static_cast<std::uint64_t>(number.value_or(0));
    };
    one.praised_from = stars("praised_from");
    one.urged_to = stars("urged_to");
    if (one.praised_from <= one.urged_to) {
      add(row, "policy.stars.bulletin", "praised_from 须大于 urged_to",
          "praised_from must be more than urged_to");
    }
  }

  void read_component(PolicyTable& row) {
    StarComponent one;
    one.label = read_label(row, to_);
    one.rate = row.text("rate", false);
    one.measure = row.text("measure", false);
    one.full = static_cast<std::uint64_t>(row.number("full", 1, kMaxPoints).value_or(0));
    one.weight = static_cast<std::uint64_t>(row.number("weight", 1, kMaxPoints).value_or(0));
    if (one.weight == 0) row.missing("weight");
    known_measure(row, one.measure);
    if (!one.rate.empty() && policy_.rate(one.rate) == nullptr) {
      add(row, "policy.rate.unknown", "没有比率“" + one.rate + "”",
          "there is no rate \"" + one.rate + "\"");
    }
    if (one.rate.empty() == one.measure.empty() || one.measure.empty() != (one.full == 0)) {
      add(row, "policy.stars.component", "分项须写 rate，或 measure 和 full",
          "a component has rate, or measure and full");
    }
    policy_.stars.components.push_back(std::move(one));
  }

  const PolicySections& to_;
  bool of_sessions_ = false;  // the measure at hand
  Policy& policy_;
  PolicyFaults& faults_;
};

}  // namespace

void read_measures(PolicyTable& root, const PolicySections& to) { MeasureReader(to).read(root); }

}  // namespace yishi::deliberation
