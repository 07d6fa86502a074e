// "Did you mean …": the known word that takes the fewest edits.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace yishi::cli {

// Edits (insert, drop, replace, swap neighbours) from a to b.
std::size_t edit_distance(std::string_view a, std::string_view b);
// Empty when none is near: more than a third of the longer word would have to change.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace yishi::cli
