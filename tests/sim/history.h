// A history in words, a line for each event: what --replay prints, and what two runs of one seed
// are compared by.
#pragma once

#include <string>

#include "tests/sim/witness.h"

namespace yishi::sim {

std::string describe(const Witness& witness, const Event& event);
// A digest of all lines and of every row's bytes.
std::string history_digest(const Witness& witness);

}  // namespace yishi::sim
