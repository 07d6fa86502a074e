#include "tests/sim/plan.h"

#include <algorithm>

namespace yishi::sim {

namespace {

struct Kind {
  Deed deed;
  std::string_view name;
  std::uint64_t weight;
  double present;  // in how many histories
};

constexpr Kind kKinds[] = {
    {Deed::kCommand, "command", 60, 1},    {Deed::kWeather, "weather", 6, 0.6},
    {Deed::kCut, "cut", 6, 0.6},           {Deed::kCrash, "crash", 5, 0.6},
    {Deed::kDeath, "death", 6, 0.6},       {Deed::kDisk, "disk", 5, 0.5},
    {Deed::kClock, "clock", 4, 0.5},       {Deed::kLeap, "leap", 3, 0.7},
    {Deed::kJoin, "join", 4, 0.5},         {Deed::kMove, "move", 3, 0.35},
    {Deed::kSuspend, "suspend", 4, 0.35},  {Deed::kReplace, "replace", 2, 0.2},
    {Deed::kEnd, "end", 1, 0.15},          {Deed::kPolicy, "policy", 2, 0.3},
    {Deed::kUnit, "unit", 2, 0.3},         {Deed::kMisdeed, "misdeed", 6, 1},
    {Deed::kRollback, "rollback", 4, 0.5}, {Deed::kBackup, "backup", 0, 0},
    {Deed::kRestore, "restore", 0, 0},
};

}  // namespace

std::string_view name_of(Deed deed) {
  return std::find_if(std::begin(kKinds), std::end(kKinds),
                      [&](const Kind& kind) { return kind.deed == deed; })
      ->name;
}

Plan Plan::draw(Random& random, std::size_t nodes) {
  Plan plan;
  const bool is_long = random.chance(0.05);
  plan.deeds = is_long ? random.between(100, 250) : random.between(10, 50);
  if (nodes > 20) plan.deeds = std::min<std::uint64_t>(plan.deeds, 60);
  plan.pause_from = 10;
  plan.pause_to = random.chance(0.3) ? 20 * kSecond : 4 * kSecond;
  plan.hostiles = random.chance(0.3) ? (random.chance(0.2) ? 2 : 1) : 0;
  plan.restores = random.chance(0.15);
  for (const auto& kind : kKinds) {
    if (kind.deed == Deed::kMisdeed && plan.hostiles == 0) continue;
    if (kind.deed == Deed::kRollback && plan.hostiles == 0 && !plan.restores) continue;
    if (kind.present == 0) continue;  // drawn below
    if (random.chance(kind.present)) plan.weights[kind.deed] = kind.weight;
  }
  if (plan.restores) plan.weights[Deed::kRollback] = 6;
  if (random.chance(0.7)) plan.weather = plan.worse(random);
  plan.late_joiners = random.chance(0.4) ? 0.4 : 0;
  plan.blackout = random.chance(0.2);
  // Drawn last, so that what is drawn above stays as it was.
  if (with_restores && random.chance(0.3)) {
    plan.weights[Deed::kBackup] = 4;
    plan.weights[Deed::kRestore] = 3;
  }
  return plan;
}

Deed Plan::next(Random& random) const {
  std::uint64_t all = 0;
  for (const auto& [deed, weight] : weights) all += weight;
  auto drawn = random.below(all);
  for (const auto& [deed, weight] : weights) {
    if (drawn < weight) return deed;
    drawn -= weight;
  }
  return Deed::kCommand;
}

Weather Plan::worse(Random& random) const {
  Weather worse;
  if (random.chance(0.6)) worse.loss = 0.3 * random.unit();
  if (random.chance(0.6)) worse.repetition = 0.5 * random.unit();
  worse.delay_to = random.chance(0.5) ? random.spread(5, 3 * kSecond) : 20;
  if (random.chance(0.03)) worse.delay_to = 48 * kHour;
  return worse;
}

}  // namespace yishi::sim
