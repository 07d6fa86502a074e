// What a level may decide, whom it asks, and with whom it files. Inside this folder only.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "node/deliberation/issue.h"
#include "node/deliberation/policy.h"
#include "node/deliberation/react.h"
#include "topology/directory.h"

namespace yishi::deliberation {

// The rules and the tree an act is judged by.
struct Law {
  const Policy& policy;
  const topology::Directory& directory;
  topology::Version at = topology::Directory::kNewest;
};

std::string level_of(const Law& law, const topology::Code& unit);  // empty when unknown
// The nearest unit above `unit` whose level is `level` or higher; empty when there is none.
topology::Code above(const Law& law, const topology::Code& unit, std::string_view level);

// Why the issue is beyond its holder's authority, less what was sent back to it.
std::vector<Beyond> beyond(const Issue& issue, const Law& law);
inline constexpr std::string_view kFlagReason = "flag.";  // before the id of a flag

// Why it goes up although it could be decided here: what was not done in time by then. Judged by
// the chain alone: whether work was done is a remark's to say, and whoever escalates looks first.
std::vector<Beyond> overdue(const Issue& issue, const Law& law, std::uint64_t time_ms);
// The unit above the holder that must approve this topic; empty when its own level does.
topology::Code upper_approver(const Issue& issue, const Law& law);
// The unit an approved topic is filed with; empty when none.
topology::Code filing_unit(const Issue& issue, const Law& law);

inline bool in(const std::vector<std::string>& list, std::string_view id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

std::string yuan(std::int64_t fen);  // "600,000" or "600,000.50"
std::string granted_key(const topology::Code& unit, std::string_view reason);

}  // namespace yishi::deliberation
