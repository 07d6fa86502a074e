#include "node/cli/help.h"

#include <algorithm>

#include "node/cli/nearest.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

struct Group {
  std::string word, zh, en;
};
// In the order in which the overview shows them.
const std::vector<Group> kGroups{
    {"issue", "事项", "Issues"},         {"journal", "工作日志", "Journal"},
    {"register", "登记簿", "Registers"}, {"measure", "指标", "Measures"},
    {"policy", "规则", "Policy"},        {"topology", "组织架构", "Topology"},
    {"account", "账户", "Accounts"},     {"token", "令牌", "Tokens"},
};

struct ExitRow {
  const char* code;
  const char *zh, *en;
};
constexpr ExitRow kExitCodes[] = {
    {"0", "完成", "done"},
    {"1", "未被接受（会说明违反的规则和字段）", "refused (the rule and field are printed)"},
    {"2", "用法有误", "wrong usage"},
    {"3", "联系不上节点", "the node cannot be reached"},
    {"4", "核验发现问题", "verification found a fault"},
    {"5", "节点或程序出错", "the node or program failed"},
};

std::string column(const std::string& left, const std::string& right, std::size_t width) {
  const std::size_t used = display_width(left);
  return "  " + left + std::string(used < width ? width - used : 0, ' ') + "  " + right + '\n';
}

std::string option_name(const Option& option) {
  if (option.positional) return option.value;
  return "--" + option.name + (option.value.empty() ? "" : " " + option.value);
}

std::string two_columns(const std::vector<std::pair<std::string, std::string>>& rows) {
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, display_width(row.first));
  std::string out;
  for (const auto& [left, right] : rows) out += column(left, right, width);
  return out;
}

std::string listed(const std::string& start, bool chinese) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& command : catalog()) {
    const bool fits = start.empty() ? command.name.find(' ') == std::string::npos
                                    : command.name.starts_with(start + ' ');
    if (fits) rows.emplace_back(command.name, chinese ? command.zh : command.en);
  }
  return two_columns(rows);
}

std::string global_options(bool chinese) {
  return two_columns({
      {"--data DIR", chinese ? "数据目录（默认 $YISHI_DATA，否则 ./yishi-data）"
                             : "data directory (default $YISHI_DATA, else ./yishi-data)"},
      {"--lang zh|en", chinese ? "语言（默认 $YISHI_LANG，否则看 LANG）"
                               : "language (default $YISHI_LANG, else LANG)"},
      {"--json", chinese ? "标准输出只有一个 JSON 文档" : "one JSON document on standard output"},
      {"--help", chinese ? "某个命令的说明" : "help for a command"},
  });
}

Json option_json(const Option& option) {
  return {{"name", option.name},
          {"value", option.value},
          {"zh", option.zh},
          {"en", option.en},
          {"many", option.many},
          {"required", option.required},
          {"positional", option.positional}};
}

Json command_json(const Command& command) {
  Json options = Json::array();
  for (const auto& option : command.options) options.push_back(option_json(option));
  return {{"command", command.name},
          {"zh", command.zh},
          {"en", command.en},
          {"options", std::move(options)},
          {"example", command.example}};
}

Json commands_json(const std::string& start) {
  Json list = Json::array();
  for (const auto& command : catalog()) {
    if (command.name.starts_with(start)) list.push_back(command_json(command));
  }
  return {{"commands", std::move(list)}};
}

}  // namespace

std::string usage_line(const Command& command, bool chinese) {
  std::string out = "yishi " + command.name;
  for (const auto& option : command.options) {
    std::string word = option_name(option);
    if (option.many) word += " …";
    if (option.required) out += ' ' + word;
    if (!option.required && option.positional) out += " [" + word + ']';
  }
  const bool more = std::any_of(command.options.begin(), command.options.end(),
                                [](const Option& o) { return !o.required && !o.positional; });
  return out + (more ? (chinese ? " [选项]" : " [options]") : "");
}

