// The document of a policy while it is read: each key is asked for once, with its type and its
// limits, and what is left over is refused. Inside this folder only; with policy_document, the only
// place that knows toml++.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "node/deliberation/policy_faults.h"

namespace yishi::deliberation {

inline constexpr std::size_t kMaxLabels = 256;        // of one list
inline constexpr std::size_t kMaxPolicyIdBytes = 32;  // of a stage, category …

// Rules "policy.size", "policy.toml".
Result<toml::table> parse_document(std::string_view text);
std::uint32_t line_of(const toml::node& node);

// One table of the document. Remembers which keys were asked for; finish() refuses the rest.
// Faults are added to those given; what is wrong reads as absent.
class PolicyTable {
 public:
  PolicyTable(const toml::table& table, std::string path, PolicyFaults& faults)
      : table_(table), path_(std::move(path)), faults_(faults) {}

  std::uint32_t line() const { return line_of(table_); }
  const std::string& path() const { return path_; }

  const toml::node* get(std::string_view key);
  std::string text(std::string_view key, bool required);
  std::string id(std::string_view key);
  bool flag(std::string_view key);
  std::optional<std::int64_t> number(std::string_view key, std::int64_t min, std::int64_t max);
  std::vector<std::string> texts(std::string_view key);
  const toml::array* elements(std::string_view key, std::size_t max);
  // The table under a key; its keys are names of the document's author.
  const toml::table* named(std::string_view key);
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
      PolicyTable table(*one, std::string(key), faults_);
      read(table);
      table.finish();
    }
  }
  void finish();

  void missing(std::string_view key);
  void add(const toml::node& node, std::string rule, std::string zh, std::string en);
  void wrong_type(const toml::node& node, std::string_view key, std::string_view zh,
                  std::string_view en);

 private:
  std::string name(std::string_view key) const;

  const toml::table& table_;
  std::string path_;
  PolicyFaults& faults_;
  std::set<std::string> known_;
};

}  // namespace yishi::deliberation
