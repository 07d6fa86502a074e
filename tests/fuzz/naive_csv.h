// A reader of division files as one would write it in an afternoon: line by line, every rule
// looked up by searching all rows. Slow, and so plain that it can be checked by eye.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "topology/unit.h"

namespace yishi::fuzz {

// The units in the order of the file; nothing when any rule is broken. text: UTF-8.
std::optional<std::vector<topology::Unit>> naive_import(std::string_view text);

}  // namespace yishi::fuzz
