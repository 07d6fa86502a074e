#include "node/store/salvage_rows.h"

#include <algorithm>

#include "node/store/page_check.h"
#include "node/store/salvage_tables.h"
#include "sync/entry.h"
#include "sync/run.h"

namespace yishi::store {

void RowSalvage::run() {
  load_logs();
  copy_whole(old_, fresh_, "damage");
  const std::uint64_t last = last_position();
  for (std::uint64_t position = 1; position <= last; ++position) keep(position);
  trust_pages(old_.handle(), false);
  if (logs_whole_ && report_.lost.empty()) return;
  // What is no longer here is to be told again: heads say what is, links begin anew.
  report_.heads = false;
  fresh_.execute("DELETE FROM log; DELETE FROM link");
  save_logs();
}

// Rows name their logs by numbers.
void RowSalvage::load_logs() {
  logs_whole_ = copy_whole(old_, fresh_, "log");
  report_.heads = logs_whole_;
  if (!logs_whole_) report_.tables.emplace_back("log");
  trust_pages(old_.handle(), !logs_whole_);
  {
    Query query(old_, "SELECT number, id FROM log NOT INDEXED");
    while (query.step()) {
      // Whose row it is, is in every run; this is for those that cannot be read.
      const auto id = query.digest_at(1);
      if (!id.is_zero()) logs_[query.integer_at(0)].id = id;
    }
  }
  old_.clear_fault();
}

std::optional<std::uint64_t> RowSalvage::greatest(std::string_view sql, bool trust) {
  trust_pages(old_.handle(), trust);
  std::optional<std::uint64_t> found;
  {
    Query query(old_, sql);
    if (query.step() && !old_.fault()) found = query.number_at(0);
  }
  if (old_.fault()) found.reset();
  old_.clear_fault();
  return found;
}

// The newest position: as the index knows it, as the table does; else what is left of both.
std::uint64_t RowSalvage::last_position() {
  constexpr std::string_view kTable = "SELECT max(position) FROM entry_row NOT INDEXED";
  constexpr std::string_view kIndex =
      "SELECT max(position) FROM (SELECT position FROM entry_row INDEXED BY entry_row_log "
      "WHERE log > -1)";
  if (const auto last = greatest(kIndex, false)) return *last;
  if (const auto last = greatest(kTable, false)) return *last;
  const auto table = greatest(kTable, true).value_or(0);
  const auto index = greatest(kIndex, true).value_or(0);
  // A changed number may be any: there are not more rows than the file has words.
  const std::uint64_t most = std::uint64_t{page_count(old_.handle())} * kPageBytes / 4;
  const auto greater = std::max(table, index);
  return greater <= most ? greater : std::min({table, index, most});
}

std::optional<RowSalvage::Place> RowSalvage::read(std::uint64_t position, bool trust) {
  trust_pages(old_.handle(), trust);
  std::optional<Place> place;
  {
    Query query(old_,
                "SELECT log, first, last, records, time_ms, source, run FROM entry_row "
                "NOT INDEXED WHERE position = ?");
    if (query.number(position).step()) {
      place.emplace();
      place->log = query.integer_at(0);
      place->row.position = position;
      place->row.first = query.number_at(1);
      place->row.last = query.number_at(2);
      place->row.records = query.number_at(3);
      place->row.time_ms = query.number_at(4);
      place->row.source = static_cast<Source>(query.number_at(5));
      place->row.run = copy(query.blob_at(6));
    }
  }
  if (old_.fault()) place.reset();
  old_.clear_fault();
  return place;
}

bool RowSalvage::by_indexes(Place& place, bool trust) {
  trust_pages(old_.handle(), trust);
  bool known = false;
  {
    Query query(old_,
                "SELECT log, first, last FROM entry_row INDEXED BY entry_row_log "
                "WHERE log > -1 AND +position = ?");
    if (query.number(place.row.position).step()) {
      known = true;
      place.log = query.integer_at(0);
      place.row.first = query.number_at(1);
      place.row.last = query.number_at(2);
    }
  }
  bool upward = false;
  if (known && !old_.fault()) {
    Query query(old_,
                "SELECT source, records, time_ms FROM entry_row INDEXED BY entry_row_upward "
                "WHERE source < 2 AND position = ?");
    if (query.number(place.row.position).step()) {
      upward = true;
      place.row.source = static_cast<Source>(query.number_at(0));
      place.row.records = query.number_at(1);
      place.row.time_ms = query.number_at(2);
    }
  }
  known = known && !old_.fault();
  old_.clear_fault();
  if (known && !upward) {
    place.row.source = Source::kAbove;
    place.row.records = place.row.time_ms = 0;  // no index has them
  }
  return known;
}

bool RowSalvage::same_place(const Place& a, const Place& b) {
  const bool same = a.log == b.log && a.row.first == b.row.first && a.row.last == b.row.last &&
                    a.row.source == b.row.source;
  return same &&
         (b.row.records == 0 || (a.row.records == b.row.records && a.row.time_ms == b.row.time_ms));
}

bool RowSalvage::correct(Place& place) {
  Place found = place;
  if (!by_indexes(found, false) && !by_indexes(found, true)) return false;
  const bool plausible = found.row.first >= 1 && found.row.first <= found.row.last &&
                         found.row.last - found.row.first < sync::kMaxRunEntries &&
                         found.row.source <= Source::kAbove && found.log > 0;
  if (plausible) place = std::move(found);
  return plausible;
}

crypto::Digest RowSalvage::id_of(const Place& place) {
  const auto known = logs_.find(place.log);
  if (logs_whole_) return known == logs_.end() ? crypto::Digest{} : known->second.id;
  const auto run = sync::Run::open(place.row.run);
  if (run) {
    if (const auto header = sync::decode_header(run->entries().front().header)) return header->log;
  }
  return known == logs_.end() ? crypto::Digest{} : known->second.id;
}

std::optional<Bytes> RowSalvage::second_copy(std::uint64_t position) {
  for (const bool trust : {false, true}) {
    trust_pages(old_.handle(), trust);
    std::optional<Bytes> run;
    {
      Query query(old_, "SELECT run FROM topology_row WHERE position = ?");
      if (query.number(position).step()) run = copy(query.blob_at(0));
    }
    const bool read = !old_.fault();
    old_.clear_fault();
    if (read && run) return run;
  }
  return std::nullopt;
}

void RowSalvage::keep(std::uint64_t position) {
  if (auto place = read(position, false)) return judge(std::move(*place), std::nullopt);
  auto place = read(position, true);
  std::optional<Error> fault;
  if (!place) {
    place.emplace();
    place->row.position = position;
  } else {
    place->row.log = id_of(*place);
    fault = judge_(place->row).fault;
  }
  const Place as_read = *place;
  if (!correct(*place)) {
    // Nothing vouches for its place but its own bytes.
    if (!place->row.run.empty() && !fault) return judge(std::move(*place), std::nullopt);
    report_.lost.push_back(position);
    return;
  }
  if (!fault && !same_place(as_read, *place)) {
    const auto number = std::to_string(position);
    fault = Error{"row.metadata", "position " + number, "第 " + number + " 行：来源或序号不符",
                  "position " + number + ": its source or sequences were changed"};
  }
  judge(std::move(*place), fault);
}

// was: what was wrong before the indexes set its place right.
void RowSalvage::judge(Place place, std::optional<Error> was) {
  place.row.log = id_of(place);
  if (place.row.position == 1) topology_log_ = place.log;
  RowVerdict verdict = judge_(place.row);
  if (verdict.fault && place.log == topology_log_) {
    if (auto run = second_copy(place.row.position)) {
      was = verdict.fault;
      std::swap(place.row.run, *run);
      verdict = judge_(place.row);
    }
  }
  if (!verdict.fault) {
    place.row.records = verdict.records;
    place.row.time_ms = verdict.time_ms;
    if (was) note(place, *was, now_ms_);
    return sound(place, verdict);
  }
  place.row.run.clear();
  if (follows(place)) cover(place);
  insert(place);
  if (!known_damage(place.row.position)) note(place, *verdict.fault, 0);
}

void RowSalvage::sound(const Place& place, const RowVerdict& verdict) {
  insert(place);
  if (place.log == topology_log_) {
    Query(fresh_, "INSERT INTO topology_row VALUES (?, ?)")
        .number(place.row.position)
        .blob(place.row.run)
        .run();
  }
  Log& log = logs_[place.log];
  log.id = place.row.log;
  if (verdict.head.sequence <= log.head.sequence || place.row.first > log.covered + 1) return;
  log.head = verdict.head;
  log.topology = verdict.topology;
  cover(place);
}

// Rows from above have single entries; all others, and the topology log's, continue their log.
bool RowSalvage::follows(const Place& place) const {
  return place.row.source != Source::kAbove || place.log == topology_log_;
}

void RowSalvage::cover(const Place& place) {
  auto& covered = logs_[place.log].covered;
  if (place.row.first <= covered + 1) covered = std::max(covered, place.row.last);
}

void RowSalvage::insert(const Place& place) {
  const StoredRow& row = place.row;
  logs_[place.log].records += row.records;
  Query(fresh_, "INSERT INTO entry_row VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .number(row.position)
      .integer(place.log)
      .number(row.first)
      .number(row.last)
      .number(row.records)
      .number(row.time_ms)
      .number(static_cast<std::uint64_t>(row.source))
      .blob(row.run)
      .run();
}

bool RowSalvage::known_damage(std::uint64_t position) {
  Query query(fresh_, "SELECT 1 FROM damage WHERE position = ? AND mended_ms = 0");
  return query.number(position).step();
}

void RowSalvage::note(const Place& place, const Error& fault, std::uint64_t mended_ms) {
  Query(fresh_, "INSERT OR REPLACE INTO damage VALUES (?, ?, ?, ?, ?, ?)")
      .number(place.row.position)
      .text(fault.rule)
      .text(fault.zh)
      .text(fault.en)
      .number(now_ms_)
      .number(mended_ms)
      .run();
  Damage damage{place.row, fault.rule, fault.zh, fault.en, now_ms_, mended_ms};
  damage.row.run.clear();
  (mended_ms == 0 ? report_.rows : report_.mended).push_back(std::move(damage));
}

// Heads anew, as the rows give them; quarantines, as the proofs of forks give them.
void RowSalvage::save_logs() {
  for (const auto& [number, log] : logs_) {
    if (log.id.is_zero()) continue;
    Query(fresh_,
          "INSERT OR REPLACE INTO log (number, id, head_sequence, head_digest, head_ms, topology, "
          "records) VALUES (?, ?, ?, ?, ?, ?, ?)")
        .integer(number)
        .blob(log.id)
        .number(log.head.sequence)
        .blob(log.head.sequence == 0 ? View{} : log.head.digest.view())
        .number(log.head.time_ms)
        .number(log.topology)
        .number(log.records)
        .run();
  }
  Query(fresh_,
        "UPDATE log SET quarantine = 'log.fork', quarantine_at = (SELECT min(sequence) FROM fork "
        "WHERE fork.log = log.id) WHERE id IN (SELECT log FROM fork)")
      .run();
}

}  // namespace yishi::store
