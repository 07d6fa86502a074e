// After the calm everything converges to one state.
//
// check_fold: at every machine that keeps to the rules each issue's state is what the naive
// model makes of the records that this very machine has, and each aggregate is what a recount
// of its issues gives.
// check_same: machines that nothing above cuts off hold every issue that concerns a unit
// below them, in the state that the model makes of the union of all records.
// check_climbs: no issue rests where policy says it must climb, and each climb that a node
// wrote by itself counts.
#pragma once

#include "tests/sim/check_book.h"

namespace yishi::sim {

Failures check_fold(const Book& book);
Failures check_same(const Book& book);
Failures check_climbs(const Book& book);

}  // namespace yishi::sim
