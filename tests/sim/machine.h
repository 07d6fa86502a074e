// A machine: one disk, one clock, one key, and the node's process on it while it lives. The
// process is the daemon's own turn and store; only what is below and around it is simulated.
//
// The machine drives the turns, keeps the witness's account of what the process says and
// stores, and ends the process when its disk fails or dies. Who starts it again is told by
// `ended`. One thread.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/turn/turn.h"
#include "tests/sim/clock.h"
#include "tests/sim/disk.h"
#include "tests/sim/network.h"

namespace yishi::sim {

class Hostile;

class Machine {
 public:
  struct Setup {
    topology::Code unit;
    turn::Keys keys;
    sync::CurvePair curve;
    std::string endpoint;
    std::optional<turn::Admission::Joining> joining;
    std::uint64_t status_interval_ms = 60'000;
  };
  Machine(std::size_t index, Setup setup, Network& network, Witness& witness, Random random);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  Status create(const crypto::Digest& network, crypto::Suite suite);  // its store, empty
  // Its store from a copy of another machine's disk, by the way of `yishi restore`.
  Status restore(const Disk::Image& image);
  Status start();
  // The process ends here and now; nothing of it is written any more. With `power` off, what
  // was not synced is lost.
  void kill(std::string cause, bool power);
  void ask(turn::Command command);  // a person's; the machine is alive

  bool alive() const { return process_ != nullptr; }
  std::size_t index() const { return index_; }
  const topology::Code& unit() const { return setup_.unit; }
  const Setup& setup() const { return setup_; }
  const turn::Keys& keys() const { return setup_.keys; }
  const sync::CurvePair& curve() const { return setup_.curve; }
  std::uint64_t life() const { return life_; }
  Disk& disk() { return disk_; }
  Clock& clock() { return clock_; }
  Random& random() { return random_; }

  // Of the living process; null when it is dead.
  turn::Turn* turn();
  Wire* wire();
  store::Database* database();
  const turn::Board* board() const;
  std::shared_ptr<const turn::Snapshot> snapshot() const;
  std::weak_ptr<int> token() const;  // expires with the process

  void set_joining(turn::Admission::Joining joining) { setup_.joining = std::move(joining); }
  void wake_in(Millis delay);
  bool admitted() const { return admitted_; }
  const topology::Code& parent() const { return parent_; }  // as it last knew

  Weather weather;                      // of its line upward
  std::unique_ptr<Hostile> hostile;     // null: honest
  std::function<void(Machine&)> ended;  // the process ended by itself
  bool gone = false;                    // never to be started again

 private:
  struct Process;
  struct Promise {
    std::size_t number;
    std::future<turn::Answer> answer;
  };

  void run_turn();
  void end(std::string cause, bool power, std::string rule);
  void observe();
  void observe_rows();
  void hear_answers();
  void note(What what);

  std::size_t index_;
  Setup setup_;
  Network& network_;
  Witness& witness_;
  Random random_;
  Disk disk_;
  Clock clock_;
  std::unique_ptr<Process> process_;
  std::uint64_t life_ = 0;
  std::optional<Millis> wakes_;
  std::vector<Promise> promises_;
  std::uint64_t seen_position_ = 0;
  std::optional<Told> told_;
  bool admitted_ = false;
  topology::Code parent_;
  topology::Version topology_ = 0;
};

}  // namespace yishi::sim
