#include "node/cli/parse.h"

#include <boost/program_options.hpp>

#include "node/cli/help.h"
#include "node/cli/nearest.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

namespace po = boost::program_options;
using Values = std::vector<std::string>;

Outcome hint(const Command& command, std::string field, const std::string& zh,
             const std::string& en) {
  const std::string see = "yishi help " + command.name;
  return usage(std::move(field), zh + "；请看 " + see, en + "; see `" + see + "`");
}

Outcome unknown_option(const Command& command, std::string name) {
  while (name.starts_with('-')) name.erase(0, 1);
  name = name.substr(0, name.find('='));
  std::vector<std::string> known{"data", "lang", "json", "help"};
  for (const auto& option : command.options) {
    if (!option.positional) known.push_back(option.name);
  }
  const std::string near = nearest(name, known);
  const std::string shown = one_line(name);
  const std::string zh = command.name + " 没有选项 --" + shown;
  const std::string en = command.name + " has no option --" + shown;
  if (near.empty()) return hint(command, name, zh, en);
  return usage(name, zh + "；是不是 --" + near + "？", en + "; did you mean --" + near + "?");
}

std::string shown_name(const Option& option) {
  return option.positional ? option.value : "--" + option.name;
}

po::options_description described(const Command& command,
                                  po::positional_options_description& places) {
  po::options_description all;
  for (const auto& option : command.options) {
    if (option.value.empty()) {
      all.add_options()(option.name.c_str(), "");
    } else {
      all.add_options()(option.name.c_str(), po::value<Values>(), "");
    }
    if (option.positional) places.add(option.name.c_str(), option.many ? -1 : 1);
  }
  return all;
}

// What the library found wrong, as words of ours.
Outcome named(const Command& command, const po::error& error) {
  if (const auto* unknown = dynamic_cast<const po::unknown_option*>(&error)) {
    return unknown_option(command, unknown->get_option_name());
  }
  if (dynamic_cast<const po::too_many_positional_options_error*>(&error) != nullptr) {
    return hint(command, "arguments", "多余的参数", "too many arguments");
  }
  std::string option;
  if (const auto* with = dynamic_cast<const po::error_with_option_name*>(&error)) {
    option = with->get_option_name();
  }
  const std::string shown = one_line(option);
  return hint(command, option, "选项 " + shown + " 缺少值，或写法有误",
              "option " + shown + " lacks a value or is malformed");
}

}  // namespace

Globals take_globals(const std::vector<std::string>& words) {
  Globals globals;
  bool plain = false;  // after `--`
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const std::string name = word.substr(0, word.find('='));
    if (!plain && word == "--json") {
      globals.json = true;
    } else if (!plain && (word == "--help" || word == "-h")) {
      globals.help = true;
    } else if (!plain && (name == "--data" || name == "--lang")) {
      auto& target = name == "--data" ? globals.data : globals.language;
      const bool inside = name.size() < word.size();
      if (!inside && i + 1 >= words.size()) {
        globals.failed =
            usage(name, "选项 " + name + " 缺少值", "option " + name + " lacks a value");
        return globals;
      }
      target = inside ? word.substr(name.size() + 1) : words[++i];
    } else {
      plain = plain || word == "--";
      globals.rest.push_back(word);
    }
  }
  return globals;
}

ParsedArguments parse_arguments(const Command& command, const std::vector<std::string>& words) {
  ParsedArguments parsed;
  try {
    po::positional_options_description places;
    const auto known = described(command, places);
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing &
                      ~po::command_line_style::allow_short;
    const auto result =
        po::command_line_parser(words).options(known).positional(places).style(style).run();
    for (const auto& option : result.options) {
      if (option.value.empty()) parsed.args.add(option.string_key, "1");
      for (const auto& value : option.value) parsed.args.add(option.string_key, value);
    }
  } catch (const po::error& error) {
    parsed.failed = named(command, error);
    return parsed;
  }
  for (const auto& option : command.options) {
    const auto count = parsed.args.all(option.name).size();
    const std::string name = shown_name(option);
    if (option.required && count == 0) {
      parsed.failed = hint(command, option.name, "缺少 " + name, name + " is required");
      return parsed;
    }
    if (!option.many && count > 1) {
      parsed.failed =
          hint(command, option.name, name + " 只能给一次", name + " may be given once only");
      return parsed;
    }
  }
  return parsed;
}

bool chinese_by_environment(
    const std::function<std::optional<std::string>(const std::string&)>& environment) {
  for (const char* name : {"YISHI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
    const auto value = environment(name);
    if (value && !value->empty()) return !value->starts_with("en");
  }
  return true;
}

}  // namespace yishi::cli
