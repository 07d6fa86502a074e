// The naive model: what an issue's records come to, written down once more from the rules
// (node/deliberation/README.md) as plainly as it can be said, and apart from the code that
// the nodes run: no increments, no caches, no order of arrival. All records of an issue go
// in at once, its state comes out.
//
// Borrowed are only tables and formats: bodies of records, the parsed policy, and the
// directory's answers about the tree.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "node/deliberation/fold.h"

namespace yishi::sim {

enum class Fate { kCounts, kVoid, kWaits };

struct Modelled {
  deliberation::Issue issue;  // n == 0: nothing of it was ever logged with effect
  std::vector<Fate> fates;    // beside the facts given
};

// The policies of a directory by the version that set them; parsed once for all histories
// of this process. One thread.
std::shared_ptr<const deliberation::Policy> policy_at(const topology::Directory& directory,
                                                      topology::Version version);

// One fact may come several times; a later copy of an author's record adds nothing.
Modelled model_issue(const std::string& id, const std::vector<deliberation::Fact>& facts,
                     const topology::Directory& directory);

// Why the holder may not decide it: "budget", "category", "reach", less what was sent back.
std::vector<std::string> beyond_holder(const deliberation::Issue& issue,
                                       const deliberation::Policy& policy,
                                       const topology::Directory& directory, topology::Version at);

// Whether the issue lies where the policy lets it climb, and there is somebody above.
bool may_climb(const deliberation::Issue& issue, const deliberation::Policy& policy,
               const topology::Directory& directory, topology::Version at);

// The first field in which two states differ, with both values; empty: they are equal.
std::string difference(const deliberation::Issue& a, const deliberation::Issue& b);

}  // namespace yishi::sim
