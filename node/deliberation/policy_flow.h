// A policy drawn as text: from each stage the acts that lead on, with their guards; who may
// decide what; the routes of approval and filing. For people, in either language.
#pragma once

#include <string>

#include "node/deliberation/policy.h"

namespace yishi::deliberation {

// Lines end in a line end. Stages stand in the order of the document.
std::string policy_flow(const Policy& policy, bool chinese);

}  // namespace yishi::deliberation
