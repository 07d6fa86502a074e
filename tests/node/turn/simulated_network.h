// A network of real turns on real stores, with a false clock, transport and random source:
// everything happens when step() says so. The first of its kind; copy from it.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "node/turn/turn.h"
#include "topology/divisions_csv.h"

namespace yishi::turn {

inline topology::Code code(std::string_view text) {
  auto parsed = topology::Code::parse(text);
  YISHI_ASSERT(parsed.ok());
  return *parsed;
}

inline const topology::Code kCity = code("320800000000");
inline const topology::Code kDistrict = code("320803000000");
inline const topology::Code kOtherDistrict = code("320804000000");
inline const topology::Code kTown = code("320803001000");
inline const topology::Code kOtherTown = code("320803002000");
inline const topology::Code kVillage = code("320803001001");
inline const topology::Code kSecondVillage = code("320803001002");
inline const topology::Code kFarVillage = code("320803002001");

class SeededRandom final : public crypto::Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

class FalseClock final : public Clock {
 public:
  Now now() override { return {wall_ms, steady_ms}; }
  void pass(std::uint64_t ms) {
    wall_ms += ms;
    steady_ms += ms;
  }
  std::uint64_t wall_ms = 1'795'000'000'000;  // in November 2026
  std::uint64_t steady_ms = 1'000;
};

class SimulatedNetwork;

// What a node sees of the network: frames go into the other's queue at once, unless the line
// between them is cut.
class SimulatedTransport final : public sync::Transport {
 public:
  SimulatedTransport(SimulatedNetwork& network, topology::Code unit)
      : network_(network), unit_(std::move(unit)) {}
  bool send_to_parent(View frame) override;
  bool send_to_child(const sync::PeerKey& child, View frame) override;
  void poll(std::uint64_t, std::size_t) override;
  std::vector<sync::Delivery> take_deliveries() override { return std::exchange(deliveries_, {}); }
  std::vector<sync::LineEvent> take_events() override { return std::exchange(events_, {}); }
  void wake() override {}
  Status connect(const std::optional<Upstream>& upstream) override;
  std::string line_trouble() const override { return {}; }

  const std::optional<Upstream>& upstream() const { return upstream_; }
  void deliver(sync::Delivery delivery) { deliveries_.push_back(std::move(delivery)); }
  bool up() const { return up_; }
  void drop_line() {
    if (up_) events_.push_back(sync::LineEvent::kDown);
    up_ = false;
  }

 private:
  SimulatedNetwork& network_;
  topology::Code unit_;
  std::optional<Upstream> upstream_;
  bool up_ = false;
  std::vector<sync::Delivery> deliveries_;
  std::vector<sync::LineEvent> events_;
};

struct SimulatedNode {
  SimulatedNode(topology::Code unit_, std::string directory_, Keys keys_, sync::CurvePair curve_)
      : unit(std::move(unit_)),
        directory(std::move(directory_)),
        keys(std::move(keys_)),
        curve(curve_) {}

  topology::Code unit;
  std::string directory;
  Keys keys;
  sync::CurvePair curve;
  std::optional<Admission::Joining> joining;
  store::Disk* disk = &store::Disk::real();
  Mailbox mailbox{[] {}};
  Board board;
  std::unique_ptr<store::Database> database;  // null: the process is dead
  std::unique_ptr<SimulatedTransport> transport;
  std::unique_ptr<Turn> turn;

  bool alive() const { return turn != nullptr; }
};

class SimulatedNetwork {
 public:
  explicit SimulatedNetwork(crypto::Suite chosen = crypto::Suite::kEd25519Sha256)
      : suite(chosen), random(7), root_key(crypto::PrivateKey::generate(chosen)) {
    auto pattern = (std::filesystem::temp_directory_path() / "yishi-turn-XXXXXX").string();
    YISHI_ASSERT(::mkdtemp(pattern.data()));
    folder = pattern;
    make_root();
  }
  ~SimulatedNetwork() {
    nodes.clear();
    std::filesystem::remove_all(folder);
  }

