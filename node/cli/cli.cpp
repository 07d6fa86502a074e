#include "node/cli/cli.h"

#include <cstdlib>
#include <exception>
#include <iostream>

#include "node/cli/help.h"
#include "node/cli/parse.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

constexpr const char* kDefaultData = "./yishi-data";

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

Json problem(const Error& error, bool chinese) {
  return {{"type", "urn:yishi:rule:" + error.rule},
          {"title", chinese ? "未完成" : "Not done"},
          {"detail", chinese ? error.zh : error.en},
          {"rule", error.rule},
          {"field", error.field},
          {"zh", error.zh},
          {"en", error.en}};
}

std::string error_text(const Error& error, bool chinese) {
  std::string out = chinese ? "错误：" + printable(error.zh) : "error: " + printable(error.en);
  if (error.rule != "usage") {
    out += chinese ? "\n  规则 " : "\n  rule ";
    out += one_line(error.rule);
    if (!error.field.empty()) out += (chinese ? "，字段 " : ", field ") + one_line(error.field);
  }
  return out + '\n';
}

// With --json exactly one document on standard output; for people, errors on standard error.
int print(Outcome outcome, bool json, bool chinese) {
  if (json) {
    const bool told = outcome.json.contains("rule") || outcome.code == kFaultFound;
    if (outcome.error && !told) outcome.json = problem(*outcome.error, chinese);
    if (outcome.error) outcome.json["exit_code"] = outcome.code;
    std::cout << outcome.json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    std::cout << outcome.text;
    if (outcome.error) std::cerr << error_text(*outcome.error, chinese);
  }
  std::cout.flush();
  return outcome.code;
}

struct Chosen {
  const Command* command = nullptr;
  std::vector<std::string> words;  // after the command's own
  std::optional<Outcome> failed;
};

Chosen choose(const std::vector<std::string>& rest) {
  if (rest.empty()) return {nullptr, {}, unknown_command("", "")};
  const std::string& first = rest.front();
  if (const auto* command = find_command(first))
    return {command, {rest.begin() + 1, rest.end()}, {}};
  if (!is_group(first)) return {nullptr, {}, unknown_command("", first)};
  if (rest.size() == 1) {
    Outcome outcome = usage("command", "请说明要做什么，例如 yishi help " + first,
                            "say what to do; see `yishi help " + first + "`");
    return {nullptr, {}, std::move(outcome)};
  }
  const auto* command = find_command(first + ' ' + rest[1]);
  if (command == nullptr) return {nullptr, {}, unknown_command(first, rest[1])};
  return {command, {rest.begin() + 2, rest.end()}, {}};
}

Outcome run_words(const Hooks& hooks, const Globals& globals, bool chinese) {
  const auto& rest = globals.rest;
  if (globals.failed) return *globals.failed;
  if (!rest.empty() && rest.front() == "help") return help({rest.begin() + 1, rest.end()}, chinese);
  if (globals.help && (rest.empty() || (rest.size() == 1 && is_group(rest.front())))) {
    return help(rest, chinese);
  }
  const auto chosen = choose(rest);
  if (chosen.failed) return *chosen.failed;
  if (globals.help) {
    Outcome outcome;
    outcome.text = help_command(*chosen.command, chinese);
    outcome.json = {{"command", chosen.command->name}, {"help", outcome.text}};
    return outcome;
  }
  auto parsed = parse_arguments(*chosen.command, chosen.words);
  if (parsed.failed) return *parsed.failed;
  const auto given = globals.data ? globals.data : environment("YISHI_DATA");
  const Invocation invocation{
      hooks,        given.value_or(kDefaultData), given.has_value(), chinese,
      globals.json, std::move(parsed.args)};
  return chosen.command->run(invocation);
}

}  // namespace

int run(int argc, char** argv, const Hooks& hooks) {
  const auto globals = take_globals({argv + 1, argv + argc});
  const bool chinese =
      globals.language ? !globals.language->starts_with("en") : chinese_by_environment(environment);
  if (globals.language && *globals.language != "zh" && *globals.language != "en") {
    return print(usage("lang", "--lang 应当是 zh 或 en", "--lang must be zh or en"), globals.json,
                 chinese);
  }
  try {
    return print(run_words(hooks, globals, chinese), globals.json, chinese);
  } catch (const std::exception& error) {  // of a library: memory, a broken pipe
    return print(
        failure(kFailed, {"program.exception", "", std::string("程序出错：") + error.what(),
                          std::string("the program failed: ") + error.what()}),
        globals.json, chinese);
  }
}

}  // namespace yishi::cli
