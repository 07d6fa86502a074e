// Changes of a register tried and written. For this folder only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "node/http/call.h"

namespace yishi::http {

std::shared_ptr<const deliberation::Policy> policy_of(Call& call);  // in force; the call is open
// Rules "policy.none", "http.missing".
Result<const deliberation::Register*> register_of(const deliberation::Policy* policy,
                                                  const std::string& name);
// Every entry is tried; when one is wrong, nothing is written and each is named (422, `errors`).
// `lines`: of the file that the entries came from; empty: there is none.
Result<Reply> write_batch(Call& call, turn::WriteRegisters command, bool dry_run,
                          const std::vector<std::size_t>& lines);

}  // namespace yishi::http
