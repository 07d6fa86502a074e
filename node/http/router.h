// Which handler answers a request. Any thread; knows nothing of sockets.
#pragma once

#include "node/http/call.h"
#include "node/http/message.h"

namespace yishi::http {

// "POST /api/v1/issues/*/*": every route there is.
std::vector<std::string> route_names();

// Paths that are not in the table: 404; a method that a path does not have: 405 with Allow.
Response answer(Shared& shared, const Request& request);

}  // namespace yishi::http
