// Guards: conditions on an act that a policy asks for by name. Judged when a person acts,
// never when a record is folded. Inside this folder only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/deliberation/issue.h"
#include "node/deliberation/policy.h"

namespace yishi::deliberation {

struct Missing {  // what a guard found wanting
  std::string field, zh, en;
};

// Those recorded at a session; category empty: all of them.
std::uint64_t people(const ActBody& body, std::string_view category = {});

std::optional<Missing> judge_guard(const Guard& guard, Act act, const Issue& issue,
                                   const ActBody& body);
// The first guard that is not met; a soft one is passed by a reason in body.overrides.
// Rule "guard.<name>".
Status check_guards(const ActRule& rule, Act act, const Issue& issue, const ActBody& body);

}  // namespace yishi::deliberation
