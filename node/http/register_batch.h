// Changes of a register tried and written. For this folder only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "node/http/call.h"

namespace yishi::http {

// Opens the call; the policy in force. Rule "policy.none".
Result<std::shared_ptr<const deliberation::Policy>> open_policy(Call& call);
struct OpenRegister {
  std::shared_ptr<const deliberation::Policy> policy;
  const deliberation::Register& book;  // of the policy
};
// Opens the call; the register that its path names. Rules "policy.none", "http.missing".
Result<OpenRegister> open_register(Call& call);
// Every entry is tried; when one is wrong, nothing is written and each is named (422, `errors`).
// `lines`: of the file that the entries came from; empty: there is none.
Result<Reply> write_batch(Call& call, turn::WriteRegisters command, bool dry_run,
                          const std::vector<std::size_t>& lines);

}  // namespace yishi::http
