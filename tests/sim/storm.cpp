// The storm of a world: what people, operators, disks, lines, clocks and enemies do to it.
#include <algorithm>

#include "tests/sim/hostile.h"
#include "tests/sim/world.h"

namespace yishi::sim {

namespace {

constexpr std::int64_t kWeekMs = 7LL * 24 * 3'600'000;
constexpr std::int64_t kFarthestMs = 10 * kWeekMs;  // a clock is off by no more
constexpr std::uint64_t kTicketMs = 2ULL * 365 * 24 * 3'600'000;

}  // namespace

void World::storm() {
  timeline_.run_until(random_.between(500, 5'000));
  for (std::uint64_t i = 0; i < plan_.deeds; ++i) {
    deed(plan_.next(random_));
    timeline_.run_until(timeline_.now() + random_.spread(plan_.pause_from, plan_.pause_to));
  }
}

void World::deed(Deed what) {
  switch (what) {
    case Deed::kCommand:
      return person_asks();
    case Deed::kWeather:
      return change_weather();
    case Deed::kCut:
      return cut_line();
    case Deed::kCrash:
      return crash();
    case Deed::kDeath:
      return plan_death();
    case Deed::kDisk:
      return break_disk();
    case Deed::kClock:
      return move_clock();
    case Deed::kLeap:
      return leap();
    case Deed::kJoin:
      return join();
    case Deed::kMove:
      return move_unit();
    case Deed::kSuspend:
      return suspend_or_resume();
    case Deed::kReplace:
      return replace_machine();
    case Deed::kBackup:
      return back_up();
    case Deed::kRestore:
      return restore();
    case Deed::kEnd:
      return end_key();
    case Deed::kPolicy:
      return set_policy();
    case Deed::kUnit:
      return add_unit();
    case Deed::kMisdeed:
      return misdeed();
    case Deed::kRollback:
      return roll_back();
  }
}

Machine* World::living(bool admitted) {
  std::vector<Machine*> some;
  for (auto& machine : machines_) {
    if (machine->alive() && (!admitted || machine->admitted())) some.push_back(machine.get());
  }
  return some.empty() ? nullptr : random_.pick(some);
}

Machine* World::any_child() {
  std::vector<Machine*> some;
  for (auto& machine : machines_) {
    if (!machine->gone && machine->index() != 0) some.push_back(machine.get());
  }
  return some.empty() ? nullptr : random_.pick(some);
}

Machine* World::any_leaf() {
  std::vector<Machine*> some;
  for (auto& machine : machines_) {
    if (machine->gone || machine->index() == 0 || !machine->admitted()) continue;
    const bool leaf = std::none_of(machines_.begin(), machines_.end(), [&](const auto& other) {
      return !other->gone && (other->parent() == machine->unit() ||
                              directory()->parent_node(other->unit()) == machine->unit());
    });
    if (leaf) some.push_back(machine.get());
  }
  return some.empty() ? nullptr : random_.pick(some);
}

Machine* World::machine_of(const topology::Code& unit) const {
  for (const auto& machine : machines_) {
    if (!machine->gone && machine->unit() == unit) return machine.get();
  }
  return nullptr;
}

void World::person_asks() {
  // Often several at once: what waits together goes into one turn.
  for (auto n = random_.chance(0.3) ? random_.between(2, 5) : 1; n > 0; --n) {
    if (Machine* machine = living(true)) machine->ask(people_.draw(*machine));
  }
}

void World::change_weather() {
  if (Machine* machine = any_child()) {
    const bool cut = machine->weather.cut;
    machine->weather = random_.chance(0.3) ? Weather{} : plan_.worse(random_);
    machine->weather.cut = cut;
  }
}

void World::cut_line() {
  Machine* machine = any_child();
  if (!machine) return;
  machine->weather.cut = true;
  if (machine->wire()) machine->wire()->fall_silent(random_.chance(0.5) ? 0 : kMinute);
  timeline_.in(random_.spread(100, 10 * kMinute), [machine] { machine->weather.cut = false; });
}

void World::crash() {
  if (Machine* machine = living(false)) machine->kill("killed", random_.chance(0.5));
}

void World::plan_death() {
  if (Machine* machine = living(false)) machine->disk().die_after(random_.below(120));
}

void World::break_disk() {
  Machine* machine = living(false);
  if (!machine) return;
  auto& disk = machine->disk();
  switch (random_.below(4)) {
    case 0:
      disk.fill_up(random_.spread(0, 12'000'000));
      break;
    case 1:
      disk.faults().slow_ms = random_.spread(5, 2'000);
      break;
    case 2:
      disk.faults().failing_reads = 0.02 * random_.unit();
      break;
    default:
      disk.faults().failing_syncs = 0.3 * random_.unit();
      disk.faults().failed_pages_vanish = random_.chance(0.5);
      break;
  }
  timeline_.in(random_.spread(1'000, 5 * kMinute), [machine] { machine->disk().heal(); });
}

void World::move_clock() {
  auto& clock = machines_[random_.below(machines_.size())]->clock();
  if (random_.chance(0.3)) {
    clock.drift_millionths = static_cast<std::int64_t>(random_.below(400'000)) - 200'000;
    return;
  }
  const auto jump =
      static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(6 * kWeekMs))) -
      3 * kWeekMs;
  clock.offset_ms = std::clamp(clock.offset_ms + jump, -kFarthestMs, kFarthestMs);
}

void World::leap() { timeline_.leap(random_.between(kMinute, 240 * kHour)); }

// A ticket for a unit, and a machine that knocks with it: perhaps before its parent has heard
// of the ticket.
// backup: what the machine has on its disk already; null: nothing.
void World::send_ticket(const topology::Code& unit, const Disk::Image* backup) {
  const auto directory = this->directory();
  const auto parent = directory->parent_node(unit);
  const auto* parent_node = parent.empty() ? nullptr : directory->node_of_unit(parent);
  if (!parent_node) return;
  topology::TicketText ticket;
  ticket.network = id_;
  ticket.suite = witness_.suite;
  ticket.unit = unit;
  ticket.unit_name = directory->unit(unit)->name;
  ticket.secret = random_.bytes(32);
  ticket.parent_endpoint = parent_node->endpoint;
  ticket.parent_curve = parent_node->curve;
  ticket.parent = parent;
  sync::PeerKey secret{};
  const auto curve_secret = ticket.curve_secret();
  std::copy(curve_secret.begin(), curve_secret.end(), secret.begin());
  const auto curve = sync::curve_from_secret(secret).public_key;
  const auto now = root().clock().now().wall_ms;
  if (!change({topology::TicketIssued{unit, ticket.signing_key().public_key().raw(),
                                      Bytes(curve.begin(), curve.end()), now + kTicketMs}})) {
    return;
  }
  auto& machine = make_machine(unit);
  const auto admitted =
      topology::sign_change(ticket.signing_key(), id_, now, {admission(machine)}, random_);
  machine.set_joining({ticket, admitted.encode()});
  const auto made = backup ? machine.restore(*backup) : machine.create(id_, witness_.suite);
  if (!made.ok()) return;
  start_later(machine, random_.spread(1, 20'000));
}

void World::join() {
  if (!root().alive()) return;
  std::vector<topology::Code> without;
  for (const auto& unit : directory()->all_units()) {
    if (!machine_of(unit) && !directory()->suspended(unit)) without.push_back(unit);
  }
  if (!without.empty()) send_ticket(random_.pick(without));
}

void World::move_unit() {
  if (!root().alive()) return;
  const auto units = directory()->all_units();
  const auto& unit = random_.pick(units);
  const auto& parent = random_.pick(units);
  (void)change({topology::UnitMoved{unit, parent}});  // often refused: that, too, is a test
}

void World::suspend_or_resume() {
  if (!root().alive()) return;
  if (!suspended_.empty() && random_.chance(0.6)) {
    const auto unit = *suspended_.begin();
    if (change({topology::UnitResumed{unit}})) suspended_.erase(unit);
    return;
  }
  const auto units = directory()->all_units();
  const auto& unit = random_.pick(units);
  if (unit == root().unit() || suspended_.contains(unit)) return;
  if (change({topology::UnitSuspended{unit}})) suspended_.insert(unit);
}

// The machine is lost with its disk, whoever stands below it. What it had not passed on is lost
// with it: that is no broken promise, for nobody but itself had said that it held it, and those
// below it give the next machine what they had given this one.
void World::replace_machine() {
  if (!root().alive()) return;
  Machine* machine = random_.chance(0.5) ? any_leaf() : any_child();
  if (!machine || !machine->admitted() || directory()->suspended(machine->unit())) return;
  machine->gone = true;
  machine->kill("lost", true);
  send_ticket(machine->unit());
}

// A copy at some moment. The oldest is kept most often: the staler, the worse.
void World::back_up() {
  Machine* machine = living(true);
  if (!machine || machine->hostile || machine->index() == 0) return;
  auto& kept = backups_[machine->unit()];
  if (kept.files.empty() || random_.chance(0.3)) kept = machine->disk().image();
}

// The machine is lost; what comes in its place has a backup of it, or of a machine before it.
void World::restore() {
  if (!root().alive() || backups_.empty()) return;
  auto backup = backups_.begin();
  std::advance(backup, static_cast<std::ptrdiff_t>(random_.below(backups_.size())));
  Machine* machine = machine_of(backup->first);
  if (!machine || machine->hostile || !machine->admitted()) return;
  if (directory()->suspended(machine->unit())) return;
  machine->gone = true;
  machine->kill("lost", true);
  ++restores_;
  send_ticket(machine->unit(), &backup->second);
}

void World::end_key() {
  if (!root().alive()) return;
  Machine* machine = any_leaf();
  if (!machine) return;
  const auto last = random_.below(20);
  const auto key = machine->keys().node.public_key().id();
  if (!change({topology::NodeEnded{key, last}})) return;
  // It does not know yet and goes on for a while.
  timeline_.in(random_.spread(1'000, kMinute), [machine] {
    machine->gone = true;
    machine->kill("ended", false);
  });
}

void World::set_policy() {
  (void)change({topology::PolicySet{"sim", policy_text(tree_.levels, policies_++)}});
}

void World::add_unit() {
  if (!root().alive()) return;
  const auto units = directory()->all_units();
  const auto& some = random_.pick(units);
  if (random_.chance(0.3)) {
    (void)change({topology::UnitRenamed{some, "新名" + std::to_string(random_.below(100))}});
  } else if (const auto unit = tree_.grow(random_, *directory()->unit(some))) {
    (void)change({topology::UnitAdded{*unit}});
  }
}

void World::misdeed() {
  for (auto& machine : machines_) {
    if (machine->hostile && machine->alive() && machine->admitted() && random_.chance(0.7)) {
      if (random_.chance(0.25)) {
        machine->hostile->act_twice(*machine);
      } else if (random_.chance(0.25)) {
        machine->hostile->settle_beyond(*machine);
      } else {
        machine->hostile->write_without_authority(*machine);
      }
    }
  }
}

void World::roll_back() {
  for (auto& machine : machines_) {
    if (!machine->hostile || !machine->alive() || machine->gone) continue;
    if (machine->hostile->remembers()) {
      machine->hostile->go_back(*machine);
    } else {
      machine->hostile->remember(*machine);
    }
  }
}

}  // namespace yishi::sim
