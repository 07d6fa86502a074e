// A person's act at the table: what make_act fills in and asks besides. Inside this folder only.
#pragma once

#include <optional>

#include "node/deliberation/react.h"

namespace yishi::deliberation {

// People may type a label; records carry the id.
void to_id(const std::vector<Label>& labels, std::string& text);
void table_to_ids(const Policy& policy, ActBody& body);

// Who answers, where the act's number says so; heads counted from those who signed in by name.
void fill_record(Act act, const Issue& issue, ActBody& body);

// A record must agree with itself: no more votes than people, no more names than heads. Rules
// "session.votes", "session.signed_in", "session.until".
Status judge_record(Act act, const Issue& issue, const ActBody& body);

// Remarks on something that is not there; in a fold they would wait for it.
Status judge_answered(Act act, const Issue& issue, const ActBody& body);

// nullopt: not a remark of the table.
std::optional<bool> open_table_remark(Act act, const Issue& issue, const World& world,
                                      const topology::Code& here);

}  // namespace yishi::deliberation
