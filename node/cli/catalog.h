// Every command: its words, options, an example, and what runs it. Help is written from
// this and arguments are parsed by it, so that neither can forget an option.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "node/cli/invocation.h"

namespace yishi::cli {

struct Option {
  std::string name;   // "budget"; for a positional: what args knows it by
  std::string value;  // what stands for the value in help, "CODE"; empty: a flag
  std::string zh, en;
  bool many = false;
  bool required = false;
  bool positional = false;
};

struct Command {
  std::string name;    // "issue propose"
  std::string zh, en;  // one line
  std::vector<Option> options;
  std::string example;  // whole command line
  std::function<Outcome(const Invocation&)> run;
};

const std::vector<Command>& catalog();  // in the order in which help lists them
const Command* find_command(std::string_view name);
// First words that have second words: "issue", "topology", "journal".
bool is_group(std::string_view word);
// Command names for suggestions: of a group, or first words for an empty one.
std::vector<std::string> words_after(std::string_view group);

// Parts of the catalog, each in its own file.
std::vector<Command> node_commands();
std::vector<Command> keep_commands();
std::vector<Command> topology_commands();
std::vector<Command> change_commands();
std::vector<Command> operator_commands();
std::vector<Command> plan_commands();
std::vector<Command> issue_commands();
std::vector<Command> import_commands();
std::vector<Command> report_commands();
std::vector<Command> register_commands();
std::vector<Command> measure_commands();
std::vector<Command> journal_commands();
std::vector<Command> policy_commands();
std::vector<Command> account_commands();

}  // namespace yishi::cli
