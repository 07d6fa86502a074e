// What a change does, unit by unit, told to people before it is made: the difference between
// two directories. What it shows is what the fold did, so no operation can be forgotten here.
// Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "topology/directory.h"

namespace yishi::topology {

struct Effect {
  Code unit;           // whom it concerns; empty: the whole network
  std::string zh, en;  // a sentence each
};

// In order of codes, the whole network first. `after` is `before` with more changes. At most
// kMaxEffects; `left_out` says how many more there are.
struct Effects {
  std::vector<Effect> list;
  std::size_t left_out = 0;
};
Effects effects(const Directory& before, const Directory& after);

inline constexpr std::size_t kMaxEffects = 2'000;

}  // namespace yishi::topology
