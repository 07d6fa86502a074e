#include "crypto/password.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <optional>
#include <vector>

#include "crypto/assert.h"

namespace yishi::crypto {
namespace {

constexpr unsigned kCostLog = 15;  // N = 2^15: 32 MiB with r = 8
constexpr std::uint64_t kBlock = 8;
constexpr std::size_t kPasswordSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr std::uint64_t kMaxMemory = std::uint64_t{64} * 1024 * 1024;
constexpr std::size_t kParts = 6;  // "scrypt", log2 N, r, p, salt, hash

std::optional<Bytes> scrypt(std::string_view password, View salt) {
  Bytes out(kHashBytes);
  const int done =
      EVP_PBE_scrypt(password.data(), password.size(), salt.data(), salt.size(),
                     std::uint64_t{1} << kCostLog, kBlock, 1, kMaxMemory, out.data(), out.size());
  if (done != 1) return std::nullopt;
  return out;
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find('$');
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos || parts.size() > kParts) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string hash_password(std::string_view password, Random& random) {
  const Bytes salt = random.bytes(kPasswordSaltBytes);
  const auto hash = scrypt(password, salt);
  YISHI_ASSERT(hash.has_value());  // only memory that is missing makes it fail
  return "scrypt$" + std::to_string(kCostLog) + "$8$1$" + to_base64url(salt) + "$" +
         to_base64url(*hash);
}

Bytes stretch_password(std::string_view password, View salt) {
  auto key = scrypt(password, salt);
  YISHI_ASSERT(key.has_value());  // as above
  return std::move(*key);
}

bool verify_password(std::string_view password, std::string_view kept) {
  const auto parts = parts_of(kept);
  if (parts.size() != kParts || parts[0] != "scrypt" || parts[1] != std::to_string(kCostLog) ||
      parts[2] != "8" || parts[3] != "1") {
    return false;
  }
  const auto salt = from_base64url(parts[4]);
  const auto wanted = from_base64url(parts[5]);
  if (!salt || !wanted || wanted->size() != kHashBytes) return false;
  const auto hash = scrypt(password, *salt);
  return hash && CRYPTO_memcmp(hash->data(), wanted->data(), kHashBytes) == 0;
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace yishi::crypto
