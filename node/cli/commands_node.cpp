// serve, join, status, refusals, verify, help, version.
#include <algorithm>
#include <fstream>
#include <optional>

#include "node/cli/catalog.h"
#include "node/cli/issue_text.h"
#include "node/cli/progress.h"
#include "node/cli/serve.h"
#include "node/cli/status_text.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

constexpr std::size_t kMaxTicketBytes = std::size_t{64} * 1024;

Outcome join(const Invocation& invocation) {
  const auto& args = invocation.args;
  JoinOptions options;
  options.data = invocation.data;
  options.bind = args.get("bind");
  options.advertise = args.get("advertise");
  options.passphrase_file = args.get("passphrase-file");
  options.ticket = args.get("ticket");
  // What was given may be the ticket itself, as typed or scanned, or the file that holds it.
  const bool names_file = !options.ticket.empty() && !options.ticket.starts_with("yishi") &&
                          std::ifstream(options.ticket).good();
  if (names_file) {
    auto text = read_file(options.ticket, kMaxTicketBytes);
    if (!text) return failure(kRefused, text.error());
    options.ticket = std::move(text).value();
  } else if (args.has("ticket-file")) {
    auto text = read_file(args.get("ticket-file"), kMaxTicketBytes);
    if (!text) return failure(kRefused, text.error());
    options.ticket = std::move(text).value();
  }
  if (options.ticket.empty()) {
    return usage("ticket", "请给出票据，或用 --ticket-file 指定票据文件",
                 "give the ticket, or its file with --ticket-file");
  }
  YISHI_ASSERT(invocation.hooks.join);
  const auto summary = invocation.hooks.join(options);
  if (!summary) return failure(kRefused, summary.error());
  Outcome outcome;
  for (const auto& [key, value] : summary->fields) outcome.json[key] = value;
  outcome.text = invocation.pick(summary->zh, summary->en);
  if (!outcome.text.ends_with('\n')) outcome.text += '\n';
  const std::string next = "yishi serve --data " + invocation.data;
  outcome.text += invocation.pick("接下来运行：", "Now run: ") + next + '\n';
  outcome.json["next"] = next;
  return outcome;
}

Outcome status(const Invocation& invocation) {
  const auto called = api_get(invocation, "/api/v1/status");
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = status_text(invocation, called.body);
  return outcome;
}

Outcome refusals(const Invocation& invocation) {
  Target target("/api/v1/refusals");
  const auto called =
      api_get(invocation, target.with("limit", invocation.args.get("limit")).text());
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = refusals_text(invocation, called.body);
  return outcome;
}

void add_faults(Outcome& outcome, const std::vector<std::string>& faults) {
  for (const auto& fault : faults) outcome.text += "  " + one_line(fault) + '\n';
}

Outcome fault_found(Outcome outcome, std::size_t faults) {
  const std::string count = std::to_string(faults);
  outcome.code = kFaultFound;
  outcome.error = Error{"verify.fault", "", "核验发现 " + count + " 处问题",
                        "verification found " + count + " faults"};
  return outcome;
}

// No node runs: the program reads the directory itself.
Outcome verify_here(const Invocation& invocation) {
  YISHI_ASSERT(invocation.hooks.verify);
  const auto found = invocation.hooks.verify(invocation.data);
  if (!found) return failure(kFailed, found.error());
  Outcome outcome;
  outcome.json["ok"] = found->ok;
  for (const auto& [key, value] : found->summary.fields) {  // numbers, as the API gives them
    const auto count = whole_number(value, UINT64_MAX);
    outcome.json[key] = count ? Json(*count) : Json(value);
  }
  outcome.text = verify_text(invocation, outcome.json);
  outcome.text += invocation.pick(found->summary.zh, found->summary.en);
  if (!outcome.text.ends_with('\n')) outcome.text += '\n';
  outcome.json["faults"] = Json::array();
  for (std::size_t i = 0; i < found->faults_en.size() && i < found->faults_zh.size(); ++i) {
    outcome.json["faults"].push_back({{"zh", found->faults_zh[i]}, {"en", found->faults_en[i]}});
  }
  add_faults(outcome, invocation.chinese ? found->faults_zh : found->faults_en);
  return found->ok ? outcome : fault_found(std::move(outcome), found->faults_en.size());
}

Outcome verify(const Invocation& invocation) {
  constexpr std::chrono::hours kLongest{6};
  const auto called = api_post(invocation, "/api/v1/verify", Json::object(), kLongest);
  if (called.failed && called.failed->code == kUnreachable) return verify_here(invocation);
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = verify_text(invocation, called.body);
  std::vector<std::string> faults;
  for (const auto& fault : called.body.value("faults", Json::array())) {
    faults.push_back(text_of_key(fault, invocation.chinese ? "zh" : "en"));
  }
  add_faults(outcome, faults);
  return called.body.value("ok", false) ? outcome : fault_found(std::move(outcome), faults.size());
}

