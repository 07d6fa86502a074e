#include "node/cli/signing.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "crypto/random.h"
#include "node/cli/issue_text.h"
#include "node/cli/key_files.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

using topology::Change;

Outcome wrong_answer() {
  return failure(kFailed, {"http.answer", "", "节点的答复中没有网络编号或密码套件",
                           "the node's answer has no network id or suite"});
}

std::vector<std::string> key_paths(const Invocation& invocation) {
  auto paths = invocation.args.all("key");
  if (paths.empty()) paths.push_back(invocation.data + "/operator.key");
  return paths;
}

// Those given with --key, or the operator's in the data directory.
Status load_keys(const Invocation& invocation, Signing& signing) {
  for (const auto& path : key_paths(invocation)) {
    auto key =
        load_person_key(path, invocation.args.get("passphrase-file"), invocation.data + "/secret");
    if (!key) return key.error();
    if (key->suite() != signing.suite) {
      return Error{"key.suite", "key", "密钥 " + path + " 的密码套件与网络的不同",
                   "the key " + path + " is of another suite than the network"};
    }
    signing.keys.push_back(std::make_shared<const crypto::PrivateKey>(std::move(key).value()));
  }
  return {};
}

std::vector<Change> changes_of(const Signing& signing,
                               std::vector<topology::Operation> operations) {
  crypto::SystemRandom random;
  std::vector<Change> changes;
  for (std::size_t from = 0; from < operations.size(); from += topology::kMaxOperations) {
    const std::size_t to = std::min(operations.size(), from + topology::kMaxOperations);
    const auto start = operations.begin() + static_cast<std::ptrdiff_t>(from);
    std::vector<topology::Operation> part(
        std::make_move_iterator(start),
        std::make_move_iterator(operations.begin() + static_cast<std::ptrdiff_t>(to)));
    changes.push_back(
        topology::propose_change(signing.network, wall_clock_ms(), std::move(part), random));
  }
  return changes;
}

Json encoded(const std::vector<Change>& changes) {
  Json texts = Json::array();
  for (const auto& change : changes) texts.push_back(to_base64url(change.encode()));
  return {{"changes", std::move(texts)}};
}

std::string change_lines(const std::vector<Change>& changes, bool chinese, std::string_view start) {
  std::string text;
  for (const auto& change : changes) {
    for (const auto& operation : change.operations) {
      text += std::string(start) + one_line(describe(operation, chinese)) + '\n';
    }
  }
  return text;
}

Status write_proposal(const std::string& path, const std::vector<Change>& changes) {
  std::string text;
  for (const auto& change : changes) {
    text += change_lines({change}, true, "# ") + change_lines({change}, false, "# ");
    for (const auto& one : change.signatures) {
      text += "# 已签 signed: " + to_hex(one.key.view()) + '\n';
    }
    text += to_base64url(change.encode()) + '\n';
  }
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (out) return {};
  return Error{"file.write", path, "不能写文件 " + path, "cannot write the file " + path};
}

Result<std::vector<Change>> read_proposal(const std::string& path) {
  const auto text = read_file(path, kMaxProposalBytes);
  if (!text) return text.error();
  std::vector<Change> changes;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    const auto bytes = from_base64url(line);
    auto change = bytes ? topology::decode_proposal(*bytes)
                        : Result<Change>(Error{"proposal.text", path, path + " 不是变更文件",
                                               path + " is no file of changes"});
    if (!change) return change.error();
    changes.push_back(std::move(change).value());
  }
  if (!changes.empty()) return changes;
  return Error{"proposal.empty", path, path + " 中没有变更", path + " has no change in it"};
}

Outcome proposed(const Invocation& invocation, const std::vector<Change>& changes) {
  const std::string path = invocation.args.get("propose");
  if (const auto status = write_proposal(path, changes); !status) {
    return failure(kRefused, status.error());
  }
  Outcome outcome;
  outcome.json = {{"proposal", path}, {"changes", changes.size()}};
  outcome.text =
      change_lines(changes, invocation.chinese, "") +
      invocation.pick("变更写入 " + path + "，尚未生效。签名：yishi topology sign " + path +
                          " --key 密钥；提交：yishi topology submit " + path + '\n',
                      "written to " + path +
                          ", without effect yet. Sign: yishi topology "
                          "sign " +
                          path + " --key KEY; hand in: yishi topology submit " + path + '\n');
  return outcome;
}

Outcome tried(const Invocation& invocation, const std::vector<Change>& changes) {
  auto called = api_post(invocation, "/api/v1/topology/preview", encoded(changes));
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = std::move(called.body);
  for (const auto& effect : outcome.json.value("effects", Json::array())) {
    outcome.text += "  " + invocation.label(effect);
    const auto open = effect.value("open_issues", std::uint64_t{0});
    if (open > 0) {
      const std::string count = std::to_string(open);
      outcome.text += invocation.pick("（在办 " + count + " 件）", " (" + count + " open issues)");
    }
    outcome.text += '\n';
  }
  if (const auto more = outcome.json.value("left_out", std::uint64_t{0}); more > 0) {
    outcome.text += invocation.pick("  另有 " + std::to_string(more) + " 项\n",
                                    "  and " + std::to_string(more) + " more\n");
  }
  outcome.text += invocation.pick("以上是试算，什么也没有变更。\n",
                                  "This was a dry run: nothing has been changed.\n");
  return outcome;
}

