#include "node/cli/catalog.h"

#include <algorithm>

namespace yishi::cli {
namespace {

std::vector<Command> all_commands() {
  std::vector<Command> all;
  for (auto part : {node_commands, keep_commands, topology_commands, policy_commands,
                    issue_commands, import_commands, register_commands, measure_commands,
                    journal_commands, report_commands, account_commands}) {
    for (auto& command : part()) all.push_back(std::move(command));
  }
  return all;
}

}  // namespace

const std::vector<Command>& catalog() {
  static const std::vector<Command> all = all_commands();
  return all;
}

const Command* find_command(std::string_view name) {
  const auto& all = catalog();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Command& c) { return c.name == name; });
  return found == all.end() ? nullptr : &*found;
}

bool is_group(std::string_view word) {
  const std::string start = std::string(word) + ' ';
  return std::any_of(catalog().begin(), catalog().end(),
                     [&](const Command& c) { return c.name.starts_with(start); });
}

std::vector<std::string> words_after(std::string_view group) {
  std::vector<std::string> words;
  const std::string start = group.empty() ? std::string() : std::string(group) + ' ';
  for (const auto& command : catalog()) {
    if (!command.name.starts_with(start)) continue;
    const std::string rest = command.name.substr(start.size());
    const std::string word = rest.substr(0, rest.find(' '));
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  return words;
}

}  // namespace yishi::cli
