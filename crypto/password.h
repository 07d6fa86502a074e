// Passwords as they are kept: scrypt (RFC 7914) with a salt of its own, in one text
//
//   scrypt$<log2 N>$<r>$<p>$<salt, base64url>$<32 bytes, base64url>
//
// Each call takes 32 MiB and some 80 ms on purpose; who calls says how many at once. Any
// thread. verify_password: false, too, for a text that is not of this form or asks for more.
#pragma once

#include <string>
#include <string_view>

#include "crypto/random.h"

namespace yishi::crypto {

std::string hash_password(std::string_view password, Random& random);
bool verify_password(std::string_view password, std::string_view kept);
// A key of 32 bytes from a password, at the same price.
Bytes stretch_password(std::string_view password, View salt);
// In a time that does not depend on where they differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace yishi::crypto
