// Remarks: what is said about an issue without moving it. Inside this folder only.
#pragma once

#include "node/deliberation/rules.h"

namespace yishi::deliberation {

// Opinions, receipts and explanations; remarks_table.cpp. The judgement is made_act's too.
Status judge_table_remark(const Issue& issue, const Deed& deed);
Folded apply_table_remark(Issue& issue, const Deed& deed, const crypto::Digest& digest);

// Only for an issue that is logged. The order of remarks does not matter: sums are sums,
// and where the latest counts it is the latest by (time, digest).
Folded apply_remark(Issue& issue, const Deed& deed, const crypto::Digest& digest);

}  // namespace yishi::deliberation
