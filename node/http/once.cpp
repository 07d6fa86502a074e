#include "node/http/once.h"

#include <algorithm>

#include "crypto/pack.h"
#include "node/http/limits.h"

namespace yishi::http {
namespace {

crypto::Digest digest_of(std::string_view domain, const Packer& packed) {
  return crypto::digest(crypto::Suite::kEd25519Sha256, domain, {packed.bytes()});
}

}  // namespace

Result<std::optional<turn::Once>> once_of(const Request& request, const Caller& caller) {
  const std::string key = request.field("idempotency-key");
  if (key.empty()) return std::optional<turn::Once>();
  const bool printable =
      std::all_of(key.begin(), key.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  if (key.size() > kMaxOnceKeyBytes || !printable) {
    return Error{"once.key", "Idempotency-Key", "Idempotency-Key 应为 1 至 255 个可见的 ASCII 字符",
                 "an Idempotency-Key is 1 to 255 printable ASCII characters"};
  }
  Packer who;
  who.array(3).text(caller.via).text(caller.name).text(key);
  Packer what;
  what.array(2 + request.segments.size() + 2 * request.query.size()).text(request.method);
  for (const auto& segment : request.segments) what.text(segment);
  for (const auto& [name, value] : request.query) what.text(name).text(value);
  what.text(request.body);
  return std::optional(
      turn::Once{digest_of("yishi/once/1", who), digest_of("yishi/request/1", what)});
}

bool UnderWay::begin(const crypto::Digest& key) {
  const std::lock_guard lock(mutex_);
  return keys_.insert(key).second;
}

void UnderWay::end(const crypto::Digest& key) {
  const std::lock_guard lock(mutex_);
  keys_.erase(key);
}

}  // namespace yishi::http
