// Every checker on one history. Each sentence begins with the checker's name in brackets.
#pragma once

#include "tests/sim/witness.h"

namespace yishi::sim {

Failures check_all(const Witness& witness);

}  // namespace yishi::sim
