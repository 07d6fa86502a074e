// What is kept beside the rows: forks, private records, refusals, values by name.
#include "node/store/database_impl.h"
#include "node/store/logs.h"
#include "node/store/texts.h"

namespace yishi::store {

Status Logs::add_fork(const ForkProof& proof) {
  Database::Impl& impl = database_.impl();
  Query(impl.connection, "INSERT INTO fork VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
      .blob(proof.log)
      .number(proof.sequence)
      .blob(proof.header_a)
      .blob(proof.signature_a)
      .blob(proof.header_b)
      .blob(proof.signature_b)
      .run();
  return impl.outcome();
}

std::vector<ForkProof> Logs::forks() const {
  Query query(connection_of(database_), "SELECT * FROM fork ORDER BY log, sequence");
  std::vector<ForkProof> proofs;
  while (query.step()) {
    proofs.push_back({query.digest_at(0), query.number_at(1), copy(query.blob_at(2)),
                      copy(query.blob_at(3)), copy(query.blob_at(4)), copy(query.blob_at(5))});
  }
  return proofs;
}

Status Logs::keep_private(const crypto::Digest& record, View bytes) {
  Database::Impl& impl = database_.impl();
  Query(impl.connection, "INSERT INTO private_record VALUES (?, ?) ON CONFLICT DO NOTHING")
      .blob(record)
      .blob(bytes)
      .run();
  return impl.outcome();
}

Status Logs::erase_private(const crypto::Digest& record) {
  Database::Impl& impl = database_.impl();
  Query(impl.connection, "DELETE FROM private_record WHERE digest = ?").blob(record).run();
  return impl.outcome();
}

std::optional<Bytes> Logs::private_record(const crypto::Digest& record) const {
  Query query(connection_of(database_), "SELECT bytes FROM private_record WHERE digest = ?");
  if (!query.blob(record).step()) return std::nullopt;
  return copy(query.blob_at(0));
}

Status Logs::note_refusal(const Refusal& refusal) {
  Database::Impl& impl = database_.impl();
  // They speak of what others sent: a peer's words take no more room than this.
  Query(impl.connection,
        "INSERT INTO refusal (time_ms, peer, rule, field, zh, en) VALUES (?, ?, ?, ?, ?, ?)")
      .number(refusal.time_ms)
      .text(cut(refusal.peer, kMaxRefusalBytes))
      .text(cut(refusal.rule, kMaxRefusalBytes))
      .text(cut(refusal.field, kMaxRefusalBytes))
      .text(cut(refusal.zh, kMaxRefusalBytes))
      .text(cut(refusal.en, kMaxRefusalBytes))
      .run();
  Query(impl.connection, "DELETE FROM refusal WHERE number <= ?")
      .integer(sqlite3_last_insert_rowid(impl.connection.handle()) -
               static_cast<std::int64_t>(kMaxRefusals))
      .run();
  return impl.outcome();
}

std::vector<Refusal> Logs::refusals(std::size_t limit) const {
  Query query(connection_of(database_),
              "SELECT time_ms, peer, rule, field, zh, en FROM refusal "
              "ORDER BY number DESC LIMIT ?");
  query.number(std::min(limit, kMaxRefusals));
  std::vector<Refusal> refusals;
  while (query.step()) {
    refusals.push_back({query.number_at(0), std::string(query.text_at(1)),
                        std::string(query.text_at(2)), std::string(query.text_at(3)),
                        std::string(query.text_at(4)), std::string(query.text_at(5))});
  }
  return refusals;
}

Status Logs::set_value(std::string_view name, std::string_view value) {
  Database::Impl& impl = database_.impl();
  Query(impl.connection,
        "INSERT INTO named_value VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value")
      .text(name)
      .text(value)
      .run();
  return impl.outcome();
}

std::optional<std::string> Logs::value(std::string_view name) const {
  Query query(connection_of(database_), "SELECT value FROM named_value WHERE name = ?");
  if (!query.text(name).step()) return std::nullopt;
  return std::string(query.text_at(0));
}

}  // namespace yishi::store
