#include "node/cli/signing.h"

#include <algorithm>
#include <iterator>

#include "crypto/key_file.h"
#include "crypto/random.h"
#include "node/cli/issue_text.h"

namespace yishi::cli {
namespace {

constexpr std::size_t kMaxPassphraseBytes = 4096;

Result<crypto::PrivateKey> operator_key(const Invocation& invocation) {
  const auto& args = invocation.args;
  const std::string secret = args.get("passphrase-file", invocation.data + "/secret");
  const auto bytes = crypto::load_private_file(secret, kMaxPassphraseBytes);
  if (!bytes) return bytes.error();
  std::string_view passphrase = text_of(*bytes);
  while (passphrase.ends_with('\n') || passphrase.ends_with('\r')) passphrase.remove_suffix(1);
  return crypto::load_key(args.get("key", invocation.data + "/operator.key"), passphrase);
}

Outcome wrong_answer() {
  return failure(kFailed, {"http.answer", "", "节点的答复中没有网络编号或密码套件",
                           "the node's answer has no network id or suite"});
}

}  // namespace

std::vector<Option> signing_options() {
  return {{"key", "FILE", "操作员密钥（默认 数据目录/operator.key）",
           "the operator's key (default DATA/operator.key)"},
          {"passphrase-file", "FILE", "密钥口令文件（默认 数据目录/secret）",
           "file with the key's passphrase (default DATA/secret)"}};
}

Prepared prepare_signing(const Invocation& invocation, const std::string& target) {
  auto key = operator_key(invocation);
  if (!key) return {{}, failure(kRefused, key.error())};
  auto called = api_get(invocation, target);
  if (called.failed) return {{}, called.failed};
  const auto network = from_hex(text_of_key(called.body, "network"));
  const auto suite = crypto::suite_from_name(text_of_key(called.body, "suite"));
  if (!network || network->size() != crypto::kDigestBytes || !suite) return {{}, wrong_answer()};
  Prepared prepared;
  prepared.signing.network = crypto::Digest::from(*network);
  prepared.signing.suite = *suite;
  prepared.signing.context = std::move(called.body);
  if (key->suite() != *suite) {
    return {{},
            failure(kRefused, {"key.suite", "key", "这把密钥的密码套件与网络的不同",
                               "the key is of another suite than the network"})};
  }
  prepared.signing.key = std::make_shared<const crypto::PrivateKey>(std::move(key).value());
  return prepared;
}

Outcome hand_in(const Invocation& invocation, const Signing& signing,
                std::vector<topology::Operation> operations) {
  YISHI_ASSERT(signing.key != nullptr && !operations.empty());
  crypto::SystemRandom random;
  Json changes = Json::array();
  for (std::size_t from = 0; from < operations.size(); from += topology::kMaxOperations) {
    const std::size_t to = std::min(operations.size(), from + topology::kMaxOperations);
    const auto start = operations.begin() + static_cast<std::ptrdiff_t>(from);
    std::vector<topology::Operation> part(
        std::make_move_iterator(start),
        std::make_move_iterator(operations.begin() + static_cast<std::ptrdiff_t>(to)));
    const auto change = topology::sign_change(*signing.key, signing.network, wall_clock_ms(),
                                              std::move(part), random);
    changes.push_back(to_base64url(change.encode()));
  }
  auto called = api_post(invocation, "/api/v1/topology/changes", {{"changes", std::move(changes)}});
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = std::move(called.body);
  return outcome;
}

}  // namespace yishi::cli
