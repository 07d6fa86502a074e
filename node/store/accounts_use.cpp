// The half of Accounts that is used all day: sessions, tokens, the audit log.
#include <algorithm>

#include "node/store/accounts_impl.h"

namespace yishi::store {
namespace {

constexpr std::string_view kTokenColumns =
    "SELECT id, secret, label, scopes, account, created_ms, expires_ms FROM access_token ";

constexpr std::uint64_t kMaxAudits = 10'000;  // rows of one page

AccessToken token_in(const Query& row) {
  return {row.number_at(0),
          row.digest_at(1),
          std::string(row.text_at(2)),
          std::string(row.text_at(3)),
          std::string(row.text_at(4)),
          row.number_at(5),
          row.number_at(6)};
}

}  // namespace

Status Accounts::begin_session(const UserSession& session, std::size_t most_of_account) {
  const std::lock_guard lock(mutex_);
  auto& connection = impl_->connection;
  return write([&] {
    Query(connection, "INSERT INTO user_session VALUES (?, ?, ?, ?, ?, ?)")
        .blob(session.token)
        .text(session.account)
        .text(session.csrf)
        .number(session.created_ms)
        .number(session.seen_ms)
        .number(session.confirmed_ms)
        .run();
    // The ones used longest ago make room.
    Query(connection,
          "DELETE FROM user_session WHERE token IN (SELECT token FROM user_session "
          "WHERE account = ? ORDER BY seen_ms DESC, token LIMIT -1 OFFSET ?)")
        .text(session.account)
        .number(most_of_account)
        .run();
  });
}

std::optional<UserSession> Accounts::session(const crypto::Digest& token) const {
  const std::lock_guard lock(mutex_);
  Query query(impl_->connection,
              "SELECT token, account, csrf, created_ms, seen_ms, confirmed_ms FROM user_session "
              "WHERE token = ?");
  query.blob(token);
  if (!query.step()) return std::nullopt;
  return UserSession{query.digest_at(0),
                     std::string(query.text_at(1)),
                     std::string(query.text_at(2)),
                     query.number_at(3),
                     query.number_at(4),
                     query.number_at(5)};
}

void Accounts::touch(const crypto::Digest& token, std::uint64_t seen_ms,
                     std::uint64_t confirmed_ms) {
  const std::lock_guard lock(mutex_);
  (void)write(
      [&] {
        Query(impl_->connection,
              "UPDATE user_session SET seen_ms = ?, confirmed_ms = ? WHERE token = ?")
            .number(seen_ms)
            .number(confirmed_ms)
            .blob(token)
            .run();
      },
      false);
}

void Accounts::end_session(const crypto::Digest& token) {
  const std::lock_guard lock(mutex_);
  (void)write([&] {
    Query(impl_->connection, "DELETE FROM user_session WHERE token = ?").blob(token).run();
  });
}

void Accounts::end_sessions_before(std::uint64_t seen_ms, std::uint64_t created_ms) {
  const std::lock_guard lock(mutex_);
  (void)write([&] {
    Query(impl_->connection, "DELETE FROM user_session WHERE seen_ms < ? OR created_ms < ?")
        .number(seen_ms)
        .number(created_ms)
        .run();
  });
}

Result<std::uint64_t> Accounts::add_token(const AccessToken& token) {
  const std::lock_guard lock(mutex_);
  auto& connection = impl_->connection;
  std::uint64_t id = 0;
  const auto status = write([&] {
    Query(connection,
          "INSERT INTO access_token (secret, label, scopes, account, created_ms, expires_ms) "
          "VALUES (?, ?, ?, ?, ?, ?)")
        .blob(token.secret)
        .text(token.label)
        .text(token.scopes)
        .text(token.account)
        .number(token.created_ms)
        .number(token.expires_ms)
        .run();
    id = static_cast<std::uint64_t>(sqlite3_last_insert_rowid(connection.handle()));
  });
  if (!status.ok()) return status.error();
  return id;
}

std::optional<AccessToken> Accounts::token(const crypto::Digest& secret) const {
  const std::lock_guard lock(mutex_);
  Query query(impl_->connection, std::string(kTokenColumns) + "WHERE secret = ?");
  query.blob(secret);
  if (!query.step()) return std::nullopt;
  return token_in(query);
}

std::vector<AccessToken> Accounts::tokens() const {
  const std::lock_guard lock(mutex_);
  std::vector<AccessToken> out;
  Query query(impl_->connection, std::string(kTokenColumns) + "ORDER BY id");
  while (query.step()) out.push_back(token_in(query));
  return out;
}

bool Accounts::remove_token(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  bool found = false;
  const auto status = write([&] {
    Query(impl_->connection, "DELETE FROM access_token WHERE id = ?").number(id).run();
    found = sqlite3_changes(impl_->connection.handle()) > 0;
  });
  return status.ok() && found;
}

// Not waited for: a power cut may take the last rows of it, as it takes the acts' own answers.
Result<std::uint64_t> Accounts::audit(const AuditRow& row) {
  const std::lock_guard lock(mutex_);
  auto& connection = impl_->connection;
  std::uint64_t id = 0;
  const auto status = write(
      [&] {
        Query(connection,
              "INSERT INTO audit (time_ms, account, via, address, act, object, status, rule) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .number(row.time_ms)
            .text(row.account)
            .text(row.via)
            .text(row.address)
            .text(row.act)
            .text(row.object)
            .number(row.status)
            .text(row.rule)
            .run();
        id = static_cast<std::uint64_t>(sqlite3_last_insert_rowid(connection.handle()));
      },
      false);
  if (!status.ok()) return status.error();
  return id;
}

void Accounts::audited(std::uint64_t id, const std::string& object, std::uint64_t status,
                       const std::string& rule) {
  const std::lock_guard lock(mutex_);
  (void)write(
      [&] {
        Query(impl_->connection, "UPDATE audit SET object = ?, status = ?, rule = ? WHERE id = ?")
            .text(object)
            .number(status)
            .text(rule)
            .number(id)
            .run();
      },
      false);
}

std::vector<AuditRow> Accounts::audits(const AuditFilter& filter) const {
  const std::lock_guard lock(mutex_);
  constexpr std::uint64_t kMost = INT64_MAX;
  std::vector<AuditRow> out;
  Query query(impl_->connection,
              "SELECT id, time_ms, account, via, address, act, object, status, rule FROM audit "
              "WHERE id < ?1 AND time_ms >= ?2 AND time_ms < ?3 AND (?4 = '' OR account = ?4) "
              "AND (?5 = '' OR substr(act, 1, length(?5)) = ?5) AND (?6 = '' OR object = ?6) "
              "ORDER BY id DESC LIMIT ?7");
  query.number(std::min(filter.before, kMost))
      .number(std::min(filter.from_ms, kMost))
      .number(std::min(filter.until_ms, kMost))
      .text(filter.account)
      .text(filter.act)
      .text(filter.object)
      .number(std::min(filter.limit, kMaxAudits));
  while (query.step()) {
    out.push_back({query.number_at(0), query.number_at(1), std::string(query.text_at(2)),
                   std::string(query.text_at(3)), std::string(query.text_at(4)),
                   std::string(query.text_at(5)), std::string(query.text_at(6)), query.number_at(7),
                   std::string(query.text_at(8))});
  }
  return out;
}

}  // namespace yishi::store
