// What is known of the neighbours: links, what is wanted of them, the nodes below.
#include <algorithm>

#include "crypto/planted.h"
#include "node/store/database_impl.h"
#include "node/store/logs.h"
#include "node/store/texts.h"
#include "sync/limits.h"

namespace yishi::store {
namespace {

// In the file: 32 bytes of the log, then the sequence in 8, most significant first.
constexpr std::size_t kLackBytes = crypto::kDigestBytes + 8;

Bytes bytes_of(const std::vector<sync::Lack>& lacks) {
  Bytes out;
  out.reserve(lacks.size() * kLackBytes);
  for (const auto& lack : lacks) {
    out.insert(out.end(), lack.log.bytes.begin(), lack.log.bytes.end());
    for (int shift = 56; shift >= 0; shift -= 8) {
      out.push_back(static_cast<std::uint8_t>(lack.sequence >> shift));
    }
  }
  return out;
}

std::vector<sync::Lack> lacks_of(View bytes) {
  std::vector<sync::Lack> lacks(bytes.size() / kLackBytes);
  for (auto& lack : lacks) {
    lack.log = crypto::Digest::from(bytes.first(crypto::kDigestBytes));
    for (const auto byte : bytes.subspan(crypto::kDigestBytes, 8)) {
      lack.sequence = lack.sequence << 8 | byte;
    }
    bytes = bytes.subspan(kLackBytes);
  }
  return lacks;
}

void add(Waiting& waiting, const Query& row) {
  const auto records = row.number_at(0);
  if (records == 0) return;
  const auto oldest = row.number_at(1);
  waiting.oldest_ms = waiting.records == 0 ? oldest : std::min(waiting.oldest_ms, oldest);
  waiting.records += records;
}

}  // namespace

LinkState Logs::link(const topology::Code& neighbour) const {
  Query query(connection_of(database_),
              "SELECT incarnation, position, acknowledged, acknowledged_ms, receipt, lacking, "
              "lacked FROM link WHERE neighbour = ?");
  LinkState state;
  if (!query.text(neighbour.text()).step()) return state;
  const View incarnation = query.blob_at(0);
  if (incarnation.size() == state.inbound.incarnation.size()) {
    std::copy(incarnation.begin(), incarnation.end(), state.inbound.incarnation.begin());
  }
  state.inbound.position = query.number_at(1);
  state.receipted.position = query.number_at(2);
  state.receipted_ms = query.number_at(3);
  state.receipt = copy(query.blob_at(4));
  state.lacking = lacks_of(query.blob_at(5));
  state.receipted.lacks = lacks_of(query.blob_at(6));
  return state;
}

Status Logs::save_link(const topology::Code& neighbour, const LinkState& state) {
  Database::Impl& impl = database_.impl();
  Query(impl.connection, "INSERT OR REPLACE INTO link VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .text(neighbour.text())
      .blob(state.inbound.incarnation)
      .number(state.inbound.position)
      .number(state.receipted.position)
      .number(state.receipted_ms)
      .blob(state.receipt)
      .blob(bytes_of(state.lacking))
      .blob(bytes_of(state.receipted.lacks))
      .run();
  return impl.outcome();
}

Waiting Logs::waiting(const sync::Receipted& receipted) const {
  Waiting waiting;
  Query beyond(connection_of(database_),
               "SELECT sum(records), min(time_ms) FROM entry_row INDEXED BY entry_row_upward "
               "WHERE source < 2 AND position > ?");
  const auto held = receipted.position + (planted(Defect::kWaitingOffByOne) ? 1 : 0);
  if (beyond.number(held).step()) add(waiting, beyond);
  for (const auto& lack : receipted.lacks) {
    const bool unread = lack.log.is_zero();
    Query query(connection_of(database_),
                unread ? "SELECT records, time_ms FROM entry_row WHERE source < 2 "
                         "AND position <= ?1 AND position = ?2"
                       : "SELECT sum(entry_row.records), min(time_ms) FROM entry_row "
                         "JOIN log ON log.number = entry_row.log WHERE source < 2 "
                         "AND position <= ?1 AND last > ?2 AND log.id = ?3");
    query.number(receipted.position).number(lack.sequence);
    if (!unread) query.blob(lack.log);
    if (query.step()) add(waiting, query);
  }
  return waiting;
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
