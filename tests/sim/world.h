// One history from one seed: a tree of machines, a storm of deeds and troubles, then a calm in
// which the network and the disks heal and everyone lives, until nothing moves any more.
//
// The same seed and the same program give the same history, event for event. One world at a time
// in a process (SQLite draws from one source). One thread.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/machine.h"
#include "tests/sim/people.h"
#include "tests/sim/plan.h"
#include "tests/sim/tree.h"

namespace yishi::sim {

struct Totals {
  Millis simulated_ms = 0;
  std::uint64_t frames = 0, commands = 0, crashes = 0, forks = 0, restores = 0;
};

class World {
 public:
  explicit World(std::uint64_t seed);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void run();
  // Complete after run(); its nodes' stores live as long as the world.
  const Witness& witness() const { return witness_; }
  Totals totals() const;

 private:
  // The beginning.
  void make_root();
  void make_first_machines();
  Machine& make_machine(const topology::Code& unit, std::optional<turn::Keys> keys = {},
                        std::optional<sync::CurvePair> curve = {});
  topology::Operation admission(const Machine& machine) const;
  void choose_hostiles();

  // The storm.
  void storm();
  void deed(Deed what);
  void person_asks();
  void change_weather();
  void cut_line();
  void crash();
  void plan_death();
  void break_disk();
  void move_clock();
  void leap();
  void join();
  void move_unit();
  void suspend_or_resume();
  void replace_machine();
  void end_key();
  void set_policy();
  void add_unit();
  void misdeed();
  void roll_back();

  // The calm.
  void calm();
  bool settle(Millis bound);
  std::string unrest() const;
  void heal();
  void give_up_hopeless();

  bool change(std::vector<topology::Operation> operations);  // false: the root is not there
  void start(Machine& machine);
  void start_later(Machine& machine, Millis delay);
  void send_ticket(const topology::Code& unit, const Disk::Image* backup = nullptr);
  void back_up();
  void restore();
  Machine* living(bool admitted);  // one of them, by chance
  Machine* any_child();            // not the root; dead or alive
  Machine* any_leaf();             // admitted, and nobody knows it as a parent
  Machine* machine_of(const topology::Code& unit) const;         // not gone
  std::shared_ptr<const topology::Directory> directory() const;  // as the root has it
  Machine& root() const { return *machines_.front(); }

  Random random_;
  Witness witness_;
  Timeline timeline_;
  Network network_;
  Tree tree_;
  Plan plan_;
  People people_;
  crypto::PrivateKey root_key_;
  crypto::Digest id_;
  Bytes first_run_;  // the topology log's first entry, packed
  std::vector<std::unique_ptr<Machine>> machines_;
  std::set<topology::Code> suspended_;
  std::uint64_t policies_ = 0;
  std::map<topology::Code, Disk::Image> backups_;
  std::uint64_t restores_ = 0;
  bool is_calm_ = false;
};

}  // namespace yishi::sim
