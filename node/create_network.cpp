// `yishi topology create`: a network, and the data directory of its root's node.
#include <set>

#include "crypto/key_file.h"
#include "node/cli/key_files.h"
#include "node/data_directory.h"
#include "node/directory_draft.h"
#include "node/turn/clock.h"
#include "node/turn/ledger.h"
#include "topology/divisions_csv.h"

namespace yishi::node {

namespace {

constexpr std::size_t kMaxChangesBytes = sync::kMaxEntryRecordBytes / 2;  // of one entry

// The root's keys: those whose private halves are here sign the first change.
struct Root {
  std::vector<Bytes> keys;
  std::vector<crypto::PrivateKey> signers;
  std::string made;  // the file of one that was made here; empty when all were brought
};

struct NewNetwork {
  crypto::PrivateKey topology, node, clerk;
  std::vector<topology::Change> changes;
};

Status bring_root(const std::string& path, const cli::CreateOptions& options, crypto::Suite suite,
                  Root& root) {
  auto public_key = cli::read_public_key(path);
  if (public_key) {
    if (public_key->suite != suite) {
      return Error{"key.suite", "root", "密钥 " + path + " 的密码套件与网络的不同",
                   "the key " + path + " is of another suite than the network"};
    }
    root.keys.push_back(public_key->key.raw());
    return {};
  }
  auto key = cli::load_person_key(path, options.passphrase_file, path + ".secret");
  if (!key) return key.error();
  root.keys.push_back(key->public_key().raw());
  root.signers.push_back(std::move(key).value());
  return {};
}

Result<Root> find_root(const cli::CreateOptions& options, crypto::Suite suite) {
  Root root;
  for (const auto& path : options.roots) {
    if (auto status = bring_root(path, options, suite, root); !status.ok()) return status.error();
  }
  if (options.roots.empty()) {
    root.signers.push_back(crypto::PrivateKey::generate(suite));
    root.keys.push_back(root.signers.front().public_key().raw());
    auto beside = options.data;
    while (beside.size() > 1 && beside.ends_with('/')) beside.pop_back();
    root.made = beside + "-root.key";
  }
  if (std::set<Bytes>(root.keys.begin(), root.keys.end()).size() != root.keys.size()) {
    return Error{"root.key.twice", "root", "同一把根密钥给了两次", "a root key was given twice"};
  }
  if (root.signers.size() >= options.threshold) return root;
  return Error{"root.threshold", "root",
               "建网须有 " + std::to_string(options.threshold) + " 把根私钥在场，这里有 " +
                   std::to_string(root.signers.size()) + " 把",
               "creating the network needs " + std::to_string(options.threshold) +
                   " private root keys at hand, there are " + std::to_string(root.signers.size())};
}

// What the root decides is one change, with the fewest signatures of its keys: the network, its
// top unit and that one's node, the rules, and an operator for the rest, which he then adds.
NewNetwork sign_network(const cli::CreateOptions& options, crypto::Suite suite, const Root& root,
                        const topology::Divisions& divisions, const std::string& policy,
                        const sync::CurvePair& curve, const std::string& endpoint,
                        crypto::Random& random) {
  NewNetwork network{crypto::PrivateKey::generate(suite),
                     crypto::PrivateKey::generate(suite),
                     crypto::PrivateKey::generate(suite),
                     {}};
  constexpr std::uint64_t kDayMs = 86'400'000;
  const auto now = turn::SystemClock().now().wall_ms;
  const auto& top = divisions.units.front();
  std::vector<topology::Operation> first;
  first.emplace_back(topology::NetworkCreated{options.name.empty() ? top.name : options.name, suite,
                                              root.keys, network.topology.public_key().raw(),
                                              options.threshold});
  first.emplace_back(topology::UnitAdded{top});
  first.emplace_back(topology::NodeAdmitted{top.code, network.node.public_key().raw(),
                                            Bytes(curve.public_key.begin(), curve.public_key.end()),
                                            endpoint});
  first.emplace_back(topology::PolicySet{"policy", policy});
  first.emplace_back(topology::OperatorAdmitted{network.clerk.public_key().raw(), top.code,
                                                now + options.operator_days * kDayMs, top.name});
  network.changes.push_back(topology::propose_change({}, now, std::move(first), random));
  for (const auto& key : root.signers) {
    const auto added = topology::add_signature(key, network.changes.front());
    YISHI_ASSERT(added.ok());  // find_root saw to it that none stands twice
  }
  const auto id = topology::network_id(suite, network.changes.front());
  for (std::size_t i = 1; i < divisions.units.size();) {
    std::vector<topology::Operation> operations;
    for (; i < divisions.units.size() && operations.size() < topology::kMaxOperations; ++i) {
      operations.emplace_back(topology::UnitAdded{divisions.units[i]});
    }
    network.changes.push_back(
        topology::sign_change(network.clerk, id, now, std::move(operations), random));
  }
  return network;
}

// The topology log's first entries: as few as the limits allow.
Status write_changes(turn::Ledger& ledger, const NewNetwork& network, crypto::Random& random) {
  const auto now = turn::SystemClock().now().wall_ms;
  std::vector<Bytes> batch;
  std::size_t bytes = 0;
  const auto flush = [&]() -> Status {
    if (batch.empty()) return {};
    bytes = 0;
    return ledger.write_topology(network.topology, std::exchange(batch, {}), now, random);
  };
  for (const auto& change : network.changes) {
    auto encoded = change.encode();
    if (bytes + encoded.size() > kMaxChangesBytes || batch.size() == sync::kMaxRecordsPerEntry) {
      if (auto status = flush(); !status.ok()) return status;
    }
    bytes += encoded.size();
    batch.push_back(std::move(encoded));
  }
  return flush();
}

Status fill_store(const DirectoryDraft& draft, const store::Identity& identity,
                  const NewNetwork& network, const std::string& bind, crypto::Random& random) {
  if (auto status = store::Database::create(draft.path(), identity); !status.ok()) return status;
  auto database = store::Database::open(draft.path(), store::Access::kWriter);
  if (!database) return database.error();
  turn::Ledger ledger(**database);
  if (auto status = (*database)->begin(); !status.ok()) return status;
  if (auto status = write_changes(ledger, network, random); !status.ok()) return status;
  if (auto status = ledger.logs().set_value("bind", bind); !status.ok()) return status;
  if (ledger.fault()) return *ledger.fault();
  if (ledger.directory().latest() == 0) {
    return Error{"topology.create", "divisions", "组织目录未能建立",
                 "the topology could not be built"};
  }
  return (*database)->commit();
}

}  // namespace

Result<cli::Summary> create_network(const cli::CreateOptions& options) {
  const auto suite = crypto::suite_from_name(options.suite);
  if (!suite) {
    return Error{"topology.suite", "suite", "须为 ed25519 或 sm2，收到 " + options.suite,
                 "must be ed25519 or sm2, got " + options.suite};
  }
  auto endpoint = reachable_endpoint(options.bind, options.advertise);
  if (!endpoint) return endpoint.error();
  auto csv = read_file(options.divisions, topology::kMaxCsvBytes);
  if (!csv) return csv.error();
  const auto import = topology::import_divisions(*csv);
  if (!import.ok()) return import.summary();
  auto policy = read_file(options.policy, topology::kMaxPolicyBytes);
  if (!policy) return policy.error();
  const std::string policy_text(text_of(*policy));
  if (auto parsed = deliberation::parse_policy(policy_text); !parsed) return parsed.error();

  auto root = find_root(options, *suite);
  if (!root) return root.error();
  crypto::SystemRandom random;
  auto draft = DirectoryDraft::make(options.data);
  if (!draft) return draft.error();
  if (auto status = draft->choose_passphrase(options.passphrase_file, random); !status.ok()) {
    return status.error();
  }
  auto curve = draft->make_curve(random);
  if (!curve) return curve.error();
  const auto network = sign_network(options, *suite, *root, import.divisions, policy_text, *curve,
                                    *endpoint, random);
  for (const auto& [name, key] : {std::pair{"operator.key", &network.clerk},
                                  {"topology.key", &network.topology},
                                  {"node.key", &network.node}}) {
    if (auto status = draft->save_key(name, *key); !status.ok()) return status.error();
  }
  const auto id = topology::network_id(*suite, network.changes.front());
  const auto& top = import.divisions.units.front();
  const auto identity =
      new_identity(id, *suite, top.code, turn::SystemClock().now().wall_ms, random);
  if (auto status = fill_store(*draft, identity, network, options.bind, random); !status.ok()) {
    return status.error();
  }
  if (!root->made.empty()) {
    const auto saved =
        cli::save_person_key(root->made, root->signers.front(), options.passphrase_file);
    if (!saved.ok()) return saved.error();
  }
  if (auto status = draft->finish(); !status.ok()) return status.error();
  std::string keep_zh, keep_en;
  if (!root->made.empty()) {
    keep_zh = "\n根密钥在 " + root->made + "（及 .secret），请移到离线处保管";
    keep_en = "\nThe root key is in " + root->made + " (and .secret): keep it offline";
  }
  const auto count = std::to_string(import.divisions.units.size());
  return cli::Summary{"已建立网络“" + options.name + "”，共 " + count + " 个单位。网络编号 " +
                          to_hex(id.view()) + keep_zh,
                      "created the network " + options.name + " with " + count +
                          " units. Network id " + to_hex(id.view()) + keep_en,
                      {{"network", to_hex(id.view())},
                       {"unit", top.code.text()},
                       {"units", count},
                       {"suite", std::string(crypto::suite_name(*suite))},
                       {"root_key", root->made},
                       {"data", options.data}}};
}

}  // namespace yishi::node
