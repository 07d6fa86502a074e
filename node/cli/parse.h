// From argv to a command and its arguments.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/cli/catalog.h"

namespace yishi::cli {

// --data, --lang, --json and --help may stand anywhere (up to a `--`).
struct Globals {
  std::optional<std::string> data, language;
  bool json = false;
  bool help = false;
  std::vector<std::string> rest;  // the words that are left, in order
  std::optional<Outcome> failed;
};
Globals take_globals(const std::vector<std::string>& words);

// The arguments after the command's words. Wrong ones: usage, with the nearest option.
struct ParsedArguments {
  Arguments args;
  std::optional<Outcome> failed;
};
ParsedArguments parse_arguments(const Command& command, const std::vector<std::string>& words);

// English when the first of YISHI_LANG, LC_ALL, LC_MESSAGES and LANG that says something
// begins with "en"; Chinese otherwise.
bool chinese_by_environment(
    const std::function<std::optional<std::string>(const std::string&)>& environment);

}  // namespace yishi::cli
