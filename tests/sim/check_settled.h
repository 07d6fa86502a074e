// After the calm nothing waits for ever: the history came to rest; of machines that nothing
// above cuts off each knows the newest topology, has all that was written below it and all of
// it acknowledged, misses nothing that another could give, and holds no fact that waits for one
// that is there; every command was answered.
#pragma once

#include "tests/sim/check_book.h"

namespace yishi::sim {

Failures check_settled(const Book& book);

}  // namespace yishi::sim
