// Rows whose bytes went bad, and the second copy of the topology log.
#include "node/store/database_impl.h"
#include "node/store/logs.h"

namespace yishi::store {

std::vector<Damage> Logs::damages(bool open_only, std::size_t limit) const {
  Query query(connection_of(database_),
              "SELECT damage.position, log.id, first, last, entry_row.records, time_ms, source, "
              "rule, zh, en, found_ms, mended_ms FROM damage "
              "JOIN entry_row ON entry_row.position = damage.position "
              "JOIN log ON log.number = entry_row.log "
              "WHERE mended_ms = 0 OR ? ORDER BY found_ms DESC, damage.position LIMIT ?");
  query.integer(open_only ? 0 : 1).number(limit);
  std::vector<Damage> damages;
  while (query.step()) {
    Damage damage;
    damage.row.position = query.number_at(0);
    damage.row.log = query.digest_at(1);
    damage.row.first = query.number_at(2);
    damage.row.last = query.number_at(3);
    damage.row.records = query.number_at(4);
    damage.row.time_ms = query.number_at(5);
    damage.row.source = static_cast<Source>(query.number_at(6));
    damage.rule = query.text_at(7);
    damage.zh = query.text_at(8);
    damage.en = query.text_at(9);
    damage.found_ms = query.number_at(10);
    damage.mended_ms = query.number_at(11);
    damages.push_back(std::move(damage));
  }
  return damages;
}

std::uint64_t Logs::open_damages() const {
  Query query(connection_of(database_), "SELECT count(*) FROM damage WHERE mended_ms = 0");
  return query.step() ? query.number_at(0) : 0;
}

std::optional<std::uint64_t> Logs::first_open_damage(std::uint64_t after) const {
  Query query(connection_of(database_),
              "SELECT position FROM damage WHERE mended_ms = 0 AND position > ? "
              "ORDER BY position LIMIT 1");
  if (!query.number(after).step()) return std::nullopt;
  return query.number_at(0);
}

Status Logs::mend(const StoredRow& row, std::uint64_t now_ms) {
  Database::Impl& impl = database_.impl();
  Query(impl.connection,
        "UPDATE entry_row SET run = ?, records = ?, time_ms = ? WHERE position = ?")
      .blob(row.run)
      .number(row.records)
      .number(row.time_ms)
      .number(row.position)
      .run();
  Query(impl.connection, "UPDATE damage SET mended_ms = ? WHERE position = ?")
      .number(now_ms)
      .number(row.position)
      .run();
  return impl.outcome();
}

Status Logs::keep_topology(std::uint64_t position, View run) {
  Database::Impl& impl = database_.impl();
  Query(impl.connection, "INSERT OR REPLACE INTO topology_row VALUES (?, ?)")
      .number(position)
      .blob(run)
      .run();
  return impl.outcome();
}

}  // namespace yishi::store
