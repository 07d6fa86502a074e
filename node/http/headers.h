// What every answer tells a browser about how far it may trust the page. Over TCP only.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "node/http/message.h"

namespace yishi::http {

// Scripts and everything else from this node alone, none inline; no frame around it; no
// referrer; its window shared with nobody. Style attributes are let pass: charts write them.
const std::vector<std::pair<std::string, std::string>>& security_fields(const Door& door);

// The request came to a name or address that is ours: one that is not may be a stranger's page
// that had its name resolved to us. `names`: beside the loopback ones and the address itself.
// Rule "http.host".
Status check_host(const Request& request, const std::vector<std::string>& names);

// Whether a page of ours sent it, as far as the browser says so: no Origin, or our own.
// Rule "http.origin".
Status check_origin(const Request& request);

}  // namespace yishi::http
