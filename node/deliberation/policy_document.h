// A policy's document as it is written, part by part: what two documents differ in. It knows no
// key by name, so a new section needs nothing here.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"

namespace yishi::deliberation {

// Path to value: "acts.session.guards.mass_share.share" -> "2/3". The elements of a list of tables
// go by their id or name; where they have neither, or share one, by their place from 1. Lists of
// plain values are one value, "a, b". Rules "policy.size", "policy.toml".
Result<std::map<std::string, std::string>> policy_entries(std::string_view toml);

struct PolicyDifference {
  std::string path;
  std::string before, after;  // empty: it is not there
  bool operator==(const PolicyDifference&) const = default;
};
// In the order of their paths; empty when both say the same, in whatever order and layout.
Result<std::vector<PolicyDifference>> policy_difference(std::string_view before,
                                                        std::string_view after);

}  // namespace yishi::deliberation
