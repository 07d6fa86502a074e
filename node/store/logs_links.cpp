// What is known of the neighbours: links, what is wanted of them, the nodes below.
#include "node/store/database_impl.h"
#include "node/store/logs.h"
#include "node/store/texts.h"
#include "sync/limits.h"

namespace yishi::store {

LinkState Logs::link(const topology::Code& neighbour) const {
  Query query(connection_of(database_),
              "SELECT incarnation, position, acknowledged, acknowledged_ms, receipt FROM link "
              "WHERE neighbour = ?");
  LinkState state;
  if (!query.text(neighbour.text()).step()) return state;
  const View incarnation = query.blob_at(0);
  if (incarnation.size() == state.inbound.incarnation.size()) {
    std::copy(incarnation.begin(), incarnation.end(), state.inbound.incarnation.begin());
  }
  state.inbound.position = query.number_at(1);
  state.acknowledged = query.number_at(2);
  state.acknowledged_ms = query.number_at(3);
  state.receipt = copy(query.blob_at(4));
  return state;
}

Status Logs::save_link(const topology::Code& neighbour, const LinkState& state) {
  Database::Impl& impl = database_.impl();
  Query(impl.connection, "INSERT OR REPLACE INTO link VALUES (?, ?, ?, ?, ?, ?)")
      .text(neighbour.text())
      .blob(state.inbound.incarnation)
      .number(state.inbound.position)
      .number(state.acknowledged)
      .number(state.acknowledged_ms)
      .blob(state.receipt)
      .run();
  return impl.outcome();
}

Waiting Logs::waiting(std::uint64_t acknowledged) const {
  Query query(connection_of(database_),
              "SELECT sum(records), min(time_ms) FROM entry_row INDEXED BY entry_row_upward "
              "WHERE source < 2 AND position > ?");
  if (!query.number(acknowledged).step()) return {};
  return {query.number_at(0), query.number_at(1)};
}

Status Logs::add_want(const WantRow& want) {
  Database::Impl& impl = database_.impl();
  Query(impl.connection, "INSERT INTO want VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
      .blob(want.want.log)
      .number(want.want.from)
      .text(want.want.issue)
      .text(want.neighbour)
      .number(want.upto)
      .run();
  return impl.outcome();
}

Status Logs::remove_want(const sync::Want& want) {
  Database::Impl& impl = database_.impl();
  Query(impl.connection, "DELETE FROM want WHERE log = ? AND from_sequence = ? AND issue = ?")
      .blob(want.log)
      .number(want.from)
      .text(want.issue)
      .run();
  return impl.outcome();
}

std::vector<WantRow> Logs::wants() const {
  Query query(connection_of(database_), "SELECT * FROM want ORDER BY log, from_sequence, issue");
  std::vector<WantRow> wants;
  while (query.step()) {
    wants.push_back({{query.digest_at(0), query.number_at(1), std::string(query.text_at(2))},
                     std::string(query.text_at(3)),
                     query.number_at(4)});
  }
  return wants;
}

Status Logs::note_contact(const sync::FrontierRow& row) {
  Database::Impl& impl = database_.impl();
  Query(impl.connection,
        "INSERT INTO contact VALUES (?, ?, ?, ?, ?) ON CONFLICT (unit) DO UPDATE SET "
        "contact_ms = excluded.contact_ms, head = excluded.head, waiting = excluded.waiting, "
        "software = excluded.software WHERE excluded.contact_ms >= contact.contact_ms")
      .text(row.unit)
      .number(row.contact_ms)
      .number(row.head)
      .number(row.waiting)
      .text(cut(row.software, sync::kMaxSoftwareBytes))
      .run();
  return impl.outcome();
}

std::vector<sync::FrontierRow> Logs::contacts() const {
  Query query(connection_of(database_), "SELECT * FROM contact ORDER BY unit");
  std::vector<sync::FrontierRow> rows;
  while (query.step()) {
    rows.push_back({std::string(query.text_at(0)), query.number_at(1), query.number_at(2),
                    query.number_at(3), std::string(query.text_at(4))});
  }
  return rows;
}

}  // namespace yishi::store