  SimulatedNode& at(const topology::Code& unit) { return *nodes.at(unit); }

  // An operator's change, signed by the root key, through the root's mailbox.
  Answer change(std::vector<topology::Operation> operations) {
    const auto signed_change =
        topology::sign_change(root_key, id, clock.wall_ms, std::move(operations), random);
    return ask(kCity, ChangeTopology{{signed_change.encode()}});
  }

  // A ticket made by the operator, and a machine that knocks with it.
  SimulatedNode& join(const topology::Code& unit) {
    prepare_join(unit);
    start(unit);
    EXPECT_TRUE(settle([&] { return at(unit).turn->admitted(); })) << unit.text();
    return at(unit);
  }

  void prepare_join(const topology::Code& unit) {
    topology::TicketText ticket;
    const auto& directory = *at(kCity).board.read()->directory;
    const auto parent = directory.parent_node(unit);
    const auto* parent_node = directory.node_of_unit(parent);
    ticket.network = id;
    ticket.suite = suite;
    ticket.unit = unit;
    ticket.unit_name = directory.unit(unit)->name;
    ticket.secret = random.bytes(32);
    ticket.parent_endpoint = parent_node->endpoint;
    ticket.parent_curve = parent_node->curve;
    ticket.parent = parent;
    const auto ticket_curve = curve_of(ticket.curve_secret());
    EXPECT_TRUE(change({topology::TicketIssued{unit, ticket.signing_key().public_key().raw(),
                                               bytes_of(ticket_curve.public_key),
                                               clock.wall_ms + 86'400'000}})
                    .ok());
    settle();
    auto node = std::make_unique<SimulatedNode>(unit, folder + "/" + unit.text(),
                                                Keys{crypto::PrivateKey::generate(suite), {}},
                                                curve_of(random.bytes(32)));
    const auto admitted = topology::sign_change(
        ticket.signing_key(), id, clock.wall_ms,
        {topology::NodeAdmitted{unit, node->keys.node.public_key().raw(),
                                bytes_of(node->curve.public_key), endpoint(unit)}},
        random);
    node->joining = Admission::Joining{ticket, admitted.encode()};
    make_store(*node);
    nodes[unit] = std::move(node);
  }

  void start(const topology::Code& unit) {
    auto& node = at(unit);
    auto database = store::Database::open(node.directory, store::Access::kWriter, *node.disk);
    ASSERT_TRUE(database.ok()) << database.error().en;
    node.database = std::move(*database);
    node.transport = std::make_unique<SimulatedTransport>(*this, unit);
    TurnOptions options;
    options.software = "test";
    options.endpoint = endpoint(unit);
    options.status_interval_ms = 1'000;
    options.curve_public = node.curve.public_key;
    options.curve_secret = node.curve.secret_key;
    node.turn = std::make_unique<Turn>(*node.database, *node.transport, node.mailbox, node.board,
                                       clock, random, node.keys, node.joining, options);
    const auto status = node.turn->start();
    ASSERT_TRUE(status.ok()) << status.error().en;
  }

  // The process is gone between two turns; what was committed stays.
  void kill(const topology::Code& unit) {
    auto& node = at(unit);
    node.turn.reset();
    node.transport.reset();
    node.database.reset();
    for (auto& [other, neighbour] : nodes) {
      if (neighbour->alive() && leads_to(*neighbour, unit)) neighbour->transport->drop_line();
    }
  }

  // One turn of every node, and some time.
  void step(std::uint64_t ms = 20) {
    for (auto& [unit, node] : nodes) {
      if (!node->alive()) continue;
      const auto status = node->turn->run_once(0);
      ASSERT_TRUE(status.ok()) << unit.text() << " " << status.error().rule << " "
                               << status.error().en;
    }
    clock.pass(ms);
  }

