// Who may use this node through its pages, and what they did: accounts, sessions, invitations,
// tokens for programs, the audit log. The node's own: nothing of it is replicated. A SQLite
// file of its own, accounts.db in the data directory, so that a store that is salvaged, moved
// or shown to an auditor carries no password.
//
// Secrets are kept as SHA-256 (sessions, tokens, invitations: 32 random bytes each) or scrypt
// (passwords, made by the caller). Any thread: one connection behind a mutex. Times are wall
// clock milliseconds and come from the caller.
//
// Rules: "store.io", "store.full" (the file), "account.taken", "account.unknown", "account.last".
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"

namespace yishi::store {

struct Account {
  std::string name;
  std::string roles;     // names with a comma between: "clerk,convener"
  std::string password;  // as crypto::hash_password wrote it
  std::uint64_t created_ms = 0;
  std::uint64_t failures = 0;      // since the last success
  std::uint64_t locked_until = 0;  // ms; 0: not locked
  bool disabled = false;
};

struct UserSession {
  crypto::Digest token;  // of the cookie's secret
  std::string account;
  std::string csrf;
  std::uint64_t created_ms = 0;
  std::uint64_t seen_ms = 0;
  std::uint64_t confirmed_ms = 0;  // when the password was last given
};

struct AccessToken {
  std::uint64_t id = 0;
  crypto::Digest secret;
  std::string label;
  std::string scopes;   // as roles
  std::string account;  // who made it
  std::uint64_t created_ms = 0;
  std::uint64_t expires_ms = 0;
};

struct AuditRow {
  std::uint64_t id = 0;
  std::uint64_t time_ms = 0;
  std::string account, via, address;  // via: "socket", "session", "token", "none"
  std::string act, object;            // "POST issues propose"; what it was done to
  std::uint64_t status = 0;           // of the answer; 0: the node stopped before it had one
  std::string rule;                   // when it was refused
};

struct AuditFilter {
  std::string account, act, object;  // empty: any; act: its beginning
  std::uint64_t from_ms = 0, until_ms = UINT64_MAX;
  std::uint64_t before = UINT64_MAX;  // ids below it
  std::uint64_t limit = 100;
};

class Accounts {
 public:
  static Result<std::unique_ptr<Accounts>> open(const std::string& directory);
  ~Accounts();

  std::uint64_t count() const;
  std::optional<Account> find(const std::string& name) const;
  std::vector<Account> all() const;
  Status add(const Account& account);
  // Replaces all but the name; ends the account's sessions when `end_sessions`.
  Status change(const Account& account, bool end_sessions);
  Status remove(const std::string& name);
  void note_login(const std::string& name, std::uint64_t failures, std::uint64_t locked_until);

  // One invitation at a time: a new one replaces it. take: whether it was there, once.
  Status invite(const crypto::Digest& secret, std::uint64_t expires_ms);
  bool invited(const crypto::Digest& secret, std::uint64_t now_ms) const;
  // The account and the end of the invitation in one transaction.
  Status add_invited(const crypto::Digest& secret, const Account& account);

  Status begin_session(const UserSession& session, std::size_t most_of_account);
  std::optional<UserSession> session(const crypto::Digest& token) const;
  void touch(const crypto::Digest& token, std::uint64_t seen_ms, std::uint64_t confirmed_ms);
  void end_session(const crypto::Digest& token);
  void end_sessions_before(std::uint64_t seen_ms, std::uint64_t created_ms);

  Result<std::uint64_t> add_token(const AccessToken& token);
  std::optional<AccessToken> token(const crypto::Digest& secret) const;
  std::vector<AccessToken> tokens() const;
  bool remove_token(std::uint64_t id);

  // Before an act, with status 0, and again when its outcome is known.
  Result<std::uint64_t> audit(const AuditRow& row);
  void audited(std::uint64_t id, const std::string& object, std::uint64_t status,
               const std::string& rule);
  std::vector<AuditRow> audits(const AuditFilter& filter) const;  // newest first

 private:
  struct Impl;
  explicit Accounts(std::unique_ptr<Impl> impl);
  Status write(const std::function<void()>& work, bool durable = true) const;
  mutable std::mutex mutex_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace yishi::store
