#include "node/deliberation/policy_document.h"

#include <sstream>

#include "node/deliberation/policy_table.h"

namespace yishi::deliberation {

namespace {

std::string plain_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  std::ostringstream out;
  node.visit([&](const auto& value) {
    if constexpr (!toml::is_table<decltype(value)> && !toml::is_array<decltype(value)>) {
      out << value;
    }
  });
  return out.str();
}

class Flattener {
 public:
  void table(const toml::table& table, const std::string& path) {
    for (const auto& [key, node] : table) {
      add(node, path.empty() ? std::string(key.str()) : path + "." + std::string(key.str()));
    }
  }
  std::map<std::string, std::string> take() { return std::move(entries_); }

 private:
  void add(const toml::node& node, const std::string& path) {
    if (const toml::table* inner = node.as_table()) return table(*inner, path);
    if (const toml::array* list = node.as_array()) return add_list(*list, path);
    entries_[path] = plain_text(node);
  }

  void add_list(const toml::array& list, const std::string& path) {
    if (!list.empty() && list.is_array_of_tables()) {
      for (std::size_t i = 0; i < list.size(); ++i) {
        const toml::table& one = *list.get(i)->as_table();
        const std::string named = path + "." + name_of(one, i);
        const bool fresh = names_.insert(named).second;
        table(one, fresh ? named : path + "." + std::to_string(i + 1));
      }
      return;
    }
    std::string all;
    for (const toml::node& one : list) all += (all.empty() ? "" : ", ") + plain_text(one);
    entries_[path] = "[" + all + "]";
  }

  static std::string name_of(const toml::table& table, std::size_t index) {
    for (const char* key : {"id", "name"}) {
      const auto* name = table.get_as<std::string>(key);
      if (name != nullptr && !name->get().empty()) return name->get();
    }
    return std::to_string(index + 1);
  }

  std::map<std::string, std::string> entries_;
  std::set<std::string> names_;
};

}  // namespace

Result<std::map<std::string, std::string>> policy_entries(std::string_view toml) {
  auto document = parse_document(toml);
  if (!document) return document.error();
  Flattener flattener;
  flattener.table(*document, "");
  return flattener.take();
}

Result<std::vector<PolicyDifference>> policy_difference(std::string_view before,
                                                        std::string_view after) {
  auto old_entries = policy_entries(before);
  if (!old_entries) return old_entries.error();
  auto new_entries = policy_entries(after);
  if (!new_entries) return new_entries.error();
  std::map<std::string, PolicyDifference> found;
  for (const auto& [path, value] : *old_entries) found[path] = {path, value, ""};
  for (const auto& [path, value] : *new_entries) {
    PolicyDifference& one = found[path];
    one.path = path;
    one.after = value;
  }
  std::vector<PolicyDifference> differences;
  for (auto& [path, one] : found) {
    if (one.before != one.after) differences.push_back(std::move(one));
  }
  return differences;
}

}  // namespace yishi::deliberation
