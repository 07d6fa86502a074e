// topology …: creating a network, looking at it, and changing it with the operator's key.
#include "node/cli/catalog.h"
#include "node/cli/issue_text.h"
#include "node/cli/signing.h"
#include "node/cli/text.h"
#include "node/cli/tickets.h"

namespace yishi::cli {
namespace {

using topology::Code;

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
  return outcome;
}

Outcome log(const Invocation& invocation) {
  const auto& args = invocation.args;
  Target target("/api/v1/topology/log");
  target.with("after", args.get("after")).with("limit", args.get("limit"));
  const auto called = api_get(invocation, target.text());
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  constexpr std::size_t kKeyShown = 12;  // characters of a key id
  for (const auto& change : called.body.value("changes", Json::array())) {
    const Json signer = change.value("signer", Json::object());
    const Json ticket = signer.value("ticket_of", Json());
    const std::string who = ticket.is_object()
                                ? invocation.pick("票据 ", "ticket of ") + invocation.unit(ticket)
                                : text_of_key(signer, "key").substr(0, kKeyShown);
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

// A change of one operation: made from the arguments, signed here, handed in.
using Make = Result<topology::Operation> (*)(const Arguments&);

Outcome changed(const Invocation& invocation, Make make) {
  auto operation = make(invocation.args);
  if (!operation) return failure(kRefused, operation.error());
  const auto prepared = prepare_signing(invocation, "/api/v1/topology/context");
  if (prepared.failed) return *prepared.failed;
  const std::string words = describe(*operation, invocation.chinese);
  auto outcome = hand_in(invocation, prepared.signing, {std::move(operation).value()});
  if (outcome.error) return outcome;
  const std::string version = outcome.json.value("version", Json()).dump();
  outcome.text = one_line(words) +
                 invocation.pick("（版本 " + version + "）\n", " (version " + version + ")\n");
  return outcome;
}

std::function<Outcome(const Invocation&)> change(Make make) {
  return [make](const Invocation& invocation) { return changed(invocation, make); };
}

Result<Code> code_of(const Arguments& args, const char* name) {
  auto code = Code::parse(args.get(name));
  if (code) return code;
  Error error = code.error();
  error.field = name;
  return error;
}

Result<topology::Operation> added(const Arguments& args) {
  const auto code = code_of(args, "code");
  if (!code) return code.error();
  const auto parent = code_of(args, "parent");
  if (!parent) return parent.error();
  const auto kind = topology::kind_of_suffix(code->suffix_letter());
  topology::Unit unit{*code, args.get("name"), args.get("level"), *parent, std::string(kind)};
  if (args.has("kind")) unit.kind = args.get("kind");
  return topology::Operation(topology::UnitAdded{std::move(unit)});
}

Result<topology::Operation> renamed(const Arguments& args) {
  const auto code = code_of(args, "code");
  if (!code) return code.error();
  return topology::Operation(topology::UnitRenamed{*code, args.get("name")});
}

Result<topology::Operation> moved(const Arguments& args) {
  const auto code = code_of(args, "code");
  if (!code) return code.error();
  const auto parent = code_of(args, "parent");
  if (!parent) return parent.error();
  return topology::Operation(topology::UnitMoved{*code, *parent});
}

Result<topology::Operation> suspended(const Arguments& args) {
  const auto code = code_of(args, "code");
  if (!code) return code.error();
  return topology::Operation(topology::UnitSuspended{*code});
}

Result<topology::Operation> resumed(const Arguments& args) {
  const auto code = code_of(args, "code");
  if (!code) return code.error();
  return topology::Operation(topology::UnitResumed{*code});
}

Result<topology::Operation> policy_set(const Arguments& args) {
  auto text = read_file(args.get("file"), topology::kMaxPolicyBytes);
  if (!text) return text.error();
  return topology::Operation(topology::PolicySet{args.get("id"), std::move(text).value()});
}

Outcome policy(const Invocation& invocation) {
  if (invocation.args.has("file")) {
    if (!invocation.args.has("id")) {
      return usage("id", "设定规则时请用 --id 给出代号，例如 --id huaian",
                   "name the policy with --id, for example --id huaian");
    }
    return changed(invocation, policy_set);
  }
  const auto called = api_get(invocation, "/api/v1/topology/policy");
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = printable(text_of_key(called.body, "text"));
  return outcome;
}

std::vector<Option> with_signing(std::vector<Option> options) {
  for (auto& option : signing_options()) options.push_back(std::move(option));
  return options;
}

const Option kCode{"code", "CODE", "单位代码", "the unit's code", false, true, true};
const Option kName{"name", "NAME", "名称", "name", false, true, true};
const Option kParent{"parent", "CODE", "上级单位代码", "code of the unit above", false, true};

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

std::vector<Command> changing_commands() {
  return {
      {"topology add", "增加一个单位", "add a unit",
       with_signing({kCode,
                     kName,
                     {"level", "LEVEL", "级别：district、township、village …",
                      "level: district, township, village …", false, true},
                     kParent,
                     {"kind", "KIND", "种类（默认看代码）", "kind (default: as the code says)"}}),
       "yishi topology add 320803001099 新河村 --level village --parent 320803001000",
       change(added)},
      {"topology rename", "给单位改名", "rename a unit", with_signing({kCode, kName}),
       "yishi topology rename 320803001099 新河社区", change(renamed)},
      {"topology move", "把单位划归另一上级", "move a unit under another",
       with_signing({kCode, kParent}), "yishi topology move 320803001099 --parent 320803002000",
       change(moved)},
      {"topology suspend", "停用单位（其节点不再有效力）", "suspend a unit: its node may not speak",
       with_signing({kCode}), "yishi topology suspend 320803001099", change(suspended)},
      {"topology resume", "恢复停用的单位", "resume a suspended unit", with_signing({kCode}),
       "yishi topology resume 320803001099", change(resumed)},
      {"topology ticket", "签发加入票据（一次有效）", "issue tickets to join, each for once",
       with_signing(
           {{"unit", "CODE", "给这个单位", "for this unit", true},
            {"under", "CODE", "给这个单位以下所有没有节点的单位",
             "for every unit without a node below this one"},
            {"level", "LEVEL", "与 --under 一起：只给这一级", "with --under: only of this level"},
            {"days", "N", "有效天数（默认 14）", "days it is good for (default 14)"}}),
       "yishi topology ticket --unit 320803001001 --days 7", make_tickets},
      {"topology policy", "显示规则，或用 --file 设定新规则",
       "show the policy, or set another with --file",
       with_signing({{"file", "FILE", "新的规则文件（TOML）", "the new policy (TOML)"},
                     {"id", "ID", "规则的代号", "the policy's id"}}),
       "yishi topology policy --file huaian.toml --id huaian", policy},
  };
}

}  // namespace

std::vector<Command> topology_commands() {
  std::vector<Command> all = looking_commands();
  for (auto& command : changing_commands()) all.push_back(std::move(command));
  return all;
}

}  // namespace yishi::cli
