// The units of a history and the rules they live by, drawn from a seed: 2 to 5 levels, 3 to 60
// units with nodes of their own, some without, and a policy that fits the levels. Levels are
// data, so authority, approvals and filing differ from history to history.
#pragma once

#include <string>
#include <vector>

#include "tests/sim/random.h"
#include "topology/unit.h"

namespace yishi::sim {

struct Tree {
  struct Place {
    topology::Unit unit;
    bool node = true;  // has, or is to have, a node of its own
  };
  std::vector<Place> places;        // parents before children; 0 is the root
  std::vector<std::string> levels;  // from the top

  static Tree draw(Random& random);
  // Another unit below one of the tree's that can have any; nothing when there is none.
  std::optional<topology::Unit> grow(Random& random, const topology::Unit& parent);

 private:
  std::uint64_t grown_ = 0;
};

inline constexpr std::int64_t kLimitYuan = 50'000;  // of the lowest level; each above: tenfold

// TOML. `version` makes another policy of the same kind.
std::string policy_text(const std::vector<std::string>& levels, std::uint64_t version);

}  // namespace yishi::sim
