// Undo: what goes into the log is signed and never taken back, so a request that asks for it
// (X-Undo: seconds) is judged at once and kept that long before it is carried out. Until then it
// can be undone, or hurried. For this folder only; any thread.
#pragma once

#include "node/http/call.h"

namespace yishi::http {

// How long the request is to wait, in ms; 0: it is to be done at once. Rule "http.undo".
Result<std::uint64_t> undo_time(const Request& request);
// Keeps the call's request; 202 {"pending": …}. Call it when the request was found good.
Result<Reply> put_off(Call& call, std::uint64_t wait_ms, const std::string& title);
// What was done before under the request's Idempotency-Key must not be put off, but answered.
bool done_before(Call& call);
// Carries out what is due. False: nothing waits any more.
bool carry_out_due(Shared& shared);

}  // namespace yishi::http