Outcome sign(const Invocation& invocation) {
  const std::string path = invocation.args.get("file");
  auto changes = read_proposal(path);
  if (!changes) return failure(kRefused, changes.error());
  for (const auto& key_path : key_paths(invocation)) {
    const auto key = load_person_key(key_path, invocation.args.get("passphrase-file"),
                                     invocation.data + "/secret");
    if (!key) return failure(kRefused, key.error());
    for (auto& change : *changes) {
      if (const auto added = topology::add_signature(*key, change); !added) {
        return failure(kRefused, added.error());
      }
    }
  }
  if (const auto status = write_proposal(path, *changes); !status) {
    return failure(kRefused, status.error());
  }
  const std::string count = std::to_string(changes->front().signatures.size());
  Outcome outcome;
  outcome.json = {{"proposal", path}, {"signatures", changes->front().signatures.size()}};
  outcome.text = change_lines(*changes, invocation.chinese, "") +
                 invocation.pick("已签名，现有 " + count + " 个签名\n",
                                 "signed; it has " + count + " signatures now\n");
  return outcome;
}

Outcome submit(const Invocation& invocation) {
  const auto changes = read_proposal(invocation.args.get("file"));
  if (!changes) return failure(kRefused, changes.error());
  if (invocation.args.has("dry-run")) return tried(invocation, *changes);
  auto called = api_post(invocation, "/api/v1/topology/changes", encoded(*changes));
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = std::move(called.body);
  const std::string version = outcome.json.value("version", Json()).dump();
  outcome.text =
      change_lines(*changes, invocation.chinese, "") +
      invocation.pick("已生效（版本 " + version + "）\n", "in effect (version " + version + ")\n");
  return outcome;
}

const Option kKeyOption{"key", "FILE", "签名密钥（默认 数据目录/operator.key；根密钥可给几把）",
                        "the key to sign with (default DATA/operator.key; several root keys)",
                        true};
const Option kPassphraseOption{"passphrase-file", "FILE",
                               "密钥口令文件（默认 密钥.secret，否则 数据目录/secret）",
                               "the key's passphrase (default KEY.secret, else DATA/secret)"};
const Option kDryRunOption{"dry-run", "", "只试算：会改变谁的什么", "only say what would change"};

}  // namespace

std::vector<Option> signing_options() {
  return {kKeyOption,
          kPassphraseOption,
          kDryRunOption,
          {"propose", "FILE", "不提交，写成文件待签名", "do not send: write a file to be signed"}};
}

bool only_tried(const Invocation& invocation) {
  return invocation.args.has("dry-run") || invocation.args.has("propose");
}

Prepared prepare_signing(const Invocation& invocation, const std::string& target) {
  Prepared prepared;
  auto& signing = prepared.signing;
  const bool keyless = invocation.args.has("propose") && !invocation.args.has("key");
  if (!keyless) {  // a key that is not there is said before the node is asked
    const auto path = key_paths(invocation).front();
    auto key =
        load_person_key(path, invocation.args.get("passphrase-file"), invocation.data + "/secret");
    if (!key) return {{}, failure(kRefused, key.error())};
  }
  auto called = api_get(invocation, target);
  if (called.failed) return {{}, called.failed};
  const auto network = from_hex(text_of_key(called.body, "network"));
  const auto suite = crypto::suite_from_name(text_of_key(called.body, "suite"));
  if (!network || network->size() != crypto::kDigestBytes || !suite) return {{}, wrong_answer()};
  signing.network = crypto::Digest::from(*network);
  signing.suite = *suite;
  signing.context = std::move(called.body);
  if (keyless) return prepared;
  if (const auto loaded = load_keys(invocation, signing); !loaded) {
    return {{}, failure(kRefused, loaded.error())};
  }
  return prepared;
}

Outcome hand_in(const Invocation& invocation, const Signing& signing,
                std::vector<topology::Operation> operations) {
  YISHI_ASSERT(!operations.empty());
  auto changes = changes_of(signing, std::move(operations));
  for (auto& change : changes) {
    for (const auto& key : signing.keys) {
      if (const auto added = topology::add_signature(*key, change); !added) {
        return failure(kRefused, added.error());
      }
    }
  }
  if (invocation.args.has("propose")) return proposed(invocation, changes);
  if (invocation.args.has("dry-run")) return tried(invocation, changes);
  auto called = api_post(invocation, "/api/v1/topology/changes", encoded(changes));
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = std::move(called.body);
  return outcome;
}

std::vector<Command> proposal_commands() {
  const Option file{"file", "FILE", "变更文件", "the file of changes", false, true, true};
  return {{"topology sign",
           "给变更文件加一个签名（不需要节点和网络）",
           "add a signature to a file of changes (needs no node and no network)",
           {file, kKeyOption, kPassphraseOption},
           "yishi topology sign change.txt --key root-2.key",
           sign},
          {"topology submit",
           "提交签好名的变更文件",
           "hand in a file of signed changes",
           {file, kDryRunOption},
           "yishi topology submit change.txt",
           submit}};
}

}  // namespace yishi::cli
