// One transition under judgement: by the topology its author knew, and the issue's policy.
// For the model only.
#pragma once

#include <algorithm>
#include "tests/sim/model.h"

namespace yishi::sim {

template <class List, class Value>
bool has(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

struct Case {
  const deliberation::Issue& issue;
  const deliberation::ActBody& body;
  const deliberation::ActInfo& act;
  const deliberation::Policy& policy;
  const topology::Directory& directory;
  const topology::Version at;
};

// Up to the table and at it; model_table.cpp.
bool table_names_known(const Case& one);
bool table_holds(const Case& one);
void change_table(deliberation::Issue& issue, deliberation::Act act, const deliberation::Fact& fact,
                  const deliberation::Policy& policy);
Fate count_table_remark(deliberation::Issue& issue, deliberation::Act act,
                        const deliberation::Fact& fact, const deliberation::Policy& policy,
                        const topology::Directory& directory);

// After the table; model_follow.cpp.
bool follow_log_holds(const Case& one);
bool follow_holds(const Case& one);
void change_follow(deliberation::Issue& issue, deliberation::Act act,
                   const deliberation::Fact& fact, const deliberation::Policy& policy,
                   const topology::Directory& directory);
Fate count_follow_remark(deliberation::Issue& issue, deliberation::Act act,
                         const deliberation::Fact& fact, const deliberation::Policy& policy,
                         const topology::Directory& directory);

bool fields_there(const Case& one);
bool transition_holds(const Case& one);
topology::Code goes_to(const Case& one);  // empty: nowhere
bool name_known(const std::vector<deliberation::Label>& labels, const std::string& id);
std::string level_of(const topology::Directory& directory, const topology::Code& unit,
                     topology::Version at);

}  // namespace yishi::sim
