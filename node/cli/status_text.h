// The node's status, refusals, report and verification as text for people.
#pragma once

#include <string>

#include "node/cli/invocation.h"

namespace yishi::cli {

std::string status_text(const Invocation& invocation, const Json& status);
std::string refusals_text(const Invocation& invocation, const Json& answer);
std::string verify_text(const Invocation& invocation, const Json& answer);

}  // namespace yishi::cli
