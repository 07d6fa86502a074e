// What one history holds in store, drawn from its seed: how large, how long, which troubles and
// how often. Each kind of trouble is absent from many histories, so that no trouble always hides
// another.
#pragma once

#include <map>
#include <string_view>

#include "tests/sim/network.h"

namespace yishi::sim {

enum class Deed {
  kCommand,   // a person asks something
  kWeather,   // a line gets another loss, repetition, delay
  kCut,       // a line is cut, and later mended
  kCrash,     // a process or its machine's power ends
  kDeath,     // … in the middle of a turn, at some operation of the disk
  kDisk,      // a disk fills up, slows down, fails to read or to sync
  kClock,     // a clock jumps or drifts
  kLeap,      // everyone sleeps for hours or days
  kJoin,      // a machine with a ticket knocks
  kMove,      // a unit gets another parent
  kSuspend,   // a unit is suspended, or resumed
  kReplace,   // a machine is lost and another takes its unit
  kBackup,    // a node is backed up: a copy of its disk is kept
  kRestore,   // a machine is lost and another comes from its backup, however old
  kEnd,       // a node's key is ended
  kPolicy,    // another policy
  kUnit,      // another unit, another name
  kMisdeed,   // a hostile node writes what it may not
  kRollback,  // a hostile node's disk goes back
};

struct Plan {
  std::uint64_t deeds = 0;              // of the storm
  Millis pause_from = 0, pause_to = 0;  // between two of them
  std::map<Deed, std::uint64_t> weights;
  std::uint64_t hostiles = 0;
  bool restores = false;    // one machine means no harm, but its disk goes back (Deed::kRollback)
  Weather weather;          // at the beginning; the worst of a storm
  double late_joiners = 0;  // share of the nodes that come by ticket, later
  // Backups and restores: asked for with `sim --restores yes`, until all their histories settle.
  static inline bool with_restores = false;
  bool blackout = false;  // at the end all machines lose power once more

  static Plan draw(Random& random, std::size_t nodes);
  Deed next(Random& random) const;
  Weather worse(Random& random) const;
};

std::string_view name_of(Deed deed);

}  // namespace yishi::sim
