#include "node/http/gate.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "crypto/password.h"
#include "crypto/random.h"
#include "node/http/headers.h"
#include "node/http/quantities.h"

namespace yishi::http {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kMaxCookieBytes = 128;
constexpr std::chrono::seconds kPasswordWait{5};
constexpr std::string_view kBearer = "Bearer ";
constexpr double kMsPerSecond = 1000;

std::string cookie_of(const Request& request) {
  const std::string wanted = cookie_name(request.door) + "=";
  const std::string field = request.field("cookie");
  for (std::size_t at = 0; at < field.size();) {
    const auto end = std::min(field.find(';', at), field.size());
    std::string_view one(field.data() + at, end - at);
    at = end + 1;
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.starts_with(wanted) && one.size() <= kMaxCookieBytes) {
      return std::string(one.substr(wanted.size()));
    }
  }
  return {};
}

bool changes_something(const Request& request) {
  return request.method != "GET" && request.method != "HEAD";
}

// What asks by itself, with no hand at the keyboard, keeps nobody in: a page that says so, and
// a stream of events, whose browser opens it anew and cannot say so.
bool asks_by_itself(const Request& request) {
  const std::vector<std::string> events{"api", "v1", "events"};
  return !request.field("x-quiet").empty() || request.segments == events;
}

Caller by_token(Gate& gate, std::string_view secret) {
  Caller caller;
  const auto token = gate.accounts->token(secret_digest(secret));
  if (!token || token->expires_ms <= gate.now_ms()) return caller;
  caller.via = "token";
  caller.name = token->account + "/" + token->label;
  caller.roles = roles_from(token->scopes).value_or(0);
  caller.confirmed = true;  // it was given on purpose by one who had confirmed
  return caller;
}

Caller by_session(Gate& gate, const Request& request) {
  Caller caller;
  const std::string secret = cookie_of(request);
  if (secret.empty()) return caller;
  auto session = gate.accounts->session(secret_digest(secret));
  if (!session) return caller;
  const auto now = gate.now_ms();
  const bool over =
      now >= session->seen_ms + kSessionIdleMs || now >= session->created_ms + kSessionLifeMs;
  const auto account = gate.accounts->find(session->account);
  if (over || !account || account->disabled) {
    gate.accounts->end_session(session->token);
    return caller;
  }
  if (!asks_by_itself(request) && now >= session->seen_ms + kSessionTouchMs) {
    session->seen_ms = now;
    gate.accounts->touch(session->token, now, session->confirmed_ms);
  }
  caller.via = "session";
  caller.name = account->name;
  caller.roles = roles_from(account->roles).value_or(0);
  caller.confirmed = now < session->confirmed_ms + kConfirmedMs;
  caller.session = std::move(session);
  return caller;
}

Error wrong_password() {
  return {"account.password", "password", "账户名或密码不对", "the name or the password is wrong"};
}

Error locked_out(std::uint64_t until_ms) {
  const auto until = rfc3339(until_ms);
  return {"account.locked", "name", "输错次数过多，" + until + " 之后才能再试",
          "too many wrong passwords; try again after " + until};
}

}  // namespace

bool RateLimit::take(const std::string& caller, std::uint64_t now_ms) {
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= kMaxCallers && !buckets_.contains(caller)) {
    buckets_.erase(std::min_element(
        buckets_.begin(), buckets_.end(),
        [](const auto& a, const auto& b) { return a.second.at_ms < b.second.at_ms; }));
  }
  Bucket& bucket = buckets_.try_emplace(caller, Bucket{burst_, now_ms}).first->second;
  const double passed =
      now_ms > bucket.at_ms ? static_cast<double>(now_ms - bucket.at_ms) / kMsPerSecond : 0;
  bucket.left = std::min(burst_, bucket.left + passed * per_second_);
  bucket.at_ms = std::max(bucket.at_ms, now_ms);
  if (bucket.left < 1) return false;
  bucket.left -= 1;
  return true;
}

std::uint64_t LockOuts::locked_until(const std::string& key, std::uint64_t now_ms) {
  const std::lock_guard lock(mutex_);
  const auto found = rows_.find(key);
  return found == rows_.end() || found->second.until_ms <= now_ms ? 0 : found->second.until_ms;
}

std::uint64_t LockOuts::failed(const std::string& key, std::uint64_t allowed,
                               std::uint64_t now_ms) {
  const std::lock_guard lock(mutex_);
  if (rows_.size() >= kMaxCallers && !rows_.contains(key)) {
    rows_.erase(std::min_element(rows_.begin(), rows_.end(), [](const auto& a, const auto& b) {
      return a.second.last_ms < b.second.last_ms;
    }));
  }
  Row& row = rows_[key];
  if (now_ms > row.last_ms + kLongestLockMs) row.failures = 0;
  row.last_ms = now_ms;
  if (++row.failures < allowed) return 0;
  std::uint64_t length = kFirstLockMs;
  for (auto n = row.failures; n > allowed && length < kLongestLockMs; --n) length *= 2;
  row.until_ms = now_ms + std::min(length, kLongestLockMs);
  return row.until_ms;
}

