// What is wrong with a policy document, each with its line. Inside this folder only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "node/deliberation/policy.h"

namespace yishi::deliberation {

inline constexpr std::size_t kMaxPolicyFaults = 50;  // shown; the rest is counted

class PolicyFaults {
 public:
  void add(std::uint32_t line, std::string rule, std::string zh, std::string en);
  bool empty() const { return faults_.empty(); }
  // All of them in the order of their lines; rule and field are those of the first.
  Error error() const;

 private:
  struct Fault {
    std::uint32_t line = 0;
    std::string rule, zh, en;
  };
  std::vector<Fault> faults_;
};

// Where the parts of a policy stand in its document, by path: "stages.logged", "acts.close".
class PolicyLines {
 public:
  void set(const std::string& path, std::uint32_t line) { lines_.emplace(path, line); }
  std::uint32_t of(const std::string& path) const {
    const auto found = lines_.find(path);
    return found == lines_.end() ? 1 : found->second;  // 1: the document as a whole
  }
  bool has(const std::string& path) const { return lines_.contains(path); }

 private:
  std::map<std::string, std::uint32_t> lines_;
};

// What can only be seen when the whole is there: names that nothing defines, stages that
// nothing reaches, categories that nobody may decide. policy_check.cpp
void check_policy(const Policy& policy, const PolicyLines& lines, PolicyFaults& faults);

// The part of it for the acts after the table; policy_follow.cpp.
void check_follow(const Policy& policy, const PolicyLines& lines, PolicyFaults& faults);

// The guards the engine knows; policy_check.cpp refuses others, guards.cpp judges them.
const std::vector<std::string_view>& guard_names();
// What the ids in the guard's `need` are: "parties" …; empty: it takes none, or is not known.
std::string_view guard_needs(std::string_view name);
// Whether the guard has_fields can ask for it: "minutes", "measures" … guards_record.cpp
bool field_known(std::string_view field);

}  // namespace yishi::deliberation
