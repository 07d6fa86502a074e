// The beginning and the calm; the storm is in storm.cpp.
#include "tests/sim/world.h"

#include <algorithm>

#include "node/turn/ledger.h"
#include "tests/sim/hostile.h"

namespace yishi::sim {

namespace {

constexpr Millis kStepMs = 5'000;
constexpr Millis kQuietMs = 75'000;  // longer than a stream is held for a gap
constexpr Millis kCalmBoundMs = 4 * 3'600'000;
constexpr crypto::Suite kSuite = crypto::Suite::kEd25519Sha256;

crypto::PrivateKey key_from(Random& random) {
  auto key = crypto::PrivateKey::from_secret(kSuite, random.bytes(crypto::kSecretBytes));
  YISHI_ASSERT(key.ok());
  return *key;
}

sync::CurvePair curve_from(Random& random) {
  sync::PeerKey secret{};
  random.fill(secret);
  return sync::curve_from_secret(secret);
}

Bytes bytes_of(const sync::PeerKey& key) { return {key.begin(), key.end()}; }

std::string endpoint_of(const topology::Code& unit) { return "tcp://" + unit.text() + ":7000"; }

}  // namespace

World::World(std::uint64_t seed)
    : random_(seed),
      network_(timeline_, witness_, random_.fork()),
      tree_(Tree::draw(random_)),
      plan_(Plan::draw(random_, tree_.places.size())),
      people_(random_.fork()),
      root_key_(key_from(random_)) {
  seed_sqlite(seed);
  witness_.seed = seed;
  witness_.suite = kSuite;
  make_root();
  make_first_machines();
  choose_hostiles();
}

World::~World() = default;

Machine& World::make_machine(const topology::Code& unit, std::optional<turn::Keys> keys,
                             std::optional<sync::CurvePair> curve) {
  Machine::Setup setup{unit,
                       keys ? std::move(*keys) : turn::Keys{key_from(random_), {}},
                       curve ? *curve : curve_from(random_),
                       endpoint_of(unit),
                       {},
                       random_.chance(0.2) ? 15'000U : 60'000U};
  const auto index = machines_.size();
  witness_.nodes.push_back({unit, setup.keys.node.public_key(), false, false, nullptr, nullptr});
  machines_.push_back(
      std::make_unique<Machine>(index, std::move(setup), network_, witness_, random_.fork()));
  auto& machine = *machines_.back();
  machine.weather = is_calm_ ? Weather{} : plan_.weather;
  machine.ended = [this](Machine& ended) {
    if (!ended.gone) start_later(ended, random_.spread(50, is_calm_ ? 1'000 : 300'000));
  };
  network_.add(machine);
  return machine;
}

topology::Operation World::admission(const Machine& machine) const {
  return topology::NodeAdmitted{machine.unit(), machine.keys().node.public_key().raw(),
                                bytes_of(machine.curve().public_key), machine.setup().endpoint};
}

// The whole tree and its first nodes come with the first change.
void World::make_root() {
  auto keys = turn::Keys{key_from(random_), key_from(random_)};
  auto& machine = make_machine(tree_.places.front().unit.code, std::move(keys));
  std::vector<topology::Operation> operations{
      topology::NetworkCreated{"模拟网络",
                               kSuite,
                               {root_key_.public_key().raw()},
                               machine.keys().topology->public_key().raw()}};
  for (const auto& place : tree_.places) operations.push_back(topology::UnitAdded{place.unit});
  operations.push_back(admission(machine));
  for (std::size_t i = 1; i < tree_.places.size(); ++i) {
    if (!tree_.places[i].node || random_.chance(plan_.late_joiners)) continue;
    operations.push_back(admission(make_machine(tree_.places[i].unit.code)));
  }
  operations.push_back(topology::PolicySet{"sim", policy_text(tree_.levels, policies_++)});
  const auto first = topology::sign_change(root_key_, {}, machine.clock().now().wall_ms,
                                           std::move(operations), random_);
  id_ = topology::network_id(kSuite, first);
  witness_.network = id_;
  witness_.topology_log = machine.keys().topology->public_key().id();
  YISHI_ASSERT(machine.create(id_, kSuite).ok());
  auto database = store::Database::open("/node", store::Access::kWriter, machine.disk());
  YISHI_ASSERT(database.ok());
  turn::Ledger ledger(**database);
  YISHI_ASSERT((*database)->begin().ok());
  const auto status = ledger.write_topology(*machine.keys().topology, {first.encode()},
                                            machine.clock().now().wall_ms, random_);
  YISHI_ASSERT(status.ok() && ledger.directory().latest() == 1);
  YISHI_ASSERT((*database)->commit().ok());
  first_run_ = store::Logs(**database).row(1)->run;
}

// Their stores hold the first topology already: how a machine comes by it is join()'s matter.
void World::make_first_machines() {
  for (std::size_t i = 1; i < machines_.size(); ++i) {
    auto& machine = *machines_[i];
    YISHI_ASSERT(machine.create(id_, kSuite).ok());
    auto database = store::Database::open("/node", store::Access::kWriter, machine.disk());
    YISHI_ASSERT(database.ok() && (*database)->begin().ok());
    turn::Ledger ledger(**database);
    YISHI_ASSERT(ledger.take(first_run_, store::Source::kAbove).outcome ==
                 turn::Taken::Outcome::kStored);
    YISHI_ASSERT((*database)->commit().ok());
  }
  for (auto& machine : machines_) start(*machine);
}

// Leaves only: what a hostile node keeps from those below it is theirs to suffer, and no promise.
void World::choose_hostiles() {
  const auto all = directory();
  std::vector<Machine*> leaves;
  for (const auto& machine : machines_) {
    const bool leaf = std::none_of(machines_.begin(), machines_.end(), [&](const auto& other) {
      return other != machine && all->inside(other->unit(), machine->unit());
    });
    if (leaf && machine->index() != 0) leaves.push_back(machine.get());
  }
  for (std::uint64_t i = 0; i < plan_.hostiles + (plan_.restores ? 1 : 0) && !leaves.empty(); ++i) {
    auto& machine = *random_.pick(leaves);
    if (machine.hostile) continue;
    machine.hostile = std::make_unique<Hostile>(timeline_, witness_, random_.fork());
    auto& node = witness_.nodes[machine.index()];
    node.hostile = true;
    node.restored = i == plan_.hostiles;
    if (node.restored) machine.hostile->reform();
  }
}

std::shared_ptr<const topology::Directory> World::directory() const {
  return root().alive() ? root().snapshot()->directory : nullptr;
}

void World::start(Machine& machine) {
  if (machine.alive() || machine.gone) return;
  if (const auto status = machine.start(); !status.ok()) {
    if (is_calm_) {
      witness_.troubles.push_back(machine.unit().text() + ": does not start on a healed disk: " +
                                  status.error().rule + " " + status.error().en);
      machine.gone = true;
      return;
    }
    start_later(machine, random_.spread(1'000, 60'000));
  }
}

void World::start_later(Machine& machine, Millis delay) {
  timeline_.in(delay, [this, &machine] { start(machine); });
}

bool World::change(std::vector<topology::Operation> operations) {
  if (!root().alive()) return false;
  const auto signed_change = topology::sign_change(root_key_, id_, root().clock().now().wall_ms,
                                                   std::move(operations), random_);
  root().ask(turn::ChangeTopology{{signed_change.encode()}});
  return true;
}

void World::run() {
  storm();
  calm();
  witness_.ended = timeline_.now();
  for (auto& machine : machines_) {
    auto& node = witness_.nodes[machine->index()];
    node.gone = machine->gone;
    if (!machine->alive()) continue;
    machine->disk().heal();
    node.database = machine->database();
    node.board = machine->board();
  }
}

void World::heal() {
  for (auto& machine : machines_) {
    machine->weather = {};
    machine->disk().heal();
    machine->disk().spare();
    if (machine->hostile) machine->hostile->reform();
    start(*machine);
  }
}

// A machine whose ticket the root has never heard of (it died before it wrote that down), whose
// unit has moved since, or whose ticket names a parent that another machine has replaced before it
// gave this one the topology: the operator has to make another.
void World::give_up_hopeless() {
  const auto all = directory();
  for (auto& machine : machines_) {
    const auto& joining = machine->setup().joining;
    if (!joining || machine->gone || machine->admitted()) continue;
    const auto* ticket = all->ticket_of_key(joining->ticket.signing_key().public_key().id());
    const auto* parent = all->node_of_unit(joining->ticket.parent);
    const bool knows_nothing = !machine->alive() || machine->snapshot()->directory->empty();
    const bool replaced = !parent || parent->curve != joining->ticket.parent_curve;
    const bool opens =
        ticket && (ticket->used != 0 || all->parent_node(ticket->unit) == joining->ticket.parent);
    if (opens && !(knows_nothing && replaced)) continue;
    machine->gone = true;
    machine->kill("no ticket", false);
  }
}

// What keeps the world from being at rest, though the storm is over; empty: nothing does.
std::string World::unrest() const {
  for (const auto& machine : machines_) {
    if (machine->gone) continue;
    const auto& name = machine->unit().text();
    if (!machine->alive()) return name + " is dead";
    if (!machine->admitted()) return name + " is not admitted: " + machine->turn()->waits_for();
    if (machine->index() != 0 && !machine->wire()->up()) return name + " has no line";
  }
  const auto news = std::max(network_.last_news_ms, witness_.last_stored_ms);
  return timeline_.now() < news + kQuietMs ? "rows are still on their way" : "";
}

bool World::settle(Millis bound) {
  const auto until = timeline_.now() + bound;
  while (timeline_.now() < until) {
    timeline_.run_until(timeline_.now() + kStepMs);
    if (unrest().empty()) return true;
  }
  witness_.troubles.push_back("never comes to rest: " + unrest());
  return false;
}

void World::calm() {
  is_calm_ = true;
  witness_.calm_from = timeline_.now();
  heal();
  timeline_.run_until(timeline_.now() + kStepMs);
  // As the root has it: whoever asked to resume one may have gone without an answer.
  suspended_.clear();
  const auto all = directory();
  for (const auto& unit : all->all_units()) {
    if (all->suspended(unit)) (void)change({topology::UnitResumed{unit}});
  }
  timeline_.run_until(timeline_.now() + kStepMs);
  give_up_hopeless();
  // Two histories of one position are told apart by what comes next.
  for (auto& machine : machines_) {
    const bool two = machine->hostile && machine->hostile->has_gone_back();
    if (two && machine->alive()) machine->ask(turn::NoteJournal{{"之后"}});
  }
  witness_.quiet = settle(kCalmBoundMs);
  if (!witness_.quiet || !plan_.blackout) return;
  for (auto& machine : machines_) machine->kill("blackout", true);
  heal();
  witness_.quiet = settle(kCalmBoundMs);
}

Totals World::totals() const {
  Totals totals;
  totals.restores = restores_;
  totals.simulated_ms = witness_.ended;
  totals.frames = network_.frames;
  totals.commands = witness_.commands;
  for (const auto& event : witness_.events) {
    if (std::holds_alternative<Died>(event.what)) ++totals.crashes;
    if (std::holds_alternative<Forked>(event.what)) ++totals.forks;
  }
  return totals;
}

}  // namespace yishi::sim
