// [[registers]] of a policy.
#include <algorithm>
#include <array>

#include "node/deliberation/policy_sections.h"
#include "node/deliberation/register.h"
#include "topology/unit.h"

namespace yishi::deliberation {

std::vector<Label> read_options(PolicyTable& table, std::string_view key,
                                const PolicySections& to) {
  std::vector<Label> labels;
  PolicyLines lines;
  const PolicySections apart{to.policy, lines, to.faults};
  table.each(key, [&](PolicyTable& one) { labels.push_back(read_label(one, apart)); });
  return labels;
}

bool check_level_name(std::uint32_t line, const std::string& level, PolicyFaults& faults) {
  if (topology::find_level(level) != nullptr) return true;
  faults.add(line, "policy.level.unknown", "不认识的层级“" + level + "”",
             "unknown level \"" + level + "\"");
  return false;
}

namespace {

struct TypeName {
  std::string_view name;
  FieldType type;
};
constexpr std::array<TypeName, 7> kTypes{{{"text", FieldType::kText},
                                          {"number", FieldType::kNumber},
                                          {"date", FieldType::kDate},
                                          {"label", FieldType::kLabel},
                                          {"unit", FieldType::kUnit},
                                          {"entry", FieldType::kEntry},
                                          {"issue", FieldType::kIssue}}};

class RegisterReader {
 public:
  explicit RegisterReader(const PolicySections& to)
      : to_(to), policy_(to.policy), lines_(to.lines), faults_(to.faults) {}

  void read(PolicyTable& root) {
    root.each("registers", [&](PolicyTable& table) {
      Register one;
      one.label = read_label(table, to_);
      one.levels = table.texts("levels");
      for (const auto& level : one.levels) check_level_name(table.line(), level, faults_);
      read_writers(table, one);
      one.below = table.flag("below");
      read_fields(table, one);
      one.key = table.texts("key");
      check_key(table, one);
      policy_.registers.push_back(std::move(one));
    });
    if (policy_.registers.size() > kMaxRegisters) {
      faults_.add(1, "policy.count", "登记簿过多", "too many registers");
    }
    for (const auto& one : policy_.registers) check_entries(one);
  }

 private:
  void read_writers(PolicyTable& table, Register& one) {
    if (table.get("by") == nullptr) return;
    one.by_own = false;
    for (const auto& writer : table.texts("by")) {
      one.by_own = one.by_own || writer == "own";
      one.by_above = one.by_above || writer == "above";
      if (writer == "own" || writer == "above") continue;
      faults_.add(table.line(), "policy.register.by", "by 只能是 own、above：“" + writer + "”",
                  "by has own and above only: \"" + writer + "\"");
    }
    if (one.by_own || one.by_above) return;
    faults_.add(table.line(), "policy.register.by", "没有人可以写“" + one.label.id + "”",
                "nobody may write \"" + one.label.id + "\"");
  }

  void read_fields(PolicyTable& table, Register& one) {
    PolicyLines lines;
    const PolicySections apart{policy_, lines, faults_};
    table.each("fields", [&](PolicyTable& row) {
      RegisterField field;
      field.label = read_label(row, apart);
      field.required = row.flag("required");
      field.many = row.flag("many");
      field.personal = row.flag("personal");
      read_type(row, field);
      one.fields.push_back(std::move(field));
    });
    if (!one.fields.empty() && one.fields.size() <= kMaxRegisterFields) return;
    faults_.add(table.line(), "policy.register.fields", "“" + one.label.id + "”没有字段，或过多",
                "\"" + one.label.id + "\" has no fields, or too many");
  }

  void read_type(PolicyTable& row, RegisterField& field) {
    const std::string name = row.text("type", false);
    const auto* type = std::find_if(kTypes.begin(), kTypes.end(),
                                    [&](const TypeName& one) { return one.name == name; });
    if (!name.empty() && type == kTypes.end()) {
      faults_.add(row.line(), "policy.register.type", "不认识的字段类型“" + name + "”",
                  "unknown type of field \"" + name + "\"");
    }
    if (type != kTypes.end()) field.type = type->type;
    field.options = read_options(row, "options", to_);
    field.of = row.text("of", field.type == FieldType::kEntry);
    if ((field.type == FieldType::kLabel) == field.options.empty()) {
      faults_.add(row.line(), "policy.register.options",
                  field.label.id + "：只有 label 类型有 options，也必须有",
                  field.label.id + ": label fields have options, others have none");
    }
  }

  void check_key(PolicyTable& table, const Register& one) {
    if (one.key.empty()) table.missing("key");
    for (const auto& id : one.key) {
      const RegisterField* field = one.field(id);
      const bool good = field != nullptr && field->label.id == id && field->required &&
                        !field->many && !field->personal;
      if (good) continue;
      faults_.add(
          table.line(), "policy.register.key",
          "key 的字段“" + id + "”应当存在、必填、单值、不涉及个人信息",
          "the key's field \"" + id + "\" must exist, be required, single and not personal");
    }
  }

  void check_entries(const Register& one) {
    for (const auto& field : one.fields) {
      if (field.type != FieldType::kEntry) continue;
      const Register* target = policy_.find_register(field.of);
      if (target != nullptr && target->label.id == field.of) continue;
      faults_.add(lines_.of("registers." + one.label.id), "policy.register.unknown",
                  field.label.id + " 提到不存在的登记簿“" + field.of + "”",
                  field.label.id + " names a register that does not exist: \"" + field.of + "\"");
    }
  }

  const PolicySections& to_;
  Policy& policy_;
  PolicyLines& lines_;
  PolicyFaults& faults_;
};

}  // namespace

void read_registers(PolicyTable& root, const PolicySections& to) { RegisterReader(to).read(root); }

}  // namespace yishi::deliberation
