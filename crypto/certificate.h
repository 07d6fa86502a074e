// A certificate that a node makes for its own pages: ECDSA P-256, signed by itself, with the
// names and addresses that it is reached by. Browsers ask once and remember it.
#pragma once

#include <string>
#include <vector>

#include "crypto/result.h"

namespace yishi::crypto {

struct MadeCertificate {
  std::string certificate_pem;
  std::string key_pem;  // not encrypted: goes into a private file (key_file.h)
};

// names: host names and IP addresses. Rule "certificate.name": one of them is neither.
Result<MadeCertificate> make_certificate(const std::vector<std::string>& names, int days);

}  // namespace yishi::crypto
