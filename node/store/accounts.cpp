#include "node/store/accounts.h"

#include "node/store/accounts_impl.h"

namespace yishi::store {
namespace {

constexpr SideFile::Kind kAccountsFile{"accounts.db", 1, R"sql(
CREATE TABLE account (
  name TEXT PRIMARY KEY, roles TEXT NOT NULL, password TEXT NOT NULL,
  created_ms INTEGER NOT NULL, failures INTEGER NOT NULL, locked_until INTEGER NOT NULL,
  disabled INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE user_session (
  token BLOB PRIMARY KEY, account TEXT NOT NULL, csrf TEXT NOT NULL,
  created_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, confirmed_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX user_session_account ON user_session (account, seen_ms);
CREATE TABLE invitation (
  only INTEGER PRIMARY KEY CHECK (only = 1), secret BLOB NOT NULL, expires_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE access_token (
  id INTEGER PRIMARY KEY AUTOINCREMENT, secret BLOB NOT NULL UNIQUE, label TEXT NOT NULL,
  scopes TEXT NOT NULL, account TEXT NOT NULL, created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT, time_ms INTEGER NOT NULL, account TEXT NOT NULL,
  via TEXT NOT NULL, address TEXT NOT NULL, act TEXT NOT NULL, object TEXT NOT NULL,
  status INTEGER NOT NULL, rule TEXT NOT NULL
) STRICT;
CREATE INDEX audit_account ON audit (account, id);
CREATE INDEX audit_object ON audit (object, id);
PRAGMA user_version = 1;
)sql",
                                       "账户数据", "the accounts"};

constexpr std::string_view kAccountColumns =
    "SELECT name, roles, password, created_ms, failures, locked_until, disabled FROM account ";

Account account_in(const Query& row) {
  return {std::string(row.text_at(0)),
          std::string(row.text_at(1)),
          std::string(row.text_at(2)),
          row.number_at(3),
          row.number_at(4),
          row.number_at(5),
          row.number_at(6) != 0};
}

Error account_unknown(const std::string& name) {
  return {"account.unknown", "name", "没有账户 " + name, "there is no account " + name};
}

void insert_account(Connection& connection, const Account& account) {
  Query(connection, "INSERT INTO account VALUES (?, ?, ?, ?, ?, ?, ?)")
      .text(account.name)
      .text(account.roles)
      .text(account.password)
      .number(account.created_ms)
      .number(account.failures)
      .number(account.locked_until)
      .number(account.disabled ? 1 : 0)
      .run();
}

}  // namespace

Accounts::Accounts(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Accounts::~Accounts() = default;

Result<std::unique_ptr<Accounts>> Accounts::open(const std::string& directory) {
  auto file = SideFile::open(directory, kAccountsFile);
  if (!file) return file.error();
  return std::unique_ptr<Accounts>(new Accounts(std::make_unique<Impl>(std::move(*file))));
}

// Under the mutex. durable: on the disk when it returns; else with the next that is.
Status Accounts::write(const std::function<void()>& work, bool durable) const {
  return impl_->file->write(work, durable);
}

std::uint64_t Accounts::count() const {
  const std::lock_guard lock(mutex_);
  Query query(impl_->connection, "SELECT count(*) FROM account");
  return query.step() ? query.number_at(0) : 0;
}

std::optional<Account> Accounts::find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  Query query(impl_->connection, std::string(kAccountColumns) + "WHERE name = ?");
  query.text(name);
  if (!query.step()) return std::nullopt;
  return account_in(query);
}

std::vector<Account> Accounts::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<Account> out;
  Query query(impl_->connection, std::string(kAccountColumns) + "ORDER BY name");
  while (query.step()) out.push_back(account_in(query));
  return out;
}

Status Accounts::add(const Account& account) {
  const std::lock_guard lock(mutex_);
  bool taken = false;
  auto status = write([&] {
    Query query(impl_->connection, "SELECT 1 FROM account WHERE name = ?");
    taken = query.text(account.name).step();
    if (!taken) insert_account(impl_->connection, account);
  });
  if (status.ok() && taken) {
    return Error{"account.taken", "name", "已有账户 " + account.name,
                 "there is an account " + account.name + " already"};
  }
  return status;
}

Status Accounts::change(const Account& account, bool end_sessions) {
  const std::lock_guard lock(mutex_);
  auto& connection = impl_->connection;
  auto status = write([&] {
    Query(connection,
          "UPDATE account SET roles = ?, password = ?, failures = ?, locked_until = ?, "
          "disabled = ? WHERE name = ?")
        .text(account.roles)
        .text(account.password)
        .number(account.failures)
        .number(account.locked_until)
        .number(account.disabled ? 1 : 0)
        .text(account.name)
        .run();
    if (end_sessions) {
      Query(connection, "DELETE FROM user_session WHERE account = ?").text(account.name).run();
      Query(connection, "DELETE FROM access_token WHERE account = ?").text(account.name).run();
    }
  });
  return status;
}

Status Accounts::remove(const std::string& name) {
  const std::lock_guard lock(mutex_);
  auto& connection = impl_->connection;
  bool found = false;
  auto status = write([&] {
    Query(connection, "DELETE FROM account WHERE name = ?").text(name).run();
    found = sqlite3_changes(connection.handle()) > 0;
    Query(connection, "DELETE FROM user_session WHERE account = ?").text(name).run();
    Query(connection, "DELETE FROM access_token WHERE account = ?").text(name).run();
  });
  if (status.ok() && !found) return account_unknown(name);
  return status;
}

void Accounts::note_login(const std::string& name, std::uint64_t failures,
                          std::uint64_t locked_until) {
  const std::lock_guard lock(mutex_);
  (void)write([&] {
    Query(impl_->connection, "UPDATE account SET failures = ?, locked_until = ? WHERE name = ?")
        .number(failures)
        .number(locked_until)
        .text(name)
        .run();
  });
}

Status Accounts::invite(const crypto::Digest& secret, std::uint64_t expires_ms) {
  const std::lock_guard lock(mutex_);
  return write([&] {
    Query(impl_->connection, "INSERT OR REPLACE INTO invitation VALUES (1, ?, ?)")
        .blob(secret)
        .number(expires_ms)
        .run();
  });
}

bool Accounts::invited(const crypto::Digest& secret, std::uint64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  Query query(impl_->connection, "SELECT 1 FROM invitation WHERE secret = ? AND expires_ms > ?");
  return query.blob(secret).number(now_ms).step();
}

Status Accounts::add_invited(const crypto::Digest& secret, const Account& account) {
  const std::lock_guard lock(mutex_);
  auto& connection = impl_->connection;
  bool used = false;
  auto status = write([&] {
    Query(connection, "DELETE FROM invitation WHERE secret = ?").blob(secret).run();
    used = sqlite3_changes(connection.handle()) == 1;
    if (used) insert_account(connection, account);
  });
  if (status.ok() && !used) {
    return Error{"account.invitation", "invitation", "邀请链接已用过或已过期",
                 "the invitation was used already or has expired"};
  }
  return status;
}

}  // namespace yishi::store
