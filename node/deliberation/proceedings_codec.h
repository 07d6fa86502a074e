// The bytes of Proceedings, inside those of an issue's state. Inside this folder only.
#pragma once

#include "crypto/pack.h"
#include "node/deliberation/proceedings.h"

namespace yishi::deliberation {

void write_proceedings(Packer& out, const Proceedings& table);  // one map
Proceedings read_proceedings(Fields& in, std::string_view key);

}  // namespace yishi::deliberation
