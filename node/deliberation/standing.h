// What an issue wants of the units that a node keeps: on whose desk it lies, and why. Pure; for
// lists of what is to be done. It permits nothing: what may be done is open_acts (react.h).
#pragma once

#include <string_view>
#include <vector>

#include "node/deliberation/fold.h"

namespace yishi::deliberation {

enum class Wish {
  kAccept,    // it came up and waits to be accepted
  kApprove,   // it was handed here for approval
  kHandle,    // it is held here, and none of the above
  kTask,      // assigned work is not done
  kOpinion,   // an opinion was asked for
  kReceive,   // an outcome was submitted
  kRectify,   // an order of supervision waits for an answer
  kAppraise,  // what was rectified waits for judgement
};
std::string_view wish_name(Wish wish);  // "accept" …
std::string_view wish_zh(Wish wish);
std::string_view wish_en(Wish wish);

struct Standing {
  std::vector<Wish> wishes;  // each once, in the order of the enum; empty: nothing to do here
  bool handled = false;      // a unit kept here has held it, or was given work in it
  bool supervised = false;   // under an order from here or to here that has not passed
  bool late = false;         // a limit of a unit kept here, or set by one, has passed
};
Standing standing(const Issue& issue, const World& world, const topology::Code& here,
                  std::uint64_t now_ms);

}  // namespace yishi::deliberation
