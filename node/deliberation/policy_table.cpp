#include "node/deliberation/policy_table.h"

#include <algorithm>

#include "node/deliberation/act.h"
#include "topology/change.h"

namespace yishi::deliberation {

namespace {

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxPolicyIdBytes &&
         std::all_of(text.begin(), text.end(), [](char one) {
           return (one >= 'a' && one <= 'z') || (one >= '0' && one <= '9') || one == '_';
         });
}

}  // namespace

// A table that only has sub-tables stands nowhere itself: the document's first line then.
std::uint32_t line_of(const toml::node& node) {
  return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(node.source().begin.line));
}

const toml::node* PolicyTable::get(std::string_view key) {
  known_.insert(std::string(key));
  return table_.get(key);
}

std::string PolicyTable::text(std::string_view key, bool required) {
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

std::string PolicyTable::id(std::string_view key) {
  std::string value = text(key, true);
  if (!value.empty() && !is_id(value)) {
    add(*table_.get(key), "policy.id", "标识只用小写字母、数字和下划线：“" + value + "”",
        "an id has lower-case letters, digits and _ only: \"" + value + "\"");
  }
  return value;
}

bool PolicyTable::flag(std::string_view key) {
  const toml::node* node = get(key);
  if (node == nullptr) return false;
  const auto* value = node->as_boolean();
  if (value == nullptr) wrong_type(*node, key, "true 或 false", "true or false");
  return value != nullptr && value->get();
}

std::optional<std::int64_t> PolicyTable::number(std::string_view key, std::int64_t min,
                                                std::int64_t max) {
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

std::vector<std::string> PolicyTable::texts(std::string_view key) {
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

const toml::array* PolicyTable::elements(std::string_view key, std::size_t max) {
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

const toml::table* PolicyTable::named(std::string_view key) {
  const toml::node* node = get(key);
  if (node == nullptr) return nullptr;
  if (const toml::table* table = node->as_table()) return table;
  wrong_type(*node, key, "表", "a table");
  return nullptr;
}

void PolicyTable::finish() {
  for (const auto& [key, node] : table_) {
    if (known_.contains(std::string(key.str()))) continue;
    faults_.add(static_cast<std::uint32_t>(key.source().begin.line), "policy.key.unknown",
                "不认识的键 " + name(key.str()), "unknown key " + name(key.str()));
  }
}

void PolicyTable::missing(std::string_view key) {
  faults_.add(line(), "policy.key.missing", "缺少 " + name(key), name(key) + " is missing");
}

void PolicyTable::add(const toml::node& node, std::string rule, std::string zh, std::string en) {
  faults_.add(line_of(node), std::move(rule), std::move(zh), std::move(en));
}

void PolicyTable::wrong_type(const toml::node& node, std::string_view key, std::string_view zh,
                             std::string_view en) {
  add(node, "policy.type", name(key) + " 应为" + std::string(zh),
      name(key) + " must be " + std::string(en));
}

std::string PolicyTable::name(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

Result<toml::table> parse_document(std::string_view text) {
  if (text.size() > topology::kMaxPolicyBytes) {
    const std::string max = std::to_string(topology::kMaxPolicyBytes);
    return Error{"policy.size", "policy", "规则文件太大，最多 " + max + " 字节。",
                 "the policy is too large: at most " + max + " bytes"};
  }
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

}  // namespace yishi::deliberation
