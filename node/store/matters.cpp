#include "node/store/matters.h"

#include <algorithm>

#include "crypto/random.h"
#include "node/store/limits.h"
#include "node/store/side_file.h"

namespace yishi::store {
namespace {

constexpr std::size_t kMatterSecretBytes = 32;
constexpr std::size_t kCodeLetters = 8;
// Without those that are mistaken for each other: 0 O, 1 I L, 5 S, 2 Z, 8 B, U V.
constexpr std::string_view kCodeAlphabet = "34679ACDEFGHJKMNPQRTWXY";

constexpr SideFile::Kind kMattersFile{"matters.db", 1, R"sql(
CREATE TABLE secret (only INTEGER PRIMARY KEY CHECK (only = 1), bytes BLOB NOT NULL) STRICT;
CREATE TABLE matter (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL, text TEXT NOT NULL, place TEXT NOT NULL,
  name TEXT NOT NULL, telephone TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  state TEXT NOT NULL, issue TEXT NOT NULL, reason TEXT NOT NULL, settled_ms INTEGER NOT NULL,
  key BLOB UNIQUE, request BLOB NOT NULL
) STRICT;
CREATE INDEX matter_state ON matter (state, number);
PRAGMA user_version = 1;
)sql",
                                      "群众提交的事项", "what the public handed in"};

constexpr std::string_view kMatterColumns =
    "SELECT number, title, text, place, name, telephone, received_ms, state, issue, reason, "
    "settled_ms FROM matter ";

Matter matter_in(const Query& row) {
  Matter out;
  out.number = row.number_at(0);
  out.title = row.text_at(1);
  out.text = row.text_at(2);
  out.place = row.text_at(3);
  out.name = row.text_at(4);
  out.telephone = row.text_at(5);
  out.received_ms = row.number_at(6);
  out.state = row.text_at(7);
  out.issue = row.text_at(8);
  out.reason = row.text_at(9);
  out.settled_ms = row.number_at(10);
  return out;
}

}  // namespace

struct Matters::Impl {
  std::unique_ptr<SideFile> file;
  Bytes secret;
  Connection& connection() const { return file->connection(); }
  crypto::Digest derived(std::string_view domain, std::uint64_t number) const {
    const std::string text = std::to_string(number);
    return crypto::digest(crypto::Suite::kEd25519Sha256, domain, {secret, view_of(text)});
  }
};

