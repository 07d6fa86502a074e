// topology …: changes, each signed with the keys of who may make it.
#include <algorithm>

#include "node/cli/catalog.h"
#include "node/cli/issue_text.h"
#include "node/cli/signing.h"
#include "node/cli/text.h"
#include "node/cli/tickets.h"

namespace yishi::cli {
namespace {

using topology::Code;

// A change of one operation: made from the arguments, signed here, handed in.
using Make = Result<topology::Operation> (*)(const Arguments&);

Outcome changed(const Invocation& invocation, Make make) {
  auto operation = make(invocation.args);
  if (!operation) return failure(kRefused, operation.error());
  const auto prepared = prepare_signing(invocation, "/api/v1/topology/context");
  if (prepared.failed) return *prepared.failed;
  const std::string words = describe(*operation, invocation.chinese);
  auto outcome = hand_in(invocation, prepared.signing, {std::move(operation).value()});
  if (outcome.error || only_tried(invocation)) return outcome;
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

Result<topology::Operation> retired(const Arguments& args) {
  const auto code = code_of(args, "code");
  if (!code) return code.error();
  const auto successor = code_of(args, "to");
  if (!successor) return successor.error();
  return topology::Operation(topology::UnitRetired{*code, *successor});
}

// Changes of several operations need to know what is there.

using Operations = std::vector<topology::Operation>;

struct Standing {
  topology::Unit unit;
  std::vector<Code> children;  // that live
};

struct Asked {
  Standing standing;
  std::optional<Outcome> failed;
};

Asked ask(const Invocation& invocation, const std::string& code) {
  Target target("/api/v1/topology");
  const auto called = api_get(invocation, target.with("unit", code).with("depth", "1").text());
  if (called.failed) return {{}, called.failed};
  const Json tree = called.body.value("tree", Json::object());
  Asked asked;
  auto& unit = asked.standing.unit;
  const auto own = Code::parse(text_of_key(tree, "code"));
  if (!own) return {{}, failure(kFailed, own.error())};
  unit.code = *own;
  unit.name = text_of_key(tree, "name");
  unit.level = text_of_key(tree.value("level", Json::object()), "id");
  unit.kind = text_of_key(tree, "kind");
  if (const auto parent = Code::parse(text_of_key(tree, "parent"))) unit.parent = *parent;
  for (const auto& child : tree.value("children", Json::array())) {
    const auto below = Code::parse(text_of_key(child, "code"));
    if (below && !child.value("retired", false)) asked.standing.children.push_back(*below);
  }
  return asked;
}

// What lives below a unit that goes is moved to its successor first.
void retire_into(Operations& operations, const Standing& leaving, const Code& successor) {
  for (const auto& child : leaving.children) {
    operations.emplace_back(topology::UnitMoved{child, successor});
  }
  operations.emplace_back(topology::UnitRetired{leaving.unit.code, successor});
}

Outcome hand_in_all(const Invocation& invocation, Operations operations) {
  if (operations.size() > topology::kMaxOperations) {
    return failure(kRefused, {"change.operations.count", "code",
                              "一次变更最多 256 项，请分几次或用 topology plan 和 apply",
                              "a change has at most 256 operations: do it in parts, or with "
                              "topology plan and apply"});
  }
  const auto prepared = prepare_signing(invocation, "/api/v1/topology/context");
  if (prepared.failed) return *prepared.failed;
  std::string words;
  for (const auto& operation : operations) {
    words += one_line(describe(operation, invocation.chinese)) + '\n';
  }
  auto outcome = hand_in(invocation, prepared.signing, std::move(operations));
  if (outcome.error || only_tried(invocation)) return outcome;
  const std::string version = outcome.json.value("version", Json()).dump();
  outcome.text =
      words + invocation.pick("（版本 " + version + "）\n", "(version " + version + ")\n");
  return outcome;
}

Outcome merge(const Invocation& invocation) {
  const auto into = code_of(invocation.args, "into");
  if (!into) return failure(kRefused, into.error());
  Operations operations;
  for (const auto& code : invocation.args.all("code")) {
    const auto asked = ask(invocation, code);
    if (asked.failed) return *asked.failed;
    retire_into(operations, asked.standing, *into);
  }
  if (invocation.args.has("name")) {
    operations.emplace_back(topology::UnitRenamed{*into, invocation.args.get("name")});
  }
  return hand_in_all(invocation, std::move(operations));
}

Outcome split(const Invocation& invocation) {
  const auto fresh = code_of(invocation.args, "new");
  if (!fresh) return failure(kRefused, fresh.error());
  auto asked = ask(invocation, invocation.args.get("code"));
  if (asked.failed) return *asked.failed;
  auto unit = asked.standing.unit;
  unit.code = *fresh;
  unit.name = invocation.args.get("name");
  Operations operations{topology::UnitAdded{unit}};
  for (const auto& code : invocation.args.all("take")) {
    const auto child = Code::parse(code);
    if (!child) return failure(kRefused, child.error());
    const auto& children = asked.standing.children;
    if (std::find(children.begin(), children.end(), *child) == children.end()) {
      return failure(kRefused, {"split.take", "take", code + " 不是它的下级",
                                code + " is not directly below it"});
    }
    operations.emplace_back(topology::UnitMoved{*child, *fresh});
  }
  return hand_in_all(invocation, std::move(operations));
}

Outcome recode(const Invocation& invocation) {
  const auto fresh = code_of(invocation.args, "new");
  if (!fresh) return failure(kRefused, fresh.error());
  auto asked = ask(invocation, invocation.args.get("code"));
  if (asked.failed) return *asked.failed;
  auto unit = asked.standing.unit;
  unit.code = *fresh;
  Operations operations{topology::UnitAdded{unit}};
  retire_into(operations, asked.standing, *fresh);
  return hand_in_all(invocation, std::move(operations));
}

Outcome end_key(const Invocation& invocation) {
  Target target("/api/v1/topology");
  const auto called = api_get(
      invocation, target.with("unit", invocation.args.get("code")).with("depth", "1").text());
  if (called.failed) return *called.failed;
  const Json node = at(called.body.value("tree", Json::object()), "node");
  const Json held = at(called.body, "held");
  const auto sequence = whole_number(
      invocation.args.get("at", held.is_number_unsigned() ? held.dump() : ""), UINT64_MAX - 1);
  if (!sequence) {
    return usage("at", "--at 应当是序号，例如 214", "--at must be a sequence, for example 214");
  }
  const auto key = from_hex(node.is_object() ? text_of_key(node, "key") : "");
  if (!key || key->size() != crypto::kDigestBytes) {
    return failure(kRefused, {"node.unknown", "code", "这个单位现在没有节点密钥",
                              "this unit has no node's key at present"});
  }
  return hand_in_all(invocation, {topology::NodeEnded{crypto::Digest::from(*key), *sequence}});
}

std::vector<Option> with_signing(std::vector<Option> options) {
  for (auto& option : signing_options()) options.push_back(std::move(option));
  return options;
}

const Option kCode{"code", "CODE", "单位代码", "the unit's code", false, true, true};
const Option kName{"name", "NAME", "名称", "name", false, true, true};
const Option kParent{"parent", "CODE", "上级单位代码", "code of the unit above", false, true};
const Option kTo{"to", "CODE", "承接单位代码", "code of the unit that succeeds it", false, true};

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
      {"topology retire", "撤销单位，由另一单位承接", "retire a unit; another succeeds it",
       with_signing({kCode, kTo}), "yishi topology retire 320803001099 --to 320803001001",
       change(retired)},
      {"topology merge", "把几个单位并入一个（撤村并镇）", "merge units into one",
       with_signing({{"code", "CODE", "被并入的单位", "units that go", true, true, true},
                     {"into", "CODE", "承接单位", "the unit that succeeds them", false, true},
                     {"name", "NAME", "承接单位的新名称", "its new name"}}),
       "yishi topology merge 320803001002 320803001003 --into 320803001001 --name 新河村", merge},
      {"topology split", "从一个单位分出新单位", "split a new unit from one",
       with_signing({kCode,
                     {"new", "CODE", "新单位代码", "the new unit's code", false, true},
                     {"name", "NAME", "新单位名称", "its name", false, true},
                     {"take", "CODE", "随之划去的下级", "units below that go with it", true}}),
       "yishi topology split 320803001000 --new 320803002000 --name 新镇 --take 320803001001",
       split},
      {"topology recode", "给单位换代码（旧代码可查，由新代码承接）",
       "give a unit another code; the old one stays readable and is succeeded by it",
       with_signing({kCode, {"new", "CODE", "新代码", "the new code", false, true}}),
       "yishi topology recode 320803001099 --new 320803001100", recode},
      {"topology end-key", "终止单位的节点密钥（机器丢失或泄密）",
       "end the key of a unit's node (a machine lost or stolen)",
       with_signing({kCode,
                     {"at", "SEQUENCE", "它最后一条有效记录的序号（默认：本节点已收到的）",
                      "the last of its entries that counts (default: what this node holds)"}}),
       "yishi topology end-key 320803001001 --at 214", end_key},
      {"topology ticket", "签发加入票据（一次有效）", "issue tickets to join, each for once",
       with_signing(
           {{"unit", "CODE", "给这个单位", "for this unit", true},
            {"under", "CODE", "给这个单位以下所有没有节点的单位",
             "for every unit without a node below this one"},
            {"level", "LEVEL", "与 --under 一起：只给这一级", "with --under: only of this level"},
            {"days", "N", "有效天数（默认 14）", "days it is good for (default 14)"},
            {"csv", "FILE", "写成 CSV 文件", "write them to a CSV file"},
            {"sheet", "FILE", "写成可打印的网页，每单位一个二维码",
             "write a page to print, with a QR code for each unit"}}),
       "yishi topology ticket --unit 320803001001 --days 7", make_tickets},
      {"topology policy", "显示规则，或用 --file 设定新规则",
       "show the policy, or set another with --file",
       with_signing({{"file", "FILE", "新的规则文件（TOML）", "the new policy (TOML)"},
                     {"id", "ID", "规则的代号", "the policy's id"}}),
       "yishi topology policy --file huaian.toml --id huaian", policy},
  };
}

}  // namespace

std::vector<Command> change_commands() { return changing_commands(); }

}  // namespace yishi::cli
