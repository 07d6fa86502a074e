#include "node/deliberation/register.h"

#include <algorithm>
#include <charconv>

#include "node/deliberation/register_values.h"
#include "node/deliberation/rules.h"

namespace yishi::deliberation {

namespace {

Error field_error(const RegisterField& field, const std::string& zh, const std::string& en) {
  return broken("register.field", field.label.id, field.label.zh + "：" + zh,
                field.label.en + ": " + en);
}

Status judge_place(const Register& its_register, const RegisterFact& fact,
                   const topology::Directory& directory) {
  const auto unit = directory.unit(fact.subject, fact.topology);
  if (!unit) {
    return broken("register.unit", "unit", "没有单位 " + fact.subject.text() + "。",
                  "there is no unit " + fact.subject.text());
  }
  const auto& levels = its_register.levels;
  if (!levels.empty() && std::find(levels.begin(), levels.end(), unit->level) == levels.end()) {
    return broken(
        "register.level", "unit", unit->name + " 这一级不设“" + its_register.label.zh + "”。",
        "the level of " + unit->name + " keeps no register \"" + its_register.label.en + "\"");
  }
  const bool own = fact.body.unit == fact.subject;
  const bool allowed =
      own ? its_register.by_own
          : its_register.by_above && directory.inside(fact.subject, fact.body.unit, fact.topology);
  if (allowed) return {};
  return broken("register.writer", "unit",
                "“" + its_register.label.zh + "”不由 " + fact.body.unit.text() + " 为 " +
                    fact.subject.text() + " 登记。",
                "\"" + its_register.label.en + "\" of " + fact.subject.text() +
                    " is not written by " + fact.body.unit.text());
}

Status judge_values(const Register& its_register, const FieldValues& fields) {
  for (const auto& [id, values] : fields) {
    const auto field = std::find_if(its_register.fields.begin(), its_register.fields.end(),
                                    [&](const auto& one) { return one.label.id == id; });
    if (field == its_register.fields.end()) {
      return broken("register.field", id, "“" + its_register.label.zh + "”没有字段 " + id + "。",
                    "\"" + its_register.label.en + "\" has no field " + id);
    }
    if (values.size() > 1 && !field->many)
      return field_error(*field, "只能有一个值", "has one value");
    for (const auto& value : values) {
      if (!is_canonical(*field, value)) {
        return field_error(*field, "“" + value + "”不是" + type_words(*field, true),
                           "\"" + value + "\" is not " + type_words(*field, false));
      }
    }
  }
  for (const auto& field : its_register.fields) {
    if (field.required && !fields.contains(field.label.id)) {
      return field_error(field, "必须填写", "must be given");
    }
  }
  return {};
}

Status judge_key(const Register& its_register, const RegisterFact& fact) {
  const std::string& key = fact.body.key;
  if (key.empty() || key.find_first_of("\r\n") != std::string::npos ||
      (!fact.withdrawn && key != register_key(its_register, fact.body.fields))) {
    return broken("register.key", "key", "条目的键与其字段不符。",
                  "the entry's key is not that of its fields");
  }
  if (fact.body.revision >= 1) return {};
  return broken("register.revision", "rev", "条目的修订号有误。", "the revision is wrong");
}

// Several values typed into one cell: "协商议事；接待群众".
std::vector<std::string> split_values(const std::vector<std::string>& typed) {
  constexpr std::string_view kWide = "；";
  std::vector<std::string> values;
  for (std::string text : typed) {
    for (auto at = text.find(kWide); at != std::string::npos; at = text.find(kWide)) {
      text.replace(at, kWide.size(), ";");
    }
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find(';', at), text.size());
      if (text.find_first_not_of(' ', at) < end) values.push_back(text.substr(at, end - at));
      at = end + 1;
    }
  }
  return values;
}

std::shared_ptr<const Policy> newest_policy(const World& world) {
  return world.policy_at(world.directory().latest());
}

Error no_policy_now() {
  return broken("policy.none", "policy", "还没有有效的规则。", "no valid policy is set");
}

Error no_register(const std::string& name) {
  return broken("register.unknown", "register", "规则中没有登记簿“" + name + "”。",
                "the policy has no register \"" + name + "\"");
}

// What judge_register will say of it, but for the signature.
Status judge_draft(const Register& its_register, const RegisterDraft& draft, const World& world,
                   const topology::Code& here) {
  RegisterFact fact;
  fact.topology = world.directory().latest();
  fact.subject = draft.subject;
  fact.withdrawn = draft.kind == kRegisterWithdrawn;
  fact.body = draft.body;
  if (world.directory().keeper_of(draft.body.unit) != here) {
    return broken("act.keeper", "unit", "本节点不能以 " + draft.body.unit.text() + " 的名义登记。",
                  "this node does not keep " + draft.body.unit.text());
  }
  if (Status one = judge_place(its_register, fact, world.directory()); !one) return one;
  if (!fact.withdrawn) {
    if (Status one = judge_values(its_register, fact.body.fields); !one) return one;
  }
  return judge_key(its_register, fact);
}

}  // namespace

