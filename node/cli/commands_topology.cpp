// topology …: creating a network and looking at it.
#include "node/cli/catalog.h"
#include "node/cli/issue_text.h"
#include "node/cli/key_files.h"
#include "node/cli/signing.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

Outcome summarized(const Invocation& invocation, const Result<Summary>& summary) {
  if (!summary) return failure(kRefused, summary.error());
  Outcome outcome;
  outcome.text = invocation.pick(summary->zh, summary->en);
  if (!outcome.text.ends_with('\n')) outcome.text += '\n';
  for (const auto& [key, value] : summary->fields) outcome.json[key] = value;
  return outcome;
}

Outcome create(const Invocation& invocation) {
  const auto& args = invocation.args;
  CreateOptions options;
  options.data = invocation.data;
  options.name = args.get("name");
  options.divisions = args.get("divisions");
  options.suite = args.get("suite", "ed25519");
  options.policy = args.get("policy");
  options.bind = args.get("bind");
  options.advertise = args.get("advertise");
  options.passphrase_file = args.get("passphrase-file");
  options.roots = args.all("root");
  const auto threshold = whole_number(args.get("threshold", "1"), topology::kMaxRootKeys);
  if (!threshold || *threshold == 0) {
    return usage("threshold", "--threshold 应当是 1 到 9 的整数",
                 "--threshold must be a whole number from 1 to 9");
  }
  options.threshold = *threshold;
  constexpr std::uint64_t kMaxOperatorDays = 3'660;
  const auto days = whole_number(args.get("operator-days", "1096"), kMaxOperatorDays);
  if (!days || *days == 0) {
    return usage("operator-days", "--operator-days 应当是 1 到 3660 的整数",
                 "--operator-days must be a whole number from 1 to 3660");
  }
  options.operator_days = *days;
  if (options.suite != "ed25519" && options.suite != "sm2") {
    return usage("suite", "--suite 应当是 ed25519 或 sm2", "--suite must be ed25519 or sm2");
  }
  YISHI_ASSERT(invocation.hooks.create);
  return summarized(invocation, invocation.hooks.create(options));
}

std::string tree_text(const Invocation& invocation, const Json& unit, std::size_t depth) {
  std::string out(depth * 2, ' ');
  out += invocation.unit(unit) + "  " + text_of_key(unit, "code");
  const Json level = unit.value("level", Json::object());
  out += "  " + one_line(text_of_key(level, invocation.chinese ? "zh" : "id"));
  if (unit.value("node", Json()).is_object()) {
    out += invocation.pick("  有节点", "  has a node");
  } else {
    out += invocation.pick("  由 ", "  kept by ") + invocation.unit(unit.value("keeper", Json())) +
           invocation.pick(" 代管", "");
  }
  if (unit.value("retired", false)) out += invocation.pick("  已撤销", "  retired");
  if (unit.value("suspended", false)) out += invocation.pick("  已停用", "  suspended");
  const auto below = unit.value("units_below", std::size_t{0});
  if (!unit.contains("children") && below > 0) {
    out += invocation.pick("  （下级 " + std::to_string(below) + " 个）",
                           "  (" + std::to_string(below) + " units below)");
  }
  out += '\n';
  for (const auto& child : unit.value("children", Json::array())) {
    out += tree_text(invocation, child, depth + 1);
  }
  return out;
}

Outcome show(const Invocation& invocation) {
  const auto& args = invocation.args;
  Target target("/api/v1/topology");
  target.with("unit", args.get("unit")).with("depth", args.get("depth"));
  const auto called = api_get(invocation, target.text());
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = tree_text(invocation, called.body.value("tree", Json::object()), 0);
  const Json history = called.body.value("history", Json::array());
  if (history.size() < 2) return outcome;
  outcome.text += invocation.pick("沿革：\n", "History:\n");
  for (const auto& chapter : history) {
    outcome.text += "  " + invocation.time(chapter.value("since", Json())) + "  " +
                    one_line(text_of_key(chapter, "name")) + "  ";
    const bool retired = chapter.value("retired", false);
    outcome.text += retired ? invocation.pick("撤销，承接单位 ", "retired, succeeded by ")
                            : invocation.pick("隶属 ", "under ");
    outcome.text += text_of_key(chapter, "parent") + '\n';
  }
  return outcome;
}

std::string signer_text(const Invocation& invocation, const Json& signer) {
  constexpr std::size_t kKeyShown = 12;  // characters of a key id
  const std::string part = text_of_key(signer, "part");
  if (part == "ticket") {
    return invocation.pick("票据 ", "ticket of ") + invocation.unit(at(signer, "ticket_of"));
  }
  if (part == "operator") {
    return invocation.pick("管理员 ", "operator ") + one_line(text_of_key(signer, "label")) + " (" +
           invocation.unit(at(signer, "operator_of")) + ", " +
           text_of_key(signer, "key").substr(0, kKeyShown) + ")";
  }
  std::string who = invocation.pick("根密钥", "root");
  for (const auto& key : signer.value("keys", Json::array())) {
    if (key.is_string()) who += ' ' + key.get<std::string>().substr(0, kKeyShown);
  }
  return who;
}

