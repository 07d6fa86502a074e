// Errors as application/problem+json (RFC 9457).
//
//   { "type": "about:blank" or "urn:yishi:rule:<rule>", "title", "status", "detail",
//     "rule", "field", "zh", "en" }
// detail is zh or en as Accept-Language asks; both stand beside it.
#pragma once

#include "crypto/result.h"
#include "node/http/message.h"

namespace yishi::http {

// The status that a rule is answered with: 422 unless the rule says otherwise.
unsigned status_of(const Error& error);
Response problem(const Error& error, bool chinese);
Response problem(const Error& error, unsigned status, bool chinese);

}  // namespace yishi::http
