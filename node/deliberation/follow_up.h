// What the acts after the table say besides what any act may say: the part of a body that
// publication, carrying out, supervision, joint handling, guiding topics and further rounds need.
// Names are ids of the policy.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "topology/code.h"

namespace yishi::deliberation {

inline constexpr std::size_t kMaxMethods = 16;          // of one visit
inline constexpr std::size_t kMaxJointUnits = 32;       // named by one act
inline constexpr std::uint64_t kMaxRounds = 100;        // of one matter
inline constexpr std::uint64_t kMaxAsked = 10'000'000;  // people of one survey

struct FollowUp {
  std::string about;  // "about"   publication: id in publications; deadline: "accept" …
  std::string kind;   // "kind"    of supervision: id in supervision
  std::vector<std::string> methods;   // "methods" of a visit: ids in methods
  std::string ref;                    // "ref"     hex digest of the report or order it answers
  std::uint64_t asked = 0;            // "asked"   people, about their satisfaction
  std::uint64_t satisfied = 0;        // "satisfied" of them
  std::vector<topology::Code> units;  // "units"   that handle it together with the holder
  std::string level;                  // "level"   of the units a guiding topic goes to
  std::string round_of;               // "round"   logging: the issue that is deliberated again
  std::uint64_t round = 0;            // "round_no" logging: the second round is 2
  std::string answers;                // "answers" logging: the guiding topic it answers
  bool operator==(const FollowUp&) const = default;
};

}  // namespace yishi::deliberation
