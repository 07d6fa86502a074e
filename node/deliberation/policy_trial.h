// What would have gone differently under another policy: the transitions of an issue as they
// happened, judged by a trial policy one after another. Pure.
#pragma once

#include <string>
#include <vector>

#include "node/deliberation/fold.h"

namespace yishi::deliberation {

struct Deviation {
  std::uint64_t n = 0;  // of the transition at which it shows
  Act act = Act::kLog;
  std::uint64_t time_ms = 0;
  std::string rule;    // "guard.mass_share", "act.stage" …; "trial.escalates"
  std::string zh, en;  // what the trial policy says
};

// `facts`: those of one issue that took effect, in any order; remarks are passed over. Guards
// that would have stopped an act are named and the history goes on; where an act itself would
// have been refused, or the issue would have climbed when it did not, it ends there, for what
// follows never happened. Empty: nothing would have been different.
std::vector<Deviation> try_policy(const Policy& trial, const std::string& issue,
                                  const std::vector<Fact>& facts,
                                  const topology::Directory& directory);

}  // namespace yishi::deliberation
