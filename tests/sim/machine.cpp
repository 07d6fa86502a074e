#include "tests/sim/machine.h"

#include <algorithm>

#include "node/store/issues.h"
#include "node/store/snapshot.h"
#include "tests/sim/hostile.h"

namespace yishi::sim {

namespace {

constexpr std::string_view kDirectory = "/node";
constexpr Millis kMaxWaitMs = 5'000;  // the daemon waits at most 1 s; nothing but wants rests on it

}  // namespace

struct Machine::Process {
  Process(std::unique_ptr<store::Database> opened, Network& network, Machine& machine)
      : database(std::move(opened)), wire(network, machine) {}

  std::shared_ptr<int> token = std::make_shared<int>(0);
  std::unique_ptr<store::Database> database;
  turn::Mailbox mailbox{[] {}};
  turn::Board board;
  Wire wire;
  std::unique_ptr<turn::Turn> turn;
};

Machine::Machine(std::size_t index, Setup setup, Network& network, Witness& witness, Random random)
    : index_(index),
      setup_(std::move(setup)),
      network_(network),
      witness_(witness),
      random_(random),
      disk_(random_.next()),
      clock_(network.timeline()) {}

Machine::~Machine() {
  if (!process_) return;
  disk_.die();  // not a farewell: the history is over
  process_.reset();
}

turn::Turn* Machine::turn() { return process_ ? process_->turn.get() : nullptr; }
Wire* Machine::wire() { return process_ ? &process_->wire : nullptr; }
store::Database* Machine::database() { return process_ ? process_->database.get() : nullptr; }
const turn::Board* Machine::board() const { return process_ ? &process_->board : nullptr; }
std::weak_ptr<int> Machine::token() const { return process_->token; }
std::shared_ptr<const turn::Snapshot> Machine::snapshot() const {
  return process_ ? process_->board.read() : nullptr;
}

void Machine::note(What what) { witness_.note(network_.timeline().now(), index_, std::move(what)); }

Status Machine::create(const crypto::Digest& network, crypto::Suite suite) {
  store::Identity identity{network, suite, setup_.unit, {}, clock_.now().wall_ms};
  random_.fill(identity.incarnation);
  return store::Database::create(std::string(kDirectory), identity, disk_);
}

Status Machine::restore(const Disk::Image& image) {
  disk_.put(image);
  sync::Nonce incarnation{};
  random_.fill(incarnation);
  return store::renew_store(std::string(kDirectory), incarnation, disk_);
}

Status Machine::start() {
  clock_.boot();
  ++life_;
  auto database = store::Database::open(std::string(kDirectory), store::Access::kWriter, disk_);
  if (!database) {
    disk_.restart(false);
    return database.error();
  }
  process_ = std::make_unique<Process>(std::move(*database), network_, *this);
  turn::TurnOptions options;
  options.software = "sim";
  options.endpoint = setup_.endpoint;
  options.status_interval_ms = setup_.status_interval_ms;
  options.curve_public = setup_.curve.public_key;
  options.curve_secret = setup_.curve.secret_key;
  process_->turn = std::make_unique<turn::Turn>(*process_->database, process_->wire,
                                                process_->mailbox, process_->board, clock_, random_,
                                                setup_.keys, setup_.joining, options);
  if (auto status = process_->turn->start(); !status.ok()) {
    process_.reset();
    disk_.restart(false);
    return status;
  }
  const Disk::Calm calm(disk_);
  const store::Logs logs(*process_->database);
  Opened opened{{}, logs.all_logs()};
  for (std::uint64_t at = 0; at < logs.last_position();) {
    auto rows = logs.rows_after(at, SIZE_MAX, false);
    if (rows.empty()) break;
    at = rows.back().position;
    std::move(rows.begin(), rows.end(), std::back_inserter(opened.rows));
  }
  seen_position_ = logs.last_position();
  told_.reset();
  note(std::move(opened));
  wakes_.reset();
  wake_in(0);
  return {};
}

void Machine::wake_in(Millis delay) {
  if (!process_) return;
  const auto when = network_.timeline().now() + delay;
  if (wakes_ && *wakes_ <= when) return;
  wakes_ = when;
  network_.timeline().at(when, [this, when, alive = token()] {
    if (!alive.expired() && wakes_ == when) run_turn();
  });
}

void Machine::ask(turn::Command command) {
  const auto number = witness_.commands++;
  note(Asked{number, command});
  promises_.push_back({number, process_->mailbox.post(std::move(command))});
  wake_in(0);
}

void Machine::run_turn() {
  wakes_.reset();
  const auto status = process_->turn->run_once(0);
  if (disk_.dead()) return end("disk", random_.chance(0.6), {});
  if (!status.ok()) {
    hear_answers();
    if (witness_.calm_from != 0) {
      witness_.troubles.push_back(setup_.unit.text() + ": a turn fails on a healed disk: " +
                                  status.error().rule + " " + status.error().en);
    }
    return end("fault", random_.chance(0.3), status.error().rule);
  }
  observe();
  const auto spent = disk_.take_spent_ms();
  const auto wait = process_->turn->wait_ms(kMaxWaitMs, clock_.now());
  wake_in(spent + std::max<Millis>(wait, 1));
}

void Machine::kill(std::string cause, bool power) { end(std::move(cause), power, {}); }

void Machine::end(std::string cause, bool power, std::string rule) {
  if (!process_) return;
  disk_.die();

  for (const auto& promise : promises_) note(Unanswered{promise.number});
  promises_.clear();
  network_.machine_died(*this);
  process_.reset();
  disk_.restart(power);
  (void)disk_.take_spent_ms();
  wakes_.reset();
  note(Died{std::move(cause), power, std::move(rule)});
  if (ended) ended(*this);
}

void Machine::observe() {
  const Disk::Calm calm(disk_);
  hear_answers();
  const store::Logs logs(*process_->database);
  const bool rows = logs.last_position() != seen_position_;
  if (rows) observe_rows();
  const auto snapshot = process_->board.read();
  const auto parent = snapshot->parent ? snapshot->parent->unit : topology::Code{};
  const auto* speaks = parent.empty() ? nullptr : snapshot->directory->node_of_unit(parent);
  const auto key = speaks ? speaks->key.id() : crypto::Digest{};
  const auto& receipted = snapshot->receipted;
  if (rows || !told_ || told_->receipted != receipted || told_->parent != parent ||
      told_->parent_key != key) {
    told_ = Told{parent, key, receipted, logs.waiting(receipted)};
    note(*told_);
    parent_ = parent;
  }
  if (snapshot->directory->latest() > topology_) {
    topology_ = snapshot->directory->latest();
    note(TopologyHeld{topology_});
  }
  if (snapshot->admitted && !admitted_) {
    admitted_ = true;
    note(Admitted{});
  }
}

void Machine::observe_rows() {
  const store::Logs logs(*process_->database);
  while (seen_position_ < logs.last_position()) {
    auto rows = logs.rows_after(seen_position_, SIZE_MAX, false);
    if (rows.empty()) {
      witness_.troubles.push_back(setup_.unit.text() + ": rows are missing after position " +
                                  std::to_string(seen_position_));
      return;
    }
    seen_position_ = rows.back().position;
    for (auto& row : rows) note(Stored{std::move(row)});
  }
}

void Machine::hear_answers() {
  std::erase_if(promises_, [&](Promise& promise) {
    if (promise.answer.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return false;
    note(Answered{promise.number, promise.answer.get()});
    return true;
  });
}

}  // namespace yishi::sim