void LockOuts::succeeded(const std::string& key) {
  const std::lock_guard lock(mutex_);
  rows_.erase(key);
}

std::string cookie_name(const Door& door) {
  return (door.tls ? "__Host-yishi-" : "yishi-") + std::to_string(door.port);
}

std::string set_cookie(const Door& door, const std::string& secret) {
  return cookie_name(door) + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict" +
         (door.tls ? "; Secure" : "") + (secret.empty() ? "; Max-Age=0" : "");
}

crypto::Digest secret_digest(std::string_view secret) {
  return crypto::digest(crypto::Suite::kEd25519Sha256, "yishi/secret/1", {view_of(secret)});
}

std::string new_secret() { return to_base64url(crypto::SystemRandom().bytes(kSecretBytes)); }

Caller identify(Gate& gate, const Request& request) {
  if (!request.door.people) return {"socket", {}, kEveryRole, std::nullopt, true};
  if (!gate.accounts) return {};
  const std::string authorization = request.field("authorization");
  if (!authorization.empty()) {
    if (!authorization.starts_with(kBearer)) return {};
    return by_token(gate, std::string_view(authorization).substr(kBearer.size()));
  }
  return by_session(gate, request);
}

Status admit(Gate& gate, const Request& request, const Caller& caller, const Need& need) {
  if (caller.via == "socket") return {};
  const std::string key = caller.session        ? caller.session->csrf
                          : caller.name.empty() ? request.door.peer
                                                : caller.name;
  if (!gate.rate.take(key, gate.now_ms())) {
    return Error{"http.rate", "", "请求过于频繁，请稍候再试", "too many requests; wait a moment"};
  }
  if (changes_something(request)) {
    if (auto status = check_origin(request); !status) return status;
    if (caller.session &&
        !crypto::same_secret(request.field("x-csrf-token"), caller.session->csrf)) {
      return Error{"account.csrf", "X-CSRF-Token", "请求没有带上本次登录的 X-CSRF-Token",
                   "the request does not carry this session's X-CSRF-Token"};
    }
  }
  if (need.roles == 0) return {};
  if (caller.via == "none") {
    return Error{"account.session", "session", "请先登录", "sign in first"};
  }
  if ((caller.roles & need.roles) == 0) return role_missing(need.roles);
  if (need.confirm && !caller.confirmed) {
    return Error{"account.confirm", "password", "此项操作须再次输入密码",
                 "this needs your password once more"};
  }
  return {};
}

Result<store::Account> check_password(Gate& gate, const std::string& name,
                                      const std::string& password, const std::string& address) {
  const auto now = gate.now_ms();
  const std::string of_name = "name " + name;
  const std::string of_address = "address " + address;
  const auto account = gate.accounts->find(name);
  const auto kept = account && account->locked_until > now ? account->locked_until : 0;
  const auto until = std::max(
      {kept, gate.locks.locked_until(of_name, now), gate.locks.locked_until(of_address, now)});
  if (until != 0) return locked_out(until);
  if (!gate.passwords.try_acquire_for(kPasswordWait)) {
    return Error{"http.busy", "", "同时登录的人过多，请稍候再试",
                 "too many are signing in; try again in a moment"};
  }
  // Where there is no such account the work is done all the same, so that time tells nothing.
  static const std::string nobody = [] {
    crypto::SystemRandom random;
    return crypto::hash_password(new_secret(), random);
  }();
  const bool right = crypto::verify_password(password, account ? account->password : nobody);
  gate.passwords.release();
  if (right && account && !account->disabled) {
    gate.locks.succeeded(of_name);
    gate.locks.succeeded(of_address);
    if (account->failures != 0) gate.accounts->note_login(name, 0, 0);
    return *account;
  }
  const auto locked = gate.locks.failed(of_name, kFailuresOfAccount, now);
  (void)gate.locks.failed(of_address, kFailuresOfAddress, now);
  if (account) gate.accounts->note_login(name, account->failures + 1, locked);
  return wrong_password();
}

Status check_new_password(const std::string& name, const std::string& password) {
  if (password.size() < kMinPasswordBytes) {
    const auto least = std::to_string(kMinPasswordBytes);
    return Error{"account.password.short", "password", "密码至少 " + least + " 个字节",
                 "a password has at least " + least + " bytes"};
  }
  if (password.size() > kMaxPasswordBytes) {
    const auto most = std::to_string(kMaxPasswordBytes);
    return Error{"account.password.long", "password", "密码最多 " + most + " 个字节",
                 "a password has at most " + most + " bytes"};
  }
  if (password.find(name) != std::string::npos) {
    return Error{"account.password.name", "password", "密码不能包含账户名",
                 "the password must not contain the account's name"};
  }
  return {};
}

}  // namespace yishi::http
