#include "node/http/register_json.h"

#include <algorithm>

#include "node/http/issue_json.h"

namespace yishi::http {
namespace {

using deliberation::FieldType;

std::string_view type_name(FieldType type) {
  switch (type) {
    case FieldType::kText:
      return "text";
    case FieldType::kNumber:
      return "number";
    case FieldType::kDate:
      return "date";
    case FieldType::kLabel:
      return "label";
    case FieldType::kUnit:
      return "unit";
    case FieldType::kEntry:
      return "entry";
    case FieldType::kIssue:
      return "issue";
  }
  return "";
}

Json labels_json(const std::vector<deliberation::Label>& labels) {
  Json out = Json::array();
  for (const auto& one : labels) out.push_back(label_json(one.id, &one));
  return out;
}

Json field_json(const deliberation::RegisterField& field) {
  Json out = label_json(field.label.id, &field.label);
  out["type"] = type_name(field.type);
  out["required"] = field.required;
  out["many"] = field.many;
  out["personal"] = field.personal;
  if (field.type == FieldType::kLabel) out["options"] = labels_json(field.options);
  if (field.type == FieldType::kEntry) out["of"] = field.of;
  return out;
}

// What a value is called, where that is another thing than what it is.
Json words_json(const deliberation::RegisterField& field, const std::string& value,
                const topology::Directory& directory) {
  if (field.type == FieldType::kLabel) {
    return label_json(value, deliberation::find_label(field.options, value));
  }
  const auto code = field.type == FieldType::kUnit ? topology::Code::parse(value)
                                                   : Result<topology::Code>(Error{});
  const auto unit = code ? directory.unit(*code) : std::nullopt;
  const std::string& name = unit ? unit->name : value;
  return {{"id", value}, {"zh", name}, {"en", name}};
}

Json fields_json(const deliberation::FieldValues& fields) {
  Json out = Json::object();
  for (const auto& [id, values] : fields) {
    out[id] = values.size() == 1 ? Json(values.front()) : Json(values);
  }
  return out;
}

Json all_words(const deliberation::Register& its_register, const deliberation::FieldValues& fields,
               const topology::Directory& directory) {
  Json out = Json::object();
  for (const auto& field : its_register.fields) {
    const bool named = field.type == FieldType::kLabel || field.type == FieldType::kUnit;
    const auto values = fields.find(field.label.id);
    if (!named || values == fields.end()) continue;
    Json list = Json::array();
    for (const auto& value : values->second) list.push_back(words_json(field, value, directory));
    out[field.label.id] = std::move(list);
  }
  return out;
}

}  // namespace

Json register_json(const deliberation::Register& its_register) {
  Json out = label_json(its_register.label.id, &its_register.label);
  out["levels"] = its_register.levels;
  out["by"] = Json::array();
  if (its_register.by_own) out["by"].push_back("own");
  if (its_register.by_above) out["by"].push_back("above");
  out["below"] = its_register.below;
  out["key"] = its_register.key;
  out["fields"] = Json::array();
  for (const auto& field : its_register.fields) out["fields"].push_back(field_json(field));
  return out;
}

Json entry_name_json(const deliberation::EntryName& name, const topology::Directory& directory) {
  if (name.register_id.empty()) return {{"issue", name.key}};
  return {
      {"register", name.register_id}, {"unit", unit_json(directory, name.unit)}, {"key", name.key}};
}

Json entry_json(const store::RegisterEntry& entry, const deliberation::World& world, bool full) {
  const auto& directory = world.directory();
  const auto policy = world.policy_at(directory.latest());
  const auto* known = policy ? policy->find_register(entry.name.register_id) : nullptr;
  auto fields = entry.body.fields;
  if (known != nullptr && !full) fields = masked_fields(*known, std::move(fields));
  Json out = entry_name_json(entry.name, directory);
  out["fields"] = fields_json(fields);
  out["words"] = known == nullptr ? Json::object() : all_words(*known, fields, directory);
  out["written_by"] = unit_json(directory, entry.body.unit);
  out["by"] = entry.body.by;
  out["time"] = times(entry.time_ms);
  out["revision"] = entry.body.revision;
  if (entry.withdrawn) out["withdrawn"] = true;
  if (!entry.body.reason.empty()) out["reason"] = entry.body.reason;
  return out;
}

}  // namespace yishi::http
