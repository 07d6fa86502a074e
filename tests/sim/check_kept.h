// Nothing acknowledged is lost: what a turn committed is on that disk ever after, and what a
// person was told is done stands in the log of the machine that said so, as it was asked.
#pragma once

#include "tests/sim/check_book.h"

namespace yishi::sim {

Failures check_kept(const Book& book);

}  // namespace yishi::sim