Matters::Matters(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Matters::~Matters() = default;

Result<std::unique_ptr<Matters>> Matters::open(const std::string& directory) {
  auto file = SideFile::open(directory, kMattersFile);
  if (!file) return file.error();
  auto impl = std::make_unique<Impl>();
  impl->file = std::move(*file);
  auto& connection = impl->connection();
  const auto status = impl->file->write([&] {
    crypto::SystemRandom random;
    Query(connection, "INSERT OR IGNORE INTO secret VALUES (1, ?)")
        .blob(random.bytes(kMatterSecretBytes))
        .run();
    Query query(connection, "SELECT bytes FROM secret");
    if (query.step()) impl->secret = copy(query.blob_at(0));
  });
  if (!status.ok()) return status.error();
  return std::unique_ptr<Matters>(new Matters(std::move(impl)));
}

Result<std::uint64_t> Matters::hand_in(const Matter& matter,
                                       const std::optional<crypto::Digest>& key,
                                       const crypto::Digest& request) {
  const std::lock_guard lock(mutex_);
  auto& connection = impl_->connection();
  std::uint64_t number = 0;
  std::optional<Error> refused;
  const auto status = impl_->file->write([&] {
    if (key) {
      Query query(connection, "SELECT number, request FROM matter WHERE key = ?");
      if (query.blob(*key).step()) {
        number = query.number_at(0);
        if (query.digest_at(1) != request) {
          refused = Error{"once.other", "Idempotency-Key",
                          "这个 Idempotency-Key 已用于另一个请求，请换一个",
                          "this Idempotency-Key was used for another request: take another"};
        }
        return;
      }
    }
    Query(connection, "DELETE FROM matter WHERE state <> 'held' AND settled_ms < ?")
        .number(matter.received_ms - std::min(matter.received_ms, kSettledMatterMs))
        .run();
    Query counts(connection, "SELECT count(*) FILTER (WHERE state = 'held'), count(*) FROM matter");
    if (!counts.step()) return;
    if (counts.number_at(0) >= kMaxHeldMatters || counts.number_at(1) >= kMaxMatters) {
      refused = Error{"matter.full", "", "等待经办人处理的事项过多，请稍后再来，或直接到议事室登记",
                      "too many matters wait for the clerk: come again later, or to the room"};
      return;
    }
    Query insert(connection,
                 "INSERT INTO matter (title, text, place, name, telephone, received_ms, state, "
                 "issue, reason, settled_ms, key, request) "
                 "VALUES (?, ?, ?, ?, ?, ?, 'held', '', '', 0, nullif(?, x''), ?)");
    insert.text(matter.title).text(matter.text).text(matter.place).text(matter.name);
    insert.text(matter.telephone).number(matter.received_ms);
    insert.blob(key ? key->view() : View()).blob(request).run();
    number = static_cast<std::uint64_t>(sqlite3_last_insert_rowid(connection.handle()));
  });
  if (!status.ok()) return status.error();
  if (refused) return *refused;
  return number;
}

std::string Matters::code_of(std::uint64_t number) const {
  const auto digest = impl_->derived("yishi/matter/code/1", number);
  std::string code;
  for (const auto byte : digest.view()) {
    // Bytes beyond the last whole turn of the alphabet would make some letters likelier.
    if (code.size() == kCodeLetters) break;
    if (byte < 256 / kCodeAlphabet.size() * kCodeAlphabet.size()) {
      code += kCodeAlphabet[byte % kCodeAlphabet.size()];
    }
  }
  return code;
}

std::string Matters::mark_of(std::uint64_t number) const {
  constexpr std::size_t kMarkBytes = 8;
  const auto digest = impl_->derived("yishi/matter/mark/1", number);
  return "matter:" + std::to_string(number) + ':' + to_hex(digest.view().first(kMarkBytes));
}

std::optional<Matter> Matters::find(std::uint64_t number) const {
  const std::lock_guard lock(mutex_);
  Query query(impl_->connection(), std::string(kMatterColumns) + "WHERE number = ?");
  if (!query.number(number).step()) return std::nullopt;
  return matter_in(query);
}

std::vector<Matter> Matters::list(const std::string& state, std::uint64_t before,
                                  std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  std::vector<Matter> out;
  Query query(impl_->connection(),
              std::string(kMatterColumns) +
                  "WHERE number < ?1 AND (?2 = '' OR state = ?2) ORDER BY number DESC LIMIT ?3");
  query.number(before).text(state).number(limit);
  while (query.step()) out.push_back(matter_in(query));
  return out;
}

std::uint64_t Matters::held() const {
  const std::lock_guard lock(mutex_);
  Query query(impl_->connection(), "SELECT count(*) FROM matter WHERE state = 'held'");
  return query.step() ? query.number_at(0) : 0;
}

Status Matters::take(std::uint64_t number, const std::string& issue, std::uint64_t now_ms) {
  Matter as;
  as.state = "taken";
  as.issue = issue;
  as.settled_ms = now_ms;
  return settle(number, as);
}

Status Matters::discard(std::uint64_t number, const std::string& reason, std::uint64_t now_ms) {
  Matter as;
  as.state = "discarded";
  as.reason = reason;
  as.settled_ms = now_ms;
  return settle(number, as);
}

Status Matters::settle(std::uint64_t number, const Matter& as) {
  const std::lock_guard lock(mutex_);
  auto& connection = impl_->connection();
  bool held = false;
  const auto status = impl_->file->write([&] {
    Query(connection,
          "UPDATE matter SET state = ?, issue = ?, reason = ?, settled_ms = ?, name = '', "
          "telephone = '', text = '' WHERE number = ? AND (state = 'held' OR ? = 'taken')")
        .text(as.state)
        .text(as.issue)
        .text(as.reason)
        .number(as.settled_ms)
        .number(number)
        .text(as.state)
        .run();
    held = sqlite3_changes(connection.handle()) == 1;
  });
  if (!status.ok() || held) return status;
  return Error{"matter.settled", "number", "该事项已经处理，或者没有这个编号",
               "that matter is settled already, or there is none of that number"};
}

}  // namespace yishi::store
