// What stands before the table and at it, for people. For this folder only.
#pragma once

#include <string>

#include "node/cli/invocation.h"

namespace yishi::cli {

// Flags, plans, the screening; opinions asked for; sessions; submissions; soft requirements passed.
std::string table_text(const Invocation& invocation, const Json& issue);
// Of one record of the timeline, what is not said elsewhere; indented.
std::string table_timeline(const Invocation& invocation, const Json& fact);

}  // namespace yishi::cli
