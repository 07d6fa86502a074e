// What a node that has not been admitted yet waits for, or why it was not, in plain words, with
// what to do about it.
#pragma once

#include <string>

#include "node/cli/invocation.h"

namespace yishi::cli {

// joining: of the status: parent, root, topology, or the rule by which the parent refused.
std::string joining_text(const std::string& joining, bool chinese);

}  // namespace yishi::cli
