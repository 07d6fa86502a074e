// The spelling of values in registers. Inside this folder only.
#pragma once

#include <string>
#include <string_view>

#include "node/deliberation/policy_registers.h"
#include "topology/code.h"

namespace yishi::deliberation {

bool is_canonical(const RegisterField& field, std::string_view value);
// What a person typed in the one spelling; empty: it is no such value. `unit`: in whose book, for
// entries that are named by their key alone.
std::string canonical_value(const RegisterField& field, std::string_view typed,
                            const topology::Code& unit);
std::string type_words(const RegisterField& field, bool chinese);  // "日期，如 2026-10-01"

}  // namespace yishi::deliberation