Status judge_register(const RegisterFact& fact, const World& world) {
  const auto& directory = world.directory();
  const Speech speech{fact.author, fact.sequence, fact.topology, fact.body.unit};
  if (Status one = judge_speaker(speech, directory); !one) return one;
  const auto policy = world.policy_at(fact.topology);
  if (!policy) return no_policy_now();
  const Register* its_register = policy->find_register(fact.body.register_id);
  if (its_register == nullptr || its_register->label.id != fact.body.register_id) {
    return no_register(fact.body.register_id);
  }
  if (Status one = judge_place(*its_register, fact, directory); !one) return one;
  if (!fact.withdrawn) {
    if (Status one = judge_values(*its_register, fact.body.fields); !one) return one;
  }
  return judge_key(*its_register, fact);
}

RegisterReach reach_of(const RegisterFact& fact, const World& world, bool valid) {
  RegisterReach reach;
  reach.units.push_back(fact.subject);
  const auto policy = world.policy_at(fact.topology);
  const Register* its_register = policy ? policy->find_register(fact.body.register_id) : nullptr;
  if (!valid || its_register == nullptr) return reach;
  reach.below = its_register->below;
  for (const auto& field : its_register->fields) {
    const auto values = fact.body.fields.find(field.label.id);
    if (field.type != FieldType::kUnit || values == fact.body.fields.end()) continue;
    for (const auto& value : values->second) {
      if (auto code = topology::Code::parse(value)) reach.units.push_back(std::move(*code));
    }
  }
  return reach;
}

std::optional<std::pair<topology::Code, std::string>> parse_entry_reference(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash + 1 == text.size()) return std::nullopt;
  auto code = topology::Code::parse(text.substr(0, slash));
  if (!code) return std::nullopt;
  return std::pair(std::move(*code), std::string(text.substr(slash + 1)));
}

std::vector<EntryName> references_of(const Register& its_register, const FieldValues& fields) {
  std::vector<EntryName> names;
  for (const auto& field : its_register.fields) {
    const auto values = fields.find(field.label.id);
    if (values == fields.end()) continue;
    for (const auto& value : values->second) {
      if (field.type == FieldType::kIssue) names.push_back({{}, {}, value});
      if (field.type != FieldType::kEntry) continue;
      if (auto parts = parse_entry_reference(value)) {
        names.push_back({field.of, std::move(parts->first), std::move(parts->second)});
      }
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string register_key(const Register& its_register, const FieldValues& fields) {
  std::string key;
  for (const auto& id : its_register.key) {
    const auto values = fields.find(id);
    if (values == fields.end()) return {};
    for (const auto& value : values->second) key += (key.empty() ? "" : " ") + value;
  }
  return key.size() <= kMaxEntryKeyBytes ? key : std::string();
}

Result<RegisterDraft> make_register_put(const topology::Code& subject, RegisterBody body,
                                        const World& world, const topology::Code& here) {
  const auto policy = newest_policy(world);
  if (!policy) return no_policy_now();
  const Register* its_register = policy->find_register(body.register_id);
  if (its_register == nullptr) return no_register(body.register_id);
  body.register_id = its_register->label.id;
  FieldValues fields;
  for (auto& [name, values] : body.fields) {
    const RegisterField* field = its_register->field(name);
    if (field == nullptr) {
      return broken("register.field", name,
                    "“" + its_register->label.zh + "”没有字段 " + name + "。",
                    "\"" + its_register->label.en + "\" has no field " + name);
    }
    auto& out = fields[field->label.id];
    for (const auto& value : field->many ? split_values(values) : values) {
      auto canonical = canonical_value(*field, value, subject);
      if (canonical.empty()) {
        return field_error(*field, "“" + value + "”不是" + type_words(*field, true),
                           "\"" + value + "\" is not " + type_words(*field, false));
      }
      out.push_back(std::move(canonical));
    }
    if (out.empty()) fields.erase(field->label.id);
  }
  body.fields = std::move(fields);
  const std::string key = register_key(*its_register, body.fields);
  if (!key.empty()) body.key = key;
  RegisterDraft draft{std::string(kRegisterPut), subject, std::move(body)};
  if (Status one = judge_draft(*its_register, draft, world, here); !one) return one.error();
  return draft;
}

Result<RegisterDraft> make_register_withdrawal(const topology::Code& subject, RegisterBody body,
                                               const World& world, const topology::Code& here) {
  const auto policy = newest_policy(world);
  if (!policy) return no_policy_now();
  const Register* its_register = policy->find_register(body.register_id);
  if (its_register == nullptr) return no_register(body.register_id);
  body.register_id = its_register->label.id;
  body.fields.clear();
  RegisterDraft draft{std::string(kRegisterWithdrawn), subject, std::move(body)};
  if (Status one = judge_draft(*its_register, draft, world, here); !one) return one.error();
  return draft;
}

}  // namespace yishi::deliberation
