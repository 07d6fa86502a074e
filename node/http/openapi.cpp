#include "node/http/openapi.h"

#include "node/http/call.h"

namespace yishi::http {

// Open to all: it says nothing of this node.
Result<Reply> get_openapi(Call&) {
  Reply reply;
  reply.text = kOpenApi;
  return reply;
}

}  // namespace yishi::http
