// Who is asking, and may they: between the socket and the router. For this folder only.
//
// Over the Unix socket the caller is "socket" and may do everything. Over TCP it is whoever
// the session's cookie or the bearer token says, or nobody. A session is over after 15 minutes
// without use or 8 hours (limits.h); its cookie holds 32 random bytes, of which the SHA-256 is
// kept. What changes something in a session's name must carry the session's X-CSRF-Token.
//
// The cookie is __Host-yishi-PORT over TLS, yishi-PORT on loopback without TLS, where a browser
// refuses the prefix: Secure belongs to it. The port is in the name because cookies do not
// tell ports apart, and several nodes may run on one machine. HttpOnly, SameSite=Strict.
//
// Any thread. Rules: "account.session", "account.csrf", "account.role", "account.confirm",
// "account.token", "http.rate".
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <string>

#include "node/http/limits.h"
#include "node/http/message.h"
#include "node/http/roles.h"
#include "node/store/accounts.h"

namespace yishi::http {

struct Caller {
  std::string via = "none";  // "socket", "session", "token", "none"
  std::string name;          // of the account; empty at the socket
  Roles roles = 0;
  std::optional<store::UserSession> session;
  bool confirmed = false;  // the password was given a short while ago, or needs not be
};

// Requests of each caller, so many a second; what is not used is saved up to a burst.
class RateLimit {
 public:
  RateLimit() : RateLimit(kRequestsPerSecond, kRequestBurst) {}
  RateLimit(double per_second, double burst) : per_second_(per_second), burst_(burst) {}
  bool take(const std::string& caller, std::uint64_t now_ms);

 private:
  struct Bucket {
    double left = 0;
    std::uint64_t at_ms = 0;
  };
  double per_second_, burst_;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

// Failed passwords of an address, or of a name that may not exist: locked for a while, longer
// each time. Forgotten when the process ends; the lock of an account is kept in its row too.
class LockOuts {
 public:
  std::uint64_t locked_until(const std::string& key, std::uint64_t now_ms);
  // Returns the end of the lock that this failure brought, or 0.
  std::uint64_t failed(const std::string& key, std::uint64_t allowed, std::uint64_t now_ms);
  void succeeded(const std::string& key);

 private:
  struct Row {
    std::uint64_t failures = 0, until_ms = 0, last_ms = 0;
  };
  std::mutex mutex_;
  std::map<std::string, Row> rows_;
};

struct Gate {
  std::unique_ptr<store::Accounts> accounts;  // null: their file does not open
  std::function<std::uint64_t()> now_ms;
  std::vector<std::string> names;  // hosts that this node is also served as
  RateLimit rate;
  RateLimit matters{kMattersPerSecond, kMatterBurst};  // handed in by the public, by address
  RateLimit matters_of_all{kMattersOfAllPerSecond, kMattersOfAllBurst};
  RateLimit lookups{kLookupsPerSecond, kLookupBurst};  // by the public, by address
  LockOuts locks;
  std::counting_semaphore<kPasswordsAtOnce> passwords{kPasswordsAtOnce};
};

std::string cookie_name(const Door& door);
// With an empty secret: the cookie that ends it.
std::string set_cookie(const Door& door, const std::string& secret);
crypto::Digest secret_digest(std::string_view secret);
std::string new_secret();  // 32 random bytes, base64url

// Who it is: never an error for one who shows nothing, or a session that is over.
Caller identify(Gate& gate, const Request& request);
// Whether the caller may. Then it is also neither too fast nor sent by another site's page.
Status admit(Gate& gate, const Request& request, const Caller& caller, const Need& need);

// Whether these are the account's name and password; counts failures and locks. `name` in its
// plain form. Rules "account.password" (either is wrong), "account.locked", "http.busy".
Result<store::Account> check_password(Gate& gate, const std::string& name,
                                      const std::string& password, const std::string& address);
// Rules "account.password.short", "account.password.long", "account.password.name".
Status check_new_password(const std::string& name, const std::string& password);

}  // namespace yishi::http
