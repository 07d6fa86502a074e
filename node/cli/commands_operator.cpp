// topology operator, end-operator, operators, root: who may change what.
#include "node/cli/catalog.h"
#include "node/cli/issue_text.h"
#include "node/cli/key_files.h"
#include "node/cli/signing.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

constexpr std::uint64_t kDefaultOperatorDays = 366;
constexpr std::uint64_t kMostOperatorDays = 3'660;
constexpr std::uint64_t kMsOfDay = 24ULL * 3600 * 1000;
constexpr std::size_t kShownKey = 12;  // characters of a key id

Outcome hand_in_one(const Invocation& invocation, topology::Operation operation) {
  const auto prepared = prepare_signing(invocation, "/api/v1/topology/context");
  if (prepared.failed) return *prepared.failed;
  const std::string words = one_line(describe(operation, invocation.chinese));
  auto outcome = hand_in(invocation, prepared.signing, {std::move(operation)});
  if (outcome.error || only_tried(invocation)) return outcome;
  const std::string version = outcome.json.value("version", Json()).dump();
  outcome.text =
      words + invocation.pick("（版本 " + version + "）\n", " (version " + version + ")\n");
  return outcome;
}

Outcome admit(const Invocation& invocation) {
  const auto& args = invocation.args;
  const auto key = read_public_key(args.get("public"));
  if (!key) return failure(kRefused, key.error());
  const auto subtree = topology::Code::parse(args.get("under"));
  if (!subtree) return failure(kRefused, subtree.error());
  const auto days =
      whole_number(args.get("days", std::to_string(kDefaultOperatorDays)), kMostOperatorDays);
  if (!days || *days == 0) {
    return usage("days", "--days 应当是 1 到 3660 的整数",
                 "--days must be a whole number from 1 to 3660");
  }
  return hand_in_one(
      invocation, topology::OperatorAdmitted{key->key.raw(), *subtree,
                                             wall_clock_ms() + *days * kMsOfDay, args.get("name")});
}

Outcome end_operator(const Invocation& invocation) {
  // The id's beginning will do, as the list shows it.
  const std::string start = invocation.args.get("id");
  const auto called = api_get(invocation, "/api/v1/topology/operators");
  if (called.failed) return *called.failed;
  std::vector<std::string> found;
  for (const auto& one : called.body.value("operators", Json::array())) {
    const std::string id = text_of_key(one, "key");
    if (!start.empty() && id.starts_with(start)) found.push_back(id);
  }
  const auto raw = found.size() == 1 ? from_hex(found.front()) : std::nullopt;
  if (!raw || raw->size() != crypto::kDigestBytes) {
    return failure(kRefused, {"operator.unknown", "id", "没有或不止一个编号以此开头的管理员密钥",
                              "no operator's key, or more than one, has an id that begins so"});
  }
  return hand_in_one(invocation, topology::OperatorEnded{crypto::Digest::from(*raw)});
}

Outcome change_root(const Invocation& invocation) {
  const auto& args = invocation.args;
  topology::RootChanged changed;
  for (const auto& path : args.all("root")) {
    const auto key = read_public_key(path);
    if (!key) return failure(kRefused, key.error());
    changed.keys.push_back(key->key.raw());
  }
  const auto threshold = whole_number(args.get("threshold"), topology::kMaxRootKeys);
  if (!threshold || *threshold == 0) {
    return usage("threshold", "--threshold 应当是 1 到 9 的整数",
                 "--threshold must be a whole number from 1 to 9");
  }
  changed.threshold = *threshold;
  return hand_in_one(invocation, std::move(changed));
}

std::string state_text(const Invocation& invocation, const Json& one) {
  if (!at(one, "ended").is_null()) return invocation.pick("已撤销", "ended");
  if (one.value("expired", false)) return invocation.pick("已过期", "expired");
  return invocation.pick("有效", "valid");
}

Outcome list_operators(const Invocation& invocation) {
  const auto called = api_get(invocation, "/api/v1/topology/operators");
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  const Json root = called.body.value("root", Json::object());
  const Json keys = root.value("keys", Json::array());
  const std::string of =
      std::to_string(root.value("threshold", 0)) + "/" + std::to_string(keys.size());
  outcome.text = line_of(invocation, "根密钥", "Root", of);
  for (const auto& key : keys) {
    if (key.is_string()) outcome.text += "  " + key.get<std::string>().substr(0, kShownKey) + '\n';
  }
  Table table({invocation.pick("编号", "id"), invocation.pick("名称", "name"),
               invocation.pick("管理", "may change"), invocation.pick("有效期至", "expires"),
               invocation.pick("状态", "state")});
  for (const auto& one : called.body.value("operators", Json::array())) {
    table.add({text_of_key(one, "key").substr(0, kShownKey), one_line(text_of_key(one, "label")),
               invocation.unit(at(one, "unit")), invocation.time(at(one, "expires")),
               state_text(invocation, one)});
  }
  if (!table.empty()) outcome.text += table.text();
  return outcome;
}

}  // namespace

std::vector<Command> operator_commands() {
  const auto with = [](std::vector<Option> options) {
    for (auto& option : signing_options()) options.push_back(std::move(option));
    return options;
  };
  return {
      {"topology operators",
       "列出根密钥和管理员",
       "list the root keys and the operators",
       {},
       "yishi topology operators",
       list_operators},
      {"topology operator", "授权管理员管理一个单位及其下属（根密钥签名）",
       "admit an operator for a unit and what is below it (signed by the root)",
       with({{"public", "FILE.pub", "管理员的公钥文件", "the operator's public key", false, true,
              true},
             {"under", "CODE", "管理哪个单位及其下属", "for this unit and below", false, true},
             {"name", "NAME", "名称", "a name", false, true},
             {"days", "N", "有效天数（默认 366）", "days it is good for (default 366)"}}),
       "yishi topology operator district.key.pub --under 320803000000 --name 淮安区管理员 "
       "--key root-1.key",
       admit},
      {"topology end-operator", "撤销管理员（根密钥签名）", "end an operator (signed by the root)",
       with({{"id", "ID", "密钥编号（开头几位即可）", "the key's id, or how it begins", false, true,
              true}}),
       "yishi topology end-operator 3f9a0c --key root-1.key", end_operator},
      {"topology root", "更换根密钥（新旧都要签名）",
       "change the root keys (old and new must sign)",
       with({{"root", "FILE.pub", "新的根公钥，可给几个", "the new root keys", true, true},
             {"threshold", "N", "几把签名才有效", "how many of them must sign", false, true}}),
       "yishi topology root --root a.pub --root b.pub --root c.pub --threshold 2 "
       "--propose root.txt",
       change_root},
  };
}

}  // namespace yishi::cli