Outcome log(const Invocation& invocation) {
  const auto& args = invocation.args;
  Target target("/api/v1/topology/log");
  target.with("after", args.get("after")).with("limit", args.get("limit"));
  const auto called = api_get(invocation, target.text());
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  for (const auto& change : called.body.value("changes", Json::array())) {
    const Json signer = change.value("signer", Json::object());
    const std::string who = signer_text(invocation, signer);
    outcome.text += std::to_string(change.value("version", 0)) + "  " +
                    invocation.time(change.value("time", Json())) + "  " + who + '\n';
    for (const auto& operation : change.value("operations", Json::array())) {
      outcome.text += "    " + invocation.label(operation) + '\n';
    }
  }
  return outcome;
}

Outcome context(const Invocation& invocation) {
  Target target("/api/v1/topology/context");
  for (const auto& unit : invocation.args.all("unit")) target.with("unit", unit);
  const auto called = api_get(invocation, target.text());
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  const auto& body = called.body;
  outcome.text += line_of(invocation, "网络", "Network", text_of_key(body, "name"));
  outcome.text += line_of(invocation, "编号", "Id", text_of_key(body, "network"));
  outcome.text += line_of(invocation, "密码套件", "Suite", text_of_key(body, "suite"));
  outcome.text += line_of(invocation, "版本", "Version", std::to_string(body.value("version", 0)));
  outcome.text +=
      line_of(invocation, "最高单位", "Root", invocation.unit(body.value("root", Json())));
  for (const auto& unit : body.value("units", Json::array())) {
    const Json parent = unit.value("parent", Json());
    outcome.text += line_of(invocation, invocation.unit(unit), invocation.unit(unit),
                            invocation.unit(parent) + "  " +
                                (parent.is_object() ? text_of_key(parent, "endpoint") : ""));
  }
  return outcome;
}

std::vector<Command> looking_commands() {
  return {
      {"topology create",
       "创建网络和最高一级的节点",
       "create a network and the node of its top unit",
       {{"divisions", "CSV", "区划文件：code,name,level,parent",
         "divisions: code,name,level,parent", false, true},
        {"name", "NAME", "网络名称", "the network's name", false, true},
        {"policy", "FILE", "规则文件（TOML）", "policy file (TOML)", false, true},
        {"suite", "ed25519|sm2", "密码套件（默认 ed25519）", "suite (default ed25519)"},
        {"bind", "tcp://…", "监听下级的地址", "where to listen for children"},
        {"advertise", "tcp://…", "下级连接的地址（写入组织架构）",
         "where children connect (goes into the topology)"},
        {"root", "FILE", "根密钥：私钥或 .pub 文件，可给几个（默认新做一把，放在数据目录旁）",
         "root keys: private or .pub files (default: a new one beside the data directory)", true},
        {"threshold", "N", "几把根密钥签名才有效（默认 1）",
         "how many root keys must sign (default 1)"},
        {"operator-days", "N", "本机管理员密钥的有效天数（默认 1096）",
         "days the operator's key made here is good for (default 1096)"},
        {"passphrase-file", "FILE", "口令文件", "file with the passphrase"}},
       "yishi --data city topology create --divisions huaian.csv --name 淮安议事网 "
       "--policy huaian.toml --bind tcp://0.0.0.0:7400 --advertise tcp://192.0.2.10:7400",
       create},
      {"topology show",
       "显示单位、由谁代管、哪些有节点",
       "show units, who keeps them, which have nodes",
       {{"unit", "CODE", "从这个单位开始（默认最高一级）", "from this unit (default: the top)"},
        {"depth", "N", "向下几级（默认 1）", "levels below it (default 1)"}},
       "yishi topology show --unit 320803000000 --depth 2",
       show},
      {"topology log",
       "列出组织架构的每次变更",
       "list every change of the topology",
       {{"after", "VERSION", "这个版本之后的", "after this version"},
        {"limit", "N", "最多几次（默认 200）", "at most so many (default 200)"}},
       "yishi topology log --after 12",
       log},
      {"topology context",
       "显示网络编号、密码套件和版本",
       "show the network's id, suite and version",
       {{"unit", "CODE", "还要显示这个单位的上级节点", "and the node above this unit", true}},
       "yishi topology context --unit 320803001001",
       context},
  };
}

}  // namespace

std::vector<Command> topology_commands() {
  std::vector<Command> all = looking_commands();
  for (auto part :
       {change_commands, plan_commands, operator_commands, key_commands, proposal_commands}) {
    for (auto& command : part()) all.push_back(std::move(command));
  }
  return all;
}

}  // namespace yishi::cli
