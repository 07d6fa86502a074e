// Deadlines of an issue: what is due, from whom, and who is told when it passes. Pure.
//
// When one passes, every node that has to know writes one remark deadline.passed in its own name:
// the keeper of the unit that is late, the keeper of the unit above it, and the keeper of whoever
// set the date. Each from its own copy, so that a silent node below does not keep the level above
// from hearing; each once, for the remark is part of the state.
#pragma once

#include <optional>

#include "node/deliberation/fold.h"

namespace yishi::deliberation {

struct Deadline {
  std::string about;         // "accept", "task", "opinion", "order", "revisit"
  std::uint64_t task = 0;    // number of the assignment, or of the opinion
  std::string ref;           // hex digest of the order
  topology::Code unit;       // that is late when it passes
  topology::Code watcher;    // that set it
  std::uint64_t due_ms = 0;  // the last millisecond in time
};

// In no particular order. What is done, accepted or passed is not among them.
std::vector<Deadline> open_deadlines(const Issue& issue);
// "unit about number-or-ref due": by this the remark is known again.
std::string alert_key(const topology::Code& teller, const std::string& about, std::uint64_t task,
                      const std::string& ref, std::uint64_t due_ms);

// What such a key says, of those that are in a state.
struct Told {
  topology::Code teller;
  std::string about;
  std::string of;  // number of the assignment or opinion, or hex digest of the order
  std::uint64_t due_ms = 0;
};
Told read_alert(const std::string& key);

// The earliest that the node of `here` has to tell of and has not told of yet.
std::optional<Deadline> next_deadline(const Issue& issue, const topology::Directory& directory,
                                      const topology::Code& here);

// Units that are to hear of the issue though they are not among its concerned: those of a level
// that it was pushed down to as a guiding topic, and those that were given an order. Remarks and
// the topology decide on them, so no transition may look at them.
std::vector<topology::Code> informed_units(const Issue& issue,
                                           const topology::Directory& directory);

// For an index of what a node waits for: when the timer of an issue goes off. 0: nothing is due;
// kOthers: something is, but other nodes tell of it, as long as the topology stays as it is.
inline constexpr std::uint64_t kOthers = 1;
std::uint64_t next_due_ms(const Issue& issue, const topology::Directory& directory,
                          const topology::Code& here);

}  // namespace yishi::deliberation
