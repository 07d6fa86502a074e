// Remarks: what is said about an issue without moving it. Inside this folder only.
#pragma once

#include "node/deliberation/rules.h"

namespace yishi::deliberation {

// Only for an issue that is logged. The order of remarks does not matter: sums are sums,
// and where the latest counts it is the latest by (time, digest).
Folded apply_remark(Issue& issue, const Deed& deed, const crypto::Digest& digest);

}  // namespace yishi::deliberation
