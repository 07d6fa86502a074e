// The readers of a policy's larger sections, each in a file of its own. Inside this folder only.
#pragma once

#include "node/deliberation/policy_table.h"

namespace yishi::deliberation {

struct PolicySections {  // what every reader of a section is given
  Policy& policy;
  PolicyLines& lines;
  PolicyFaults& faults;
};

// id, zh, en of a list's element; its line is noted and an id that comes twice refused.
Label read_label(PolicyTable& table, const PolicySections& to);
void read_label_list(PolicyTable& root, std::string_view key, std::vector<Label>& labels,
                     const PolicySections& to);

Guard read_guard(PolicyTable& table, const PolicySections& to);  // policy_guards.cpp
void read_forms(PolicyTable& root, const PolicySections& to);    // policy_topics.cpp
void read_topics(PolicyTable& root, const PolicySections& to);
void read_quoted_figures(PolicyTable& root, const PolicySections& to);  // policy_figures.cpp
void read_follow(PolicyTable& root, const PolicySections& to);          // policy_follow.cpp

// Options of a field and the like, which no other part names: no line is noted.
std::vector<Label> read_options(PolicyTable& table, std::string_view key, const PolicySections& to);
void read_registers(PolicyTable& root, const PolicySections& to);  // policy_registers.cpp
// [[measures]], [[rates]], [[gaps]], [[minimums]], [stars]; after the registers.
void read_measures(PolicyTable& root, const PolicySections& to);  // policy_measures.cpp
bool check_level_name(std::uint32_t line, const std::string& level, PolicyFaults& faults);

// What can only be seen when the whole is there.
void check_guard(const Guard& guard, const std::string& path, const PolicySections& to);

}  // namespace yishi::deliberation
