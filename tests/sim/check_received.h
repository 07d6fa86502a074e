// 上级已收 is never said too early: each time a node says how far its parent holds its stream,
// every entry of those rows is compared with what was on the parent's disk at that moment; and
// the number that still wait is counted again.
//
// Not judged: entries of hostile logs and of keys that were ended (a parent may refuse them),
// and what hostile nodes say or a hostile parent claims.
#pragma once

#include "tests/sim/check_book.h"

namespace yishi::sim {

Failures check_received(const Book& book);

}  // namespace yishi::sim