  // Steps until the question is answered with yes; false after a simulated minute or so.
  bool settle(const std::function<bool()>& question = {}, int steps = 4'000) {
    if (!question) {
      for (int i = 0; i < 60; ++i) step();
      return true;
    }
    for (int i = 0; i < steps; ++i) {
      if (question()) return true;
      step();
    }
    return false;
  }

  Answer ask(const topology::Code& unit, Command command) {
    auto answer = at(unit).mailbox.post(std::move(command));
    step();
    return answer.get();
  }

  Answer log(const topology::Code& unit, std::string_view title, std::string_view category,
             std::int64_t yuan, std::vector<topology::Code> reach = {},
             const topology::Code& home = {}) {
    LogIssue command;
    command.body.home = home;
    command.body.title = title;
    command.body.text = std::string(title) + "，请尽快处理。";
    command.body.category = category;
    command.body.budget_fen = yuan * 100;
    command.body.reach = std::move(reach);
    command.body.by = "村委会";
    return ask(unit, std::move(command));
  }

  Answer act(const topology::Code& unit, const std::string& issue, deliberation::Act act,
             deliberation::ActBody body = {}) {
    if (body.text.empty()) body.text = "经讨论";
    if (body.by.empty()) body.by = "党组织";
    return ask(unit, DoAct{issue, act, std::move(body)});
  }

  std::optional<deliberation::Issue> issue(const topology::Code& unit, const std::string& id_text) {
    return store::Issues(*at(unit).database).issue(id_text);
  }
  std::string stage(const topology::Code& unit, const std::string& id_text) {
    const auto found = issue(unit, id_text);
    return found ? found->stage : "";
  }
  bool same_everywhere(const std::string& id_text, const std::vector<topology::Code>& units) {
    const auto first = issue(units.front(), id_text);
    if (!first) return false;
    for (const auto& unit : units) {
      const auto other = issue(unit, id_text);
      if (!other || !(*other == *first)) return false;
    }
    return true;
  }
  // 上级已收: everything this node has is receipted by its parent.
  bool received(const topology::Code& unit) {
    const store::Logs logs(*at(unit).database);
    return logs.waiting(at(unit).board.read()->receipted).records == 0;
  }
  std::vector<store::Refusal> refusals(const topology::Code& unit) {
    return store::Logs(*at(unit).database).refusals(100);
  }
  bool refused(const topology::Code& unit, std::string_view rule) {
    for (const auto& refusal : refusals(unit)) {
      if (refusal.rule == rule) return true;
    }
    return false;
  }

  static Bytes bytes_of(const sync::PeerKey& key) { return Bytes(key.begin(), key.end()); }
  static sync::CurvePair curve_of(const Bytes& secret) {
    sync::PeerKey key{};
    std::copy(secret.begin(), secret.end(), key.begin());
    return sync::curve_from_secret(key);
  }
  static std::string endpoint(const topology::Code& unit) {
    return "tcp://" + unit.text() + ":7000";
  }
  SimulatedNode* node_of_curve(const sync::PeerKey& key) {
    for (auto& [unit, node] : nodes) {
      if (node->alive() && node->curve.public_key == key) return node.get();
    }
    return nullptr;
  }
  bool leads_to(const SimulatedNode& node, const topology::Code& unit) {
    const auto& upstream = node.transport->upstream();
    return upstream && upstream->server == at(unit).curve.public_key;
  }

  crypto::Suite suite;
  FalseClock clock;
  SeededRandom random;
  crypto::PrivateKey root_key;
  crypto::Digest id;
  std::string folder;
  std::map<topology::Code, std::unique_ptr<SimulatedNode>> nodes;
  std::function<bool(const topology::Code& child)> line_cut = [](const auto&) { return false; };

