#include "node/store/pending.h"

#include "node/store/limits.h"
#include "node/store/side_file.h"

namespace yishi::store {
namespace {

constexpr SideFile::Kind kPendingFile{"pending.db", 1, R"sql(
CREATE TABLE pending (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  via TEXT NOT NULL, account TEXT NOT NULL, key TEXT NOT NULL, if_match TEXT NOT NULL,
  path TEXT NOT NULL, body TEXT NOT NULL, title TEXT NOT NULL,
  made_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL, begun INTEGER NOT NULL DEFAULT 0,
  rule TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL
) STRICT;
PRAGMA user_version = 1;
)sql",
                                      "待写入的办理", "the acts that wait to be written"};

constexpr std::string_view kPendingColumns =
    "SELECT id, via, account, key, if_match, path, body, title, made_ms, due_ms, rule, zh, en "
    "FROM pending ";

std::vector<PendingAct> pending_in(Query& query) {
  std::vector<PendingAct> out;
  while (query.step()) {
    PendingAct act;
    act.id = query.number_at(0);
    act.via = query.text_at(1);
    act.account = query.text_at(2);
    act.key = query.text_at(3);
    act.if_match = query.text_at(4);
    act.path = query.text_at(5);
    act.body = query.text_at(6);
    act.title = query.text_at(7);
    act.made_ms = query.number_at(8);
    act.due_ms = query.number_at(9);
    act.rule = query.text_at(10);
    act.zh = query.text_at(11);
    act.en = query.text_at(12);
    out.push_back(std::move(act));
  }
  return out;
}

Error no_pending() {
  return {"pending.unknown", "id", "没有这一条待写入的办理：可能已经写入，或已撤销",
          "no such act waits: it may have been written, or undone"};
}

}  // namespace

struct Pending::Impl {
  std::unique_ptr<SideFile> file;
  Connection& connection() const { return file->connection(); }
};

Pending::Pending(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Pending::~Pending() = default;

Result<std::unique_ptr<Pending>> Pending::open(const std::string& directory) {
  auto file = SideFile::open(directory, kPendingFile);
  if (!file) return file.error();
  return std::unique_ptr<Pending>(new Pending(std::make_unique<Impl>(Impl{std::move(*file)})));
}

Result<std::uint64_t> Pending::put_off(const PendingAct& act) {
  const std::lock_guard lock(mutex_);
  auto& connection = impl_->connection();
  std::uint64_t id = 0;
  bool other = false;
  const auto status = impl_->file->write([&] {
    Query same(connection,
               "SELECT id, path = ? AND body = ? FROM pending "
               "WHERE key <> '' AND key = ? AND via = ? AND account = ?");
    same.text(act.path).text(act.body).text(act.key).text(act.via).text(act.account);
    if (same.step()) {
      id = same.number_at(0);
      other = same.number_at(1) == 0;
      return;
    }
    Query count(connection, "SELECT count(*) FROM pending");
    if (!count.step() || count.number_at(0) >= kMaxPending) return;
    Query insert(
        connection,
        "INSERT INTO pending (via, account, key, if_match, path, body, title, made_ms, due_ms, "
        "rule, zh, en) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '')");
    insert.text(act.via).text(act.account).text(act.key).text(act.if_match);
    insert.text(act.path).text(act.body).text(act.title);
    insert.number(act.made_ms).number(act.due_ms).run();
    id = static_cast<std::uint64_t>(sqlite3_last_insert_rowid(connection.handle()));
  });
  if (!status.ok()) return status.error();
  if (other) {
    return Error{"once.other", "Idempotency-Key", "这个 Idempotency-Key 已用于另一个请求，请换一个",
                 "this Idempotency-Key was used for another request: take another"};
  }
  if (id != 0) return id;
  return Error{"pending.full", "", "待写入的办理过多，请稍候再试，或直接写入",
               "too many acts wait to be written: try again in a moment, or write at once"};
}

std::vector<PendingAct> Pending::all() const {
  const std::lock_guard lock(mutex_);
  Query query(impl_->connection(), std::string(kPendingColumns) + "ORDER BY due_ms, id");
  return pending_in(query);
}

std::vector<PendingAct> Pending::due(std::uint64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  Query query(impl_->connection(),
              std::string(kPendingColumns) + "WHERE rule = '' AND due_ms <= ? ORDER BY due_ms, id");
  query.number(now_ms);
  return pending_in(query);
}

std::uint64_t Pending::waiting() const {
  const std::lock_guard lock(mutex_);
  Query query(impl_->connection(), "SELECT count(*) FROM pending WHERE rule = ''");
  return query.step() ? query.number_at(0) : 0;
}

std::optional<PendingAct> Pending::find(std::uint64_t id) const {
  const std::lock_guard lock(mutex_);
  Query query(impl_->connection(), std::string(kPendingColumns) + "WHERE id = ?");
  query.number(id);
  auto found = pending_in(query);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

// An UPDATE or DELETE of one row: texts first, then a number where the statement has one.
Status Pending::change(std::uint64_t id, const std::string& sql,
                       const std::vector<std::string>& texts, std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  auto& connection = impl_->connection();
  bool found = false;
  const auto status = impl_->file->write([&] {
    Query query(connection, sql);
    for (const auto& text : texts) query.text(text);
    if (number != 0) query.number(number);
    query.number(id).run();
    found = sqlite3_changes(connection.handle()) == 1;
  });
  if (status.ok() && !found) return no_pending();
  return status;
}

Status Pending::hurry(std::uint64_t id, std::uint64_t now_ms) {
  return change(id, "UPDATE pending SET due_ms = ? WHERE id = ? AND rule = ''", {}, now_ms);
}

Status Pending::refuse(std::uint64_t id, const Error& why) {
  return change(id, "UPDATE pending SET rule = ?, zh = ?, en = ? WHERE id = ?",
                {why.rule, why.zh, why.en}, 0);
}

Status Pending::begin(std::uint64_t id) {
  return change(id, "UPDATE pending SET begun = 1 WHERE id = ?", {}, 0);
}

Status Pending::finish(std::uint64_t id) {
  return change(id, "DELETE FROM pending WHERE id = ?", {}, 0);
}

Status Pending::undo(std::uint64_t id) {
  return change(id, "DELETE FROM pending WHERE id = ? AND (begun = 0 OR rule <> '')", {}, 0);
}

}  // namespace yishi::store
