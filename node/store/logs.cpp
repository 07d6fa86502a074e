// Rows and the heads of logs.
#include "node/store/logs.h"

#include "node/store/database_impl.h"
#include "sync/entry.h"
#include "sync/limits.h"
#include "sync/run.h"

namespace yishi::store {
namespace {

// A row is of one run, so it begins less than a run's entries before it ends: with this
// the search for a sequence looks at few rows, also in a log with holes.
constexpr std::uint64_t kRowSpan = sync::kMaxRunEntries;

#define YISHI_ROW_COLUMNS \
  "SELECT position, log.id, first, last, entry_row.records, time_ms, source, run FROM entry_row "

StoredRow read_row(const Query& query) {
  StoredRow row;
  row.position = query.number_at(0);
  row.log = query.digest_at(1);
  row.first = query.number_at(2);
  row.last = query.number_at(3);
  row.records = query.number_at(4);
  row.time_ms = query.number_at(5);
  row.source = static_cast<Source>(query.number_at(6));
  row.run = copy(query.blob_at(7));
  return row;
}

// At least one row, then as many as fit.
std::vector<StoredRow> read_rows(Query& query, std::size_t max_bytes) {
  std::vector<StoredRow> rows;
  std::size_t bytes = 0;
  while (query.step()) {
    bytes += query.blob_at(7).size();
    if (!rows.empty() && bytes > max_bytes) break;
    rows.push_back(read_row(query));
  }
  return rows;
}

LogState read_state(const Query& query, int column) {
  LogState state;
  state.head.sequence = query.number_at(column);
  state.head.digest = query.digest_at(column + 1);
  state.head.time_ms = query.number_at(column + 2);
  state.topology = query.number_at(column + 3);
  state.records = query.number_at(column + 4);
  state.quarantine = query.text_at(column + 5);
  state.quarantine_at = query.number_at(column + 6);
  return state;
}

std::optional<std::int64_t> find_log(Database::Impl& impl, const crypto::Digest& log) {
  const auto known = impl.log_numbers.find(log);
  if (known != impl.log_numbers.end()) return known->second;
  Query query(impl.connection, "SELECT number FROM log WHERE id = ?");
  if (!query.blob(log).step()) return std::nullopt;
  if (impl.log_numbers.size() >= kMaxCachedLogs) impl.log_numbers.clear();
  return impl.log_numbers.emplace(log, query.integer_at(0)).first->second;
}

std::optional<SignedHeader> header_in_run(View packed, std::uint64_t sequence) {
  const auto run = sync::Run::open(packed);
  if (!run) return std::nullopt;
  for (const auto& entry : run->entries()) {
    const auto header = sync::decode_header(entry.header);
    if (!header) return std::nullopt;
    if (header->sequence == sequence)
      return SignedHeader{copy(entry.header), copy(entry.signature)};
  }
  return std::nullopt;
}

}  // namespace

std::int64_t log_number(Database::Impl& impl, const crypto::Digest& log) {
  if (const auto known = find_log(impl, log)) return *known;
  Query(impl.connection, "INSERT INTO log (id) VALUES (?)").blob(log).run();
  return sqlite3_last_insert_rowid(impl.connection.handle());
}

Result<std::uint64_t> Logs::append(StoredRow row) {
  YISHI_ASSERT(row.first >= 1 && row.first <= row.last && row.last - row.first < kRowSpan);
  Database::Impl& impl = database_.impl();
  const std::int64_t log = log_number(impl, row.log);
  const std::uint64_t position = last_position() + 1;
  Query(impl.connection, "INSERT INTO entry_row VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .number(position)
      .integer(log)
      .number(row.first)
      .number(row.last)
      .number(row.records)
      .number(row.time_ms)
      .number(static_cast<std::uint64_t>(row.source))
      .blob(row.run)
      .run();
  Query(impl.connection, "UPDATE log SET records = records + ? WHERE number = ?")
      .number(row.records)
      .integer(log)
      .run();
  const Status status = impl.outcome();
  if (!status) return status.error();
  impl.last_position = position;
  return position;
}

std::uint64_t Logs::last_position() const {
  Database::Impl& impl = database_.impl();
  const bool writer = impl.access == Access::kWriter;
  if (writer && impl.last_position) return *impl.last_position;
  Query query(impl.connection, "SELECT max(position) FROM entry_row");
  if (!query.step()) return 0;
  if (writer) impl.last_position = query.number_at(0);  // of a reader it grows unseen
  return query.number_at(0);
}

std::optional<StoredRow> Logs::row(std::uint64_t position) const {
  Query query(connection_of(database_),
              YISHI_ROW_COLUMNS "JOIN log ON log.number = entry_row.log WHERE position = ?");
  if (!query.number(position).step()) return std::nullopt;
  return read_row(query);
}

std::vector<StoredRow> Logs::rows_after(std::uint64_t position, std::size_t max_bytes,
                                        bool upward) const {
  // Upward by its own index: rows from above are stepped over, however many there are.
  constexpr std::string_view kAll = YISHI_ROW_COLUMNS
      "JOIN log ON log.number = entry_row.log "
      "WHERE position > ? ORDER BY position";
  constexpr std::string_view kUpward = YISHI_ROW_COLUMNS
      "INDEXED BY entry_row_upward JOIN log ON log.number = entry_row.log "
      "WHERE source < 2 AND position > ? ORDER BY position";
  Query query(connection_of(database_), upward ? kUpward : kAll);
  query.number(position);
  return read_rows(query, max_bytes);
}

std::vector<StoredRow> Logs::rows_of_log(const crypto::Digest& log, std::uint64_t from,
                                         std::size_t max_bytes) const {
  Query query(connection_of(database_), YISHI_ROW_COLUMNS
              "JOIN log ON log.number = entry_row.log "
              "WHERE log.id = ? AND last >= ? ORDER BY last, first, position");
  query.blob(log).number(from);
  return read_rows(query, max_bytes);
}

bool Logs::holds(const crypto::Digest& log, std::uint64_t sequence) const {
  Database::Impl& impl = database_.impl();
  const auto number = find_log(impl, log);
  if (!number) return false;
  Query query(impl.connection,
              "SELECT 1 FROM entry_row WHERE log = ? AND last BETWEEN ? AND ? AND first <= ? "
              "LIMIT 1");
  query.integer(*number).number(sequence).number(sequence + kRowSpan - 1).number(sequence);
  return query.step();
}

// A row from above may have holes: that it spans the sequence does not say that it has the entry.
std::vector<SignedHeader> Logs::signed_headers(const crypto::Digest& log,
                                               std::uint64_t sequence) const {
  Database::Impl& impl = database_.impl();
  const auto number = find_log(impl, log);
  std::vector<SignedHeader> all;
  if (!number) return all;
  Query query(impl.connection,
              "SELECT run FROM entry_row WHERE log = ? AND last BETWEEN ? AND ? AND first <= ? "
              "ORDER BY position");
  query.integer(*number).number(sequence).number(sequence + kRowSpan - 1).number(sequence);
  while (query.step()) {
    if (auto found = header_in_run(query.blob_at(0), sequence)) all.push_back(std::move(*found));
  }
  return all;
}

std::optional<SignedHeader> Logs::signed_header(const crypto::Digest& log,
                                                std::uint64_t sequence) const {
  auto all = signed_headers(log, sequence);
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

std::optional<crypto::Digest> Logs::entry_digest(const crypto::Digest& log,
                                                 std::uint64_t sequence) const {
  const auto found = signed_header(log, sequence);
  if (!found) return std::nullopt;
  return sync::entry_digest(database_.impl().identity.suite, found->header, found->signature);
}

LogState Logs::log(const crypto::Digest& log) const {
  Query query(connection_of(database_),
              "SELECT head_sequence, head_digest, head_ms, topology, records, quarantine, "
              "quarantine_at FROM log WHERE id = ?");
  if (!query.blob(log).step()) return {};
  return read_state(query, 0);
}

Status Logs::set_head(const crypto::Digest& log, const sync::Head& head, std::uint64_t topology) {
  Database::Impl& impl = database_.impl();
  Query(impl.connection,
        "UPDATE log SET head_sequence = ?, head_digest = ?, head_ms = ?, topology = ? "
        "WHERE number = ?")
      .number(head.sequence)
      .blob(head.digest)
      .number(head.time_ms)
      .number(topology)
      .integer(log_number(impl, log))
      .run();
  return impl.outcome();
}

Status Logs::quarantine(const crypto::Digest& log, std::string_view rule, std::uint64_t sequence) {
  Database::Impl& impl = database_.impl();
  Query(impl.connection, "UPDATE log SET quarantine = ?, quarantine_at = ? WHERE number = ?")
      .text(rule)
      .number(sequence)
      .integer(log_number(impl, log))
      .run();
  return impl.outcome();
}

Status Logs::release(const crypto::Digest& log) { return quarantine(log, {}, 0); }

std::vector<std::pair<crypto::Digest, LogState>> Logs::all_logs() const {
  Query query(connection_of(database_),
              "SELECT id, head_sequence, head_digest, head_ms, topology, records, quarantine, "
              "quarantine_at FROM log ORDER BY number");
  std::vector<std::pair<crypto::Digest, LogState>> logs;
  while (query.step()) logs.emplace_back(query.digest_at(0), read_state(query, 1));
  return logs;
}

}  // namespace yishi::store
