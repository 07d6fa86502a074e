// Registers after the calm: of each entry every machine that nothing above cuts off, and that is to
// have it, shows the record that a naive reading of the union of all records makes count. `rooms`
// are written by their unit and those above it; `bulletins` by their unit alone, and go to all
// below.
#pragma once

#include "tests/sim/check_book.h"

namespace yishi::sim {

Failures check_registers(const Book& book);

}  // namespace yishi::sim