 private:
  void make_store(const SimulatedNode& node) {
    store::Identity identity{id, suite, node.unit, {}, clock.wall_ms};
    random.fill(identity.incarnation);
    const auto status = store::Database::create(node.directory, identity);
    YISHI_ASSERT(status.ok());
  }

  static std::string policy() {
    std::ifstream file(YISHI_SOURCE_DIR "/node/deliberation/policies/huaian.toml");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  void make_root() {
    auto node = std::make_unique<SimulatedNode>(
        kCity, folder + "/" + kCity.text(),
        Keys{crypto::PrivateKey::generate(suite), crypto::PrivateKey::generate(suite)},
        curve_of(random.bytes(32)));
    const auto added = [](const topology::Code& unit, std::string_view name, std::string_view level,
                          const topology::Code& parent) {
      return topology::UnitAdded{{unit, std::string(name), std::string(level), parent, "division"}};
    };
    const auto first = topology::sign_change(
        root_key, {}, clock.wall_ms,
        {topology::NetworkCreated{
             "淮安", suite, {root_key.public_key().raw()}, node->keys.topology->public_key().raw()},
         added(kCity, "淮安市", "city", {}), added(kDistrict, "淮安区", "district", kCity),
         added(kOtherDistrict, "淮阴区", "district", kCity),
         added(kTown, "甲镇", "township", kDistrict),
         added(kOtherTown, "乙镇", "township", kDistrict),
         added(kVillage, "一村", "village", kTown), added(kSecondVillage, "二村", "village", kTown),
         added(kFarVillage, "远村", "village", kOtherTown),
         topology::NodeAdmitted{kCity, node->keys.node.public_key().raw(),
                                bytes_of(node->curve.public_key), endpoint(kCity)},
         topology::PolicySet{"huaian", policy()}},
        random);
    id = topology::network_id(suite, first);
    make_store(*node);
    {
      auto database = store::Database::open(node->directory, store::Access::kWriter);
      YISHI_ASSERT(database.ok());
      Ledger ledger(**database);
      YISHI_ASSERT((*database)->begin().ok());
      const auto status =
          ledger.write_topology(*node->keys.topology, {first.encode()}, clock.wall_ms, random);
      YISHI_ASSERT(status.ok() && ledger.directory().latest() == 1);
      YISHI_ASSERT((*database)->commit().ok());
    }
    nodes[kCity] = std::move(node);
    start(kCity);
  }
};

inline bool SimulatedTransport::send_to_parent(View frame) {
  if (!up_ || network_.line_cut(unit_)) return false;
  auto* parent = network_.node_of_curve(upstream_->server);
  if (!parent) return false;
  parent->transport->deliver({upstream_->public_key, false, copy(frame)});
  return true;
}

inline bool SimulatedTransport::send_to_child(const sync::PeerKey& child, View frame) {
  for (auto& [unit, node] : network_.nodes) {
    if (!node->alive() || !node->transport->up_ || network_.line_cut(unit)) continue;
    if (node->transport->upstream_->public_key != child) continue;
    node->transport->deliver({node->transport->upstream_->server, true, copy(frame)});
    return true;
  }
  return false;
}

// The handshake: the parent's node is there, and its turn admits the key.
inline void SimulatedTransport::poll(std::uint64_t, std::size_t) {
  if (!upstream_) return;
  auto* parent = network_.node_of_curve(upstream_->server);
  const bool reachable = parent && !network_.line_cut(unit_);
  if (up_ && !reachable) return drop_line();
  if (up_ || !reachable) return;
  if (parent->turn->admits(upstream_->public_key)) {
    up_ = true;
    events_.push_back(sync::LineEvent::kUp);
  } else {
    events_.push_back(sync::LineEvent::kRefused);
  }
}

inline Status SimulatedTransport::connect(const std::optional<Upstream>& upstream) {
  if (upstream == upstream_) return {};
  drop_line();
  upstream_ = upstream;
  return {};
}

}  // namespace yishi::turn
