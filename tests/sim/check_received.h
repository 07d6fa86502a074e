// 上级已收 is never said too early: each time a node says what of its stream its parent holds,
// every entry of those rows is compared with what was on the parent's disk at that moment; and
// the number that still wait is counted again. What a parent refused or passed over must be
// excepted, whoever wrote it. Not judged: what hostile nodes say, and what a hostile parent
// claims.
#pragma once

#include "tests/sim/check_book.h"

namespace yishi::sim {

Failures check_received(const Book& book);

}  // namespace yishi::sim
