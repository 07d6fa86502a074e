// Help texts, from the catalog, in the language asked for.
#pragma once

#include <string>
#include <vector>

#include "node/cli/catalog.h"

namespace yishi::cli {

std::string help_overview(bool chinese);
std::string help_group(const std::string& group, bool chinese);
std::string help_command(const Command& command, bool chinese);
std::string usage_line(const Command& command, bool chinese);
// The answer to `help WORDS…`; wrong words: usage with the nearest.
Outcome help(const std::vector<std::string>& words, bool chinese);
Outcome unknown_command(const std::string& group, const std::string& word);

}  // namespace yishi::cli
