#include "tests/sim/check_book.h"

#include <algorithm>

#include "sync/run.h"

namespace yishi::sim {
namespace {

constexpr std::size_t kNobody = SIZE_MAX;

std::vector<HeldEntry> read_run(crypto::Suite suite, const Bytes& packed) {
  std::vector<HeldEntry> entries;
  const auto run = sync::Run::open(packed);
  if (!run) return entries;
  for (const auto& entry : run->entries()) {
    auto header = sync::decode_header(entry.header);
    if (!header) continue;
    HeldEntry held;
    held.header = std::move(*header);
    held.digest = crypto::digest(suite, "yishi/link/1", {entry.header, entry.signature});
    held.bytes = copy(entry.header);
    held.signature = crypto::Signature::from(entry.signature);
    for (const auto& record : entry.records) {
      held.records.push_back(record ? std::optional<Bytes>(copy(*record)) : std::nullopt);
    }
    entries.push_back(std::move(held));
  }
  return entries;
}

}  // namespace

Book::Book(const Witness& witness) : witness_(witness) {
  for (std::size_t i = 0; i < witness.nodes.size(); ++i) {
    writers_[witness.nodes[i].key.id()] = i;
  }
  writers_[witness.topology_log] = 0;
  for (const auto& event : witness.events) {
    if (const auto* stored = std::get_if<Stored>(&event.what)) {
      note_written(event.node, stored->row);
    } else if (const auto* opened = std::get_if<Opened>(&event.what)) {
      for (const auto& row : opened->rows) note_written(event.node, row);
    }
  }
  if (!witness.nodes.empty() && witness.nodes[0].board != nullptr) {
    directory_ = witness.nodes[0].board->read()->directory;
  }
  if (!directory_) directory_ = std::make_shared<topology::Directory>();
  for (std::size_t i = 0; i < witness.nodes.size(); ++i) firm_.push_back(stands_firm(i));
}

void Book::note_written(std::size_t node, const store::StoredRow& row) {
  if (row.source != store::Source::kOwn || writer_of(row.log) != node) return;
  for (const auto* entry : read(row).entries) {
    written_[{entry->header.log, entry->header.sequence}].insert(entry->digest);
  }
}

const HeldRow& Book::read(const store::StoredRow& row) const {
  const auto known = rows_.find(&row);
  if (known != rows_.end()) return known->second;
  const std::string_view bytes(reinterpret_cast<const char*>(row.run.data()), row.run.size());
  auto run = runs_.find(bytes);
  if (run == runs_.end()) run = runs_.emplace(bytes, read_run(witness_.suite, row.run)).first;
  HeldRow held;
  held.row = &row;
  for (const auto& entry : run->second) {
    if (entry.header.sequence >= row.first && entry.header.sequence <= row.last) {
      held.entries.push_back(&entry);
    }
  }
  return rows_.emplace(&row, std::move(held)).first->second;
}

std::size_t Book::writer_of(const crypto::Digest& log) const {
  const auto found = writers_.find(log);
  return found == writers_.end() ? kNobody : found->second;
}

bool Book::wrote(const Place& place, const crypto::Digest& digest) const {
  const auto found = written_.find(place);
  return found != written_.end() && found->second.contains(digest);
}

bool Book::honest(const crypto::Digest& log) const {
  const auto writer = writer_of(log);
  return writer != kNobody && !witness_.nodes[writer].hostile;
}

std::size_t Book::machine_of(const topology::Code& unit) const {
  const auto* node = directory_->node_of_unit(unit);
  return node == nullptr ? kNobody : writer_of(node->key.id());
}

bool Book::reliable(std::size_t node) const {
  const auto& one = witness_.nodes[node];
  return !one.hostile && !one.gone && one.database != nullptr;
}

bool Book::stands_firm(std::size_t node) const {
  for (auto unit = witness_.nodes[node].unit; !unit.empty();) {
    const auto machine = unit == witness_.nodes[node].unit ? node : machine_of(unit);
    if (machine == kNobody || machine != machine_of(unit)) return false;
    if (!reliable(machine) || directory_->suspended(unit)) return false;
    unit = directory_->parent_node(unit);
  }
  return true;
}

std::string Book::name(std::size_t node) const {
  if (node == kNobody) return "nobody";
  return "node " + std::to_string(node) + " (" + witness_.nodes[node].unit.text() + ")";
}

std::vector<std::uint64_t> Shelf::open(const std::vector<store::StoredRow>& rows) {
  std::map<std::uint64_t, const store::StoredRow*> found;
  for (const auto& row : rows) found[row.position] = &row;
  std::vector<std::uint64_t> lost;
  for (const auto& [position, held] : rows_) {
    const auto now = found.find(position);
    const bool same = now != found.end() && now->second->log == held.row->log &&
                      now->second->first == held.row->first &&
                      now->second->last == held.row->last && now->second->run == held.row->run;
    if (!same) lost.push_back(position);
  }
  rows_.clear();
  whole_.clear();
  for (const auto& row : rows) add(row);
  return lost;
}

void Shelf::add(const store::StoredRow& row) {
  const HeldRow& held = book_->read(row);
  rows_[row.position] = held;
  const bool whole =
      row.source != store::Source::kAbove || row.log == book_->witness().topology_log;
  if (!whole) return;
  for (const auto* entry : held.entries) {
    whole_[{entry->header.log, entry->header.sequence}].insert(entry->digest);
  }
}

bool Shelf::holds(const Place& place, const crypto::Digest& digest) const {
  const auto* digests = at(place);
  return digests != nullptr && digests->contains(digest);
}

const std::set<crypto::Digest>* Shelf::at(const Place& place) const {
  const auto found = whole_.find(place);
  return found == whole_.end() ? nullptr : &found->second;
}

std::vector<const HeldEntry*> Shelf::entries() const {
  std::vector<const HeldEntry*> all;
  for (const auto& [position, held] : rows_) {
    all.insert(all.end(), held.entries.begin(), held.entries.end());
  }
  return all;
}

std::vector<Shelf> shelves_at_end(const Book& book) {
  std::vector<Shelf> shelves(book.witness().nodes.size(), Shelf(book));
  for (const auto& event : book.witness().events) {
    if (const auto* stored = std::get_if<Stored>(&event.what)) {
      shelves[event.node].add(stored->row);
    } else if (const auto* opened = std::get_if<Opened>(&event.what)) {
      (void)shelves[event.node].open(opened->rows);
    }
  }
  return shelves;
}

void add_facts(Facts& facts, const HeldEntry& entry) {
  for (std::size_t i = 0; i < entry.records.size(); ++i) {
    if (!entry.records[i]) continue;
    auto record = sync::decode_record(*entry.records[i]);
    if (!record || deliberation::find_kind(record->kind) == nullptr) continue;
    auto body = deliberation::decode_body(record->body);
    if (!body) continue;
    deliberation::Fact fact;
    fact.digest = entry.header.records[i];
    fact.author = entry.header.log;
    fact.sequence = entry.header.sequence;
    fact.time_ms = entry.header.time_ms;
    fact.topology = entry.header.topology;
    fact.kind = record->kind;
    fact.issue = record->subject;
    fact.body = std::move(*body);
    facts[fact.issue].push_back(std::move(fact));
  }
}

std::string short_hex(const crypto::Digest& digest) { return to_hex(digest.view()).substr(0, 8); }

std::string at_ms(Millis at) { return "at " + std::to_string(at) + " ms: "; }

}  // namespace yishi::sim
