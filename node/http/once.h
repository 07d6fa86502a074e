// Idempotency-Key: what names a request so that it can be sent again without doing twice.
// The same key of the same caller with the same method, path and body is the same request.
// For this folder only; any thread.
//
// Rules: "once.key" (not 1 to 255 printable ASCII characters), "once.busy" (the first request
// under the key is not answered yet).
#pragma once

#include <mutex>
#include <optional>
#include <set>

#include "node/http/gate.h"
#include "node/http/message.h"
#include "node/turn/command.h"

namespace yishi::http {

// Nothing: the request has no key.
Result<std::optional<turn::Once>> once_of(const Request& request, const Caller& caller);

// The keys of requests that are not answered yet.
class UnderWay {
 public:
  class Claim {  // ends with its scope
   public:
    Claim(UnderWay& keys, const crypto::Digest& key) : keys_(keys), key_(key) {
      held_ = keys_.begin(key_);
    }
    ~Claim() {
      if (held_) keys_.end(key_);
    }
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    bool held() const { return held_; }

   private:
    UnderWay& keys_;
    crypto::Digest key_;
    bool held_ = false;
  };

 private:
  bool begin(const crypto::Digest& key);
  void end(const crypto::Digest& key);

  std::mutex mutex_;
  std::set<crypto::Digest> keys_;
};

}  // namespace yishi::http
