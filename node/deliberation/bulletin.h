// A bulletin composed from the star rating (A94): who is praised, who is urged, and the words. It
// is a proposal for an entry of the register that the policy names; a person sends it.
#pragma once

#include <string>
#include <vector>

#include "node/deliberation/measure.h"
#include "node/deliberation/register.h"

namespace yishi::deliberation {

inline constexpr std::size_t kMaxNamedUnits = 100;  // praised, and urged; the text counts the rest

struct RatedUnit {
  topology::Code unit;
  std::string name;
  std::uint64_t points = 0;  // hundredths
};

struct BulletinFrame {
  std::string issuer;    // name of the unit that gives it
  std::string day;       // "2026-12-31"
  Period period;         // that was rated
  std::string complete;  // how complete the numbers are, as a sentence
};

// Asserts that the policy has [stars.bulletin]. `rated`: in any order; units with the same points
// stand by code.
FieldValues compose_bulletin(const Stars& stars, std::vector<RatedUnit> rated,
                             const BulletinFrame& frame);

}  // namespace yishi::deliberation