std::string help_command(const Command& command, bool chinese) {
  std::string out = (chinese ? command.zh : command.en) + "\n\n";
  out += (chinese ? "用法：" : "Usage: ") + usage_line(command, chinese) + "\n\n";
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& option : command.options) {
    std::string what = chinese ? option.zh : option.en;
    if (option.many) what += chinese ? "（可重复）" : " (may be repeated)";
    if (option.required) what += chinese ? "（必填）" : " (required)";
    rows.emplace_back(option_name(option), what);
  }
  if (!rows.empty()) out += two_columns(rows) + '\n';
  return out + (chinese ? "例子：\n  " : "Example:\n  ") + command.example + '\n';
}

std::string help_group(const std::string& group, bool chinese) {
  return (chinese ? "用法：yishi " : "Usage: yishi ") + group +
         (chinese ? " 命令 [选项]\n\n" : " COMMAND [options]\n\n") + listed(group, chinese) +
         (chinese ? "\n每个命令的说明：yishi help " : "\nHelp for a command: yishi help ") + group +
         (chinese ? " 命令\n" : " COMMAND\n");
}

std::string help_overview(bool chinese) {
  std::string out =
      chinese ? "yishi 议事：村、镇、区、市的协商议事节点\n\n"
                "用法：yishi [--lang zh|en] [--json] [--data 目录] 命令 …\n\n"
              : "yishi (议事): a node for deliberation in village, township, district and city\n\n"
                "Usage: yishi [--lang zh|en] [--json] [--data DIR] COMMAND …\n\n";
  out += (chinese ? "节点：\n" : "Node:\n") + listed("", chinese);
  for (const Group& group : kGroups) {
    out += chinese ? "\n" + group.zh + "（yishi " + group.word + " …）：\n"
                   : "\n" + group.en + " (yishi " + group.word + " …):\n";
    out += listed(group.word, chinese);
  }
  out += (chinese ? "\n通用选项：\n" : "\nOptions for all:\n") + global_options(chinese);
  out += chinese ? "\n退出码：\n" : "\nExit codes:\n";
  for (const auto& row : kExitCodes) out += column(row.code, chinese ? row.zh : row.en, 1);
  out += chinese ? "\n从哪里开始：\n" : "\nWhere to begin:\n";
  out += "  yishi help topology create\n  yishi help join\n  yishi help issue log\n";
  return out;
}

Outcome unknown_command(const std::string& group, const std::string& word) {
  const std::string near = nearest(word, words_after(group));
  const std::string start = group.empty() ? "" : group + ' ';
  const std::string shown = one_line(word);
  std::string zh = group.empty() && word.empty() ? "没有给出命令" : "没有命令 " + start + shown;
  std::string en =
      group.empty() && word.empty() ? "no command given" : "there is no command " + start + shown;
  if (!near.empty()) {
    zh += "；是不是 yishi " + start + near + "？";
    en += "; did you mean `yishi " + start + near + "`?";
  } else {
    zh += "；请看 yishi help" + (group.empty() ? "" : ' ' + group);
    en += "; see `yishi help" + (group.empty() ? "" : ' ' + group) + "`";
  }
  return usage("command", zh, en);
}

Outcome help(const std::vector<std::string>& words, bool chinese) {
  Outcome outcome;
  if (words.empty()) {
    outcome.text = help_overview(chinese);
    outcome.json = commands_json("");
    return outcome;
  }
  const std::string name = words.size() == 1 ? words[0] : words[0] + ' ' + words[1];
  if (const auto* command = find_command(name)) {
    outcome.text = help_command(*command, chinese);
    outcome.json = command_json(*command);
    return outcome;
  }
  if (words.size() == 1 && is_group(name)) {
    outcome.text = help_group(name, chinese);
    outcome.json = commands_json(name + ' ');
    return outcome;
  }
  if (words.size() > 1 && is_group(words[0])) return unknown_command(words[0], words[1]);
  return unknown_command("", words[0]);
}

}  // namespace yishi::cli