Outcome repair(const Invocation& invocation) {
  YISHI_ASSERT(invocation.hooks.repair);
  const auto done = invocation.hooks.repair(invocation.data);
  if (!done) return failure(kRefused, done.error());
  Outcome outcome;
  outcome.json = {{"damaged", done->damaged}, {"lines", Json::array()}};
  for (std::size_t i = 0; i < done->lines_en.size() && i < done->lines_zh.size(); ++i) {
    outcome.json["lines"].push_back({{"zh", done->lines_zh[i]}, {"en", done->lines_en[i]}});
  }
  if (!done->damaged) outcome.text = invocation.pick("没有发现损坏\n", "No damage was found\n");
  for (const auto& line : invocation.chinese ? done->lines_zh : done->lines_en) {
    outcome.text += one_line(line) + '\n';
  }
  return outcome;
}

Outcome rebuild(const Invocation& invocation) {
  YISHI_ASSERT(invocation.hooks.rebuild);
  std::optional<Progress> bar;
  const auto done =
      invocation.hooks.rebuild(invocation.data, [&](std::uint64_t at, std::uint64_t all) {
        if (!bar) bar.emplace(invocation.pick("重新推导", "deriving again"), all);
        bar->at(at);
      });
  bar.reset();
  if (!done) return failure(kRefused, done.error());
  const auto rate = static_cast<std::uint64_t>(static_cast<double>(done->records) /
                                               std::max(done->seconds, 0.001));
  Outcome outcome;
  outcome.json = {{"rows", done->rows},
                  {"records", done->records},
                  {"issues", done->issues},
                  {"seconds", done->seconds}};
  const auto records = std::to_string(done->records);
  const auto issues = std::to_string(done->issues);
  const auto pace = std::to_string(rate);
  outcome.text = invocation.pick(
      "已由 " + records + " 条记录重新推导 " + issues + " 个事项（每秒 " + pace + " 条）\n",
      issues + " issues were derived again from " + records + " records (" + pace + "/s)\n");
  return outcome;
}

Outcome version(const Invocation& invocation) {
  Outcome outcome;
  outcome.text = "yishi " + invocation.hooks.version + '\n';
  outcome.json = {{"name", "yishi"}, {"version", invocation.hooks.version}};
  return outcome;
}

// `help` is answered before arguments are parsed (cli.cpp); this is its entry in the list.
Outcome no_help(const Invocation&) { return {}; }

std::vector<Command> running_commands() {
  return {
      {"serve", "运行节点", "run the node", serve_options(),
       "yishi serve --data /var/lib/yishi --bind tcp://0.0.0.0:7400", serve},
      {"join",
       "用票据把这台机器变成某单位的节点",
       "make this machine a unit's node, with a ticket",
       {{"ticket", "TICKET", "票据文字（扫二维码所得也可）或票据文件",
         "the ticket's text, typed or scanned, or its file", false, false, true},
        {"ticket-file", "FILE", "票据文件；- 为标准输入", "the ticket's file; - is standard input"},
        {"bind", "tcp://…", "监听下级的地址（没有下级可不填）",
         "where to listen for children (none: leave out)"},
        {"advertise", "tcp://…", "下级连接的地址", "where children connect"},
        {"passphrase-file", "FILE", "口令文件", "file with the passphrase"}},
       "yishi --data village join --ticket-file ticket.txt",
       join},
  };
}

std::vector<Command> asking_commands() {
  return {
      {"status",
       "节点状态：是否已上报、等待多少",
       "how the node is: what waits, what was received",
       {},
       "yishi status",
       status},
      {"refusals",
       "列出被拒收的消息和记录及原因",
       "what was refused, and why",
       {{"limit", "N", "最多几条（默认 100）", "at most so many (default 100)"}},
       "yishi refusals --limit 20",
       refusals},
      {"verify", "重新核验全部存储", "verify the whole store again", {}, "yishi verify", verify},
      {"repair",
       "修复受损的存储（节点停止时）",
       "repair a damaged store (while the node is stopped)",
       {},
       "yishi --data /var/lib/yishi repair",
       repair},
      {"rebuild",
       "由记录重新推导事项、检索和统计（节点停止时）",
       "derive issues, search and figures again from the records (while the node is stopped)",
       {},
       "yishi --data /var/lib/yishi rebuild",
       rebuild},
      {"help",
       "命令说明",
       "help for commands",
       {{"command", "COMMAND", "命令", "the command", true, false, true}},
       "yishi help issue propose",
       no_help},
      {"version", "版本", "the version", {}, "yishi version", version},
  };
}

}  // namespace

std::vector<Command> node_commands() {
  std::vector<Command> all = running_commands();
  for (auto& command : asking_commands()) all.push_back(std::move(command));
  return all;
}

}  // namespace yishi::cli
