#include "node/turn/ledger.h"

#include <algorithm>

#include "crypto/planted.h"

namespace yishi::turn {

using store::Source;
using sync::Standing;

namespace {

Error unknown_log() {
  return {"log.unknown", "log", "这个日志的密钥不属于本网络的任何节点",
          "the log's key belongs to no node of this network"};
}

Taken refused(Error error, const crypto::Digest& log = {}, std::uint64_t held = 0) {
  Taken taken;
  taken.head.log = log;
  taken.held = held;
  taken.error = std::move(error);
  return taken;
}

}  // namespace

std::string known_kinds() {
  std::string kinds;
  for (const auto& act : deliberation::acts()) kinds += std::string(act.kind) + '\n';
  return kinds;
}

Ledger::Ledger(store::Database& database)
    : database_(database),
      logs_(database),
      issues_(database),
      registers_(database),
      here_(database.identity().unit),
      suite_(database.identity().suite),
      network_(database.identity().network) {
  use(std::make_shared<topology::Directory>(network_));
  committed_directory_ = directory_;
}

void Ledger::use(std::shared_ptr<const topology::Directory> directory) {
  directory_ = std::move(directory);
  world_ = std::make_unique<deliberation::World>(*directory_);
}

void Ledger::note(const Status& status) {
  if (!status.ok() && !fault_) fault_ = status.error();
}

void Ledger::committed() { committed_directory_ = directory_; }

void Ledger::rolled_back() {
  if (directory_ != committed_directory_) use(committed_directory_);
  changed_.clear();
  incomplete_.clear();
  topology_changed_ = false;
  fault_.reset();
}

bool Ledger::is_topology_log(const crypto::Digest& log) const {
  return !directory_->empty() && log == directory_->topology_key().id();
}

Status Ledger::load() {
  const auto stored = logs_.value(kTopologyLog);
  if (!stored) return {};
  const auto id = from_hex(*stored);
  if (!id || id->size() != crypto::kDigestBytes) {
    return Error{"store.corrupt", std::string(kTopologyLog), "存储中组织日志的名称有误",
                 "the store's name for the topology log is damaged"};
  }
  const auto log = crypto::Digest::from(*id);
  auto fresh = std::make_shared<topology::Directory>(network_);
  for (std::uint64_t from = 1;;) {
    const auto rows = logs_.rows_of_log(log, from, sync::kWindowBytes);
    if (rows.empty()) break;
    for (const auto& row : rows) {
      auto run = sync::Run::open(row.run);
      if (!run) return run.error();
      for (const auto& entry : run->entries()) {
        auto header = sync::decode_header(entry.header);
        if (!header) return header.error();
        if (header->sequence < from) continue;
        for (const auto& bytes : entry.records) {
          auto record = sync::decode_record(*bytes);
          if (!record) return record.error();
          auto change = topology::decode_change(record->body);
          if (!change) continue;  // kept as evidence when it came, without effect then too
          (void)fresh->apply(*change, {header->sequence, header->time_ms});
        }
      }
      from = row.last + 1;
    }
  }
  use(std::move(fresh));
  committed_directory_ = directory_;
  return {};
}

// The key that an incoming log must be signed by.
std::optional<Error> Ledger::speaker_of(const crypto::Digest& log, std::uint64_t sequence,
                                        std::optional<crypto::PublicKey>& key) const {
  if (is_topology_log(log)) {
    key = directory_->topology_key();
    return std::nullopt;
  }
  const auto* node = directory_->node_of_key(log);
  if (!node) return unknown_log();
  if (node->ended != 0 && sequence > node->last_sequence && !planted(Defect::kEndedKeyAccepted)) {
    return Error{"log.ended", "sequence", "这个日志的密钥已经停用，此后的条目无效",
                 "this log's key was ended before this entry"};
  }
  key = node->key;
  return std::nullopt;
}

// An act judged by a topology that is not here yet waits for it: the sender gives it again
// once the topology log has caught up.
Taken Ledger::waits_for_topology(const sync::EntryHeader& last) const {
  Taken taken;
  taken.head = {last.log, last.sequence, {}};
  taken.outcome = Taken::Outcome::kMissing;
  taken.want = sync::Want{directory_->topology_key().id(), directory_->latest() + 1, {}};
  taken.last = last.topology;
  return taken;
}

Taken Ledger::take(View packed, Source source) {
  auto run = sync::Run::open(packed);
  if (!run) return refused(run.error());
  auto first = sync::decode_header(run->entries().front().header);
  if (!first) return refused(first.error());

  if (directory_->empty()) return take_first(*run, packed, *first, source);

  auto last = sync::decode_header(run->entries().back().header);
  if (!last) return refused(last.error(), first->log, held_before(*first));
  if (last->topology > directory_->latest() && !is_topology_log(first->log) &&
      !planted(Defect::kFutureTopologyTaken)) {
    return waits_for_topology(*last);
  }
  std::optional<crypto::PublicKey> key;
  if (auto error = speaker_of(first->log, first->sequence, key)) {
    return refused(std::move(*error), first->log, held_before(*first));
  }
  const bool contiguous = source != Source::kAbove || is_topology_log(first->log);
  return check_and_keep(*run, packed, *key, source, contiguous);
}

std::uint64_t Ledger::held_before(const sync::EntryHeader& first) const {
  return std::min(logs_.log(first.log).head.sequence, first.sequence - 1);
}

// The very first run a node ever takes: the topology log itself, whose first change is
// what the pinned network id is the digest of, and names the key the log is signed with.
Taken Ledger::take_first(const sync::Run& run, View packed, const sync::EntryHeader& first,
                         Source source) {
  const Error not_topology{"log.unknown", "log", "还没有收到网络的组织目录，先要目录",
                           "the topology is not here yet and comes first"};
  if (first.sequence != 1 || run.entries().front().records.empty() ||
      !run.entries().front().records.front()) {
    return refused(not_topology);
  }
  auto record = sync::decode_record(*run.entries().front().records.front());
  if (!record) return refused(record.error());
  auto change = topology::decode_change(record->body);
  if (!change) return refused(change.error());
  if (topology::network_id(suite_, *change) != network_) {
    return refused({"topology.network", "network", "这是另一个网络的组织目录",
                    "this topology belongs to another network"});
  }
  const auto* created = std::get_if<topology::NetworkCreated>(&change->operations.front());
  if (!created) return refused(not_topology);
  auto key = crypto::PublicKey::load(created->suite, created->log_key);
  if (!key) return refused(key.error());
  if (key->id() != first.log) return refused(not_topology);
  note(logs_.set_value(kTopologyLog, to_hex(first.log.view())));
  return check_and_keep(run, packed, *key, source, true);
}

Taken Ledger::check_and_keep(const sync::Run& run, View packed, const crypto::PublicKey& key,
                             Source source, bool contiguous) {
  const auto& log = key.id();
  const auto state = logs_.log(log);
  if (!state.quarantine.empty()) {
    return refused({"log.quarantined", "log", "这个日志已被隔离：" + state.quarantine,
                    "this log is in quarantine: " + state.quarantine},
                   log);
  }
  const auto digest_at = [&](std::uint64_t sequence) { return logs_.entry_digest(log, sequence); };
  auto verdict = contiguous ? sync::check_run(key, network_, state.head, run, digest_at)
                            : sync::check_singly(key, network_, run, digest_at);
  signatures_ += contiguous ? 1 : run.entries().size();

  Taken taken;
  taken.head = {log, state.head.sequence, state.head.digest};
  taken.error = verdict.error;
  if (!verdict.headers.empty()) {
    taken.last = verdict.headers.back().sequence;
    taken.held = std::min(state.head.sequence, verdict.headers.front().sequence - 1);
  }
  switch (verdict.standing) {
    case Standing::kFollows:
      if (auto error = topology_goes_back(verdict, state, contiguous)) {
        return refused(std::move(*error), log, taken.held);
      }
      return keep(run, packed, verdict, source, contiguous);
    case Standing::kKnown:
      if (!contiguous && brings_records(run, verdict)) {
        return keep(run, packed, verdict, source, contiguous);
      }
      taken.outcome = Taken::Outcome::kKnown;
      taken.error.reset();
      return taken;
    case Standing::kGap:
      taken.outcome = Taken::Outcome::kMissing;
      taken.want = sync::Want{log, state.head.sequence + 1, {}};
      if (auto last = sync::decode_header(run.entries().back().header)) {
        taken.last = last->sequence;
      }
      return taken;
    case Standing::kForked:
      keep_fork(log, run, verdict.at, verdict.error->field == "previous");
      taken.held = 0;  // where its sender's version parted from ours is not known
      return taken;
    case Standing::kInvalid:
      return taken;
  }
  return taken;
}

// A log may not name an older topology than it did before, nor one that is not here.
std::optional<Error> Ledger::topology_goes_back(const sync::Verdict& verdict,
                                                const store::LogState& state,
                                                bool contiguous) const {
  if (!contiguous || planted(Defect::kTopologyGoesBack)) return std::nullopt;
  const auto& next = verdict.headers[verdict.first_new];
  if (next.topology < state.topology) {
    return Error{"log.topology.rollback", "topology", "条目引用的组织版本比之前的更旧",
                 "the entry names an older topology than the one before it"};
  }
  return std::nullopt;
}

// Entries that are known can bring the bytes of records that were absent before.
bool Ledger::brings_records(const sync::Run& run, const sync::Verdict& verdict) const {
  for (std::size_t i = 0; i < verdict.headers.size(); ++i) {
    const auto& records = run.entries()[i].records;
    for (std::size_t k = 0; k < records.size(); ++k) {
      if (!records[k]) continue;
      auto record = sync::decode_record(*records[k]);
      if (!record) continue;
      const auto& digest = verdict.headers[i].records[k];
      if (deliberation::is_register_kind(record->kind)) {
        if (!registers_.knows(digest)) return true;
      } else if (deliberation::speaks_of_issue(record->kind, record->subject)) {
        if (!issues_.knows(record->subject, digest)) return true;
      }
    }
  }
  return false;
}

// The proof: two signed entries that cannot both be of one chain. Either they claim the same
// sequence, or (by_previous) the later one follows another entry than the one before it. That one
// is held, or came in the same run: entries from above stand singly in theirs.
void Ledger::keep_fork(const crypto::Digest& log, const sync::Run& run, std::size_t at,
                       bool by_previous) {
  const auto& entry = run.entries()[at];
  auto header = sync::decode_header(entry.header);
  if (!header) return;
  const auto other_at = by_previous ? header->sequence - 1 : header->sequence;
  store::ForkProof proof{log, header->sequence, {}, {}, copy(entry.header), copy(entry.signature)};
  for (std::size_t i = 0; i < at; ++i) {
    const auto& other = run.entries()[i];
    const auto other_header = sync::decode_header(other.header);
    if (!other_header || other_header->sequence != other_at) continue;
    proof.header_a = copy(other.header);
    proof.signature_a = copy(other.signature);
  }
  // Of what is held, the one that contradicts: the entry itself may have come before, in a run
  // with holes.
  const auto own = sync::entry_digest(suite_, entry.header, entry.signature);
  for (auto& held : logs_.signed_headers(log, other_at)) {
    if (!proof.header_a.empty()) break;
    const auto digest = sync::entry_digest(suite_, held.header, held.signature);
    if (digest == (by_previous ? header->previous : own)) continue;
    proof.header_a = std::move(held.header);
    proof.signature_a = std::move(held.signature);
  }
  if (!planted(Defect::kForkProofDropped)) note(logs_.add_fork(proof));
  if (planted(Defect::kForkNotQuarantined)) return;
  note(logs_.quarantine(log, "log.fork", header->sequence));
}

Taken Ledger::keep(const sync::Run& run, View packed, const sync::Verdict& verdict, Source source,
                   bool contiguous) {
  // Out of their runs, known and new entries may stand mixed; facts that are known do not
  // count twice.
  const std::size_t begin = contiguous ? verdict.first_new : 0;
  const auto& first = verdict.headers[begin];
  const auto& last = verdict.headers.back();
  store::StoredRow row;
  row.log = first.log;
  row.first = first.sequence;
  row.last = last.sequence;
  row.time_ms = first.time_ms;
  row.source = source;
  row.run = copy(packed);
  for (std::size_t i = begin; i < verdict.headers.size(); ++i) {
    row.records += verdict.headers[i].records.size();
  }
  auto position = logs_.append(std::move(row));
  if (!position) {
    note(Status(position.error()));
    return refused(position.error());
  }
  if (contiguous) note(logs_.set_head(first.log, verdict.head, last.topology));
  if (directory_->empty() || is_topology_log(first.log)) {
    note(logs_.keep_topology(*position, packed));
  }
  for (std::size_t i = begin; i < verdict.headers.size(); ++i) {
    project(verdict.headers[i], run.entries()[i], *position);
  }
  Taken taken;
  taken.outcome = Taken::Outcome::kStored;
  taken.head = {first.log, last.sequence, verdict.digests.back()};
  taken.last = last.sequence;
  return taken;
}

void Ledger::project(const sync::EntryHeader& header, const sync::Entry& entry,
                     std::uint64_t position) {
  if (is_topology_log(header.log) || directory_->empty()) {
    // First the change, then what is told again because of it: who hears of both must know where
    // a unit is by now when it asks itself whom below the rest concerns.
    note(issues_.touch_everyone(position));
    apply_changes(header, entry);
    return;
  }
  for (std::size_t i = 0; i < entry.records.size(); ++i) {
    if (entry.records[i]) project_record(header, i, *entry.records[i], position);
  }
}

void Ledger::project_row(const store::StoredRow& row) {
  auto run = sync::Run::open(row.run);
  if (!run) return;  // damaged: shown as such
  const bool contiguous =
      row.source != Source::kAbove || directory_->empty() || is_topology_log(row.log);
  for (const auto& entry : run->entries()) {
    auto header = sync::decode_header(entry.header);
    if (!header || (contiguous && header->sequence < row.first)) continue;
    project(*header, entry, row.position);
  }
}

void Ledger::apply_changes(const sync::EntryHeader& header, const sync::Entry& entry) {
  auto next = std::make_shared<topology::Directory>(*directory_);
  std::vector<topology::NodeEnded> ended;
  std::set<topology::Code> moved;  // or kept by another machine
  for (const auto& bytes : entry.records) {
    if (!bytes) continue;
    auto record = sync::decode_record(*bytes);
    if (!record || record->kind != topology::kChangeKind) continue;
    auto change = topology::decode_change(record->body);
    if (!change) continue;
    if (!next->apply(*change, {header.sequence, header.time_ms}).ok())
      continue;  // it breaks a rule: no effect
    for (const auto& operation : change->operations) {
      if (const auto* one = std::get_if<topology::NodeEnded>(&operation)) ended.push_back(*one);
      if (const auto* one = std::get_if<topology::UnitMoved>(&operation)) moved.insert(one->code);
      if (const auto* one = std::get_if<topology::UnitRetired>(&operation)) moved.insert(one->code);
      if (const auto* one = std::get_if<topology::NodeAdmitted>(&operation)) {
        if (next->incarnations_of(one->unit) > 1) moved.insert(one->unit);
      }
    }
  }
  use(std::move(next));
  topology_changed_ = true;
  for (const auto& one : ended) judge_again(one);
  if (!moved.empty()) tell_again(moved);
}

void Ledger::tell_again(const std::set<topology::Code>& moved) {
  std::vector<topology::Code> units;
  for (const auto& unit : directory_->all_units()) {
    if (unit == here_ || !directory_->inside(unit, here_)) continue;
    const bool is_moved = std::any_of(
        moved.begin(), moved.end(), [&](const auto& one) { return directory_->inside(unit, one); });
    if (is_moved) units.push_back(unit);
  }
  if (!units.empty()) note(issues_.tell_again(units));
}

// What came before the news that its key had ended loses its effect, as what comes later has none.
void Ledger::judge_again(const topology::NodeEnded& ended) {
  auto changed = issues_.judge_again(ended.key_id, ended.last_sequence, *world_, here_);
  if (!changed) return note(Status(changed.error()));
  for (auto& id : *changed) changed_.insert(std::move(id));
  note(registers_.judge_again(ended.key_id, ended.last_sequence, *world_));
}

void Ledger::project_register(const sync::EntryHeader& header, std::size_t index,
                              const sync::Record& record, std::uint64_t position) {
  const auto fact = deliberation::read_register(record, header, index);
  if (!fact) return;  // no entry can be told from it: kept and relayed
  auto applied = registers_.apply(*fact, {position, header.sequence, index}, *world_, here_);
  if (!applied) note(Status(applied.error()));
}

void Ledger::project_record(const sync::EntryHeader& header, std::size_t index, View bytes,
                            std::uint64_t position) {
  auto record = sync::decode_record(bytes);
  if (!record) return;
  if (deliberation::is_register_kind(record->kind)) {
    return project_register(header, index, *record, position);
  }
  // A journal line, or something else that is kept and relayed and no more.
  if (!deliberation::speaks_of_issue(record->kind, record->subject)) return;
  deliberation::Fact fact;
  auto body = deliberation::read_body(record->kind, record->body);
  if (!body) return;
  fact.digest = header.records[index];
  fact.author = header.log;
  fact.sequence = header.sequence;
  fact.time_ms = header.time_ms;
  fact.topology = header.topology;
  fact.kind = record->kind;
  fact.issue = record->subject;
  fact.body = std::move(*body);
  auto applied = issues_.apply(fact, {position, header.sequence, index}, *world_, here_);
  if (!applied) {
    note(Status(applied.error()));
    return;
  }
  if (applied->changed) changed_.insert(fact.issue);
  if (applied->misses) incomplete_.insert(fact.issue);
}

bool Ledger::knows_kinds() const { return logs_.value(kKnownKinds).value_or("") == known_kinds(); }

void Ledger::judge_unknown() {
  auto changed = issues_.judge_unknown(*world_, here_);
  if (!changed) return note(Status(changed.error()));
  for (auto& id : *changed) changed_.insert(std::move(id));
  note(logs_.set_value(kKnownKinds, known_kinds()));
}

void Ledger::review_deadlines() { note(issues_.review_deadlines(*world_, here_)); }

Result<std::uint64_t> Ledger::write(const crypto::PrivateKey& key,
                                    std::vector<sync::Record> records, std::uint64_t now_ms,
                                    std::size_t private_from) {
  const auto& log = key.public_key().id();
  return append_own(key, log, std::move(records), now_ms, directory_->latest(), private_from);
}

Status Ledger::write_topology(const crypto::PrivateKey& key, const std::vector<Bytes>& changes,
                              std::uint64_t now_ms, crypto::Random& random) {
  std::vector<sync::Record> records;
  records.reserve(changes.size());
  for (const auto& change : changes) {
    records.push_back({std::string(topology::kChangeKind), {}, change, sync::make_salt(random)});
  }
  const auto& log = key.public_key().id();
  if (directory_->empty()) note(logs_.set_value(kTopologyLog, to_hex(log.view())));
  auto sequence = append_own(key, log, std::move(records), now_ms, directory_->latest(), SIZE_MAX);
  return sequence ? Status() : Status(sequence.error());
}

Result<std::uint64_t> Ledger::append_own(const crypto::PrivateKey& key, const crypto::Digest& log,
                                         std::vector<sync::Record> records, std::uint64_t now_ms,
                                         std::uint64_t topology, std::size_t private_from) {
  YISHI_ASSERT(!records.empty() && records.size() <= sync::kMaxRecordsPerEntry);
  const auto head = logs_.log(log).head;
  sync::EntryHeader header;
  header.network = network_;
  header.log = log;
  header.sequence = head.sequence + 1;
  header.previous = head.digest;
  header.time_ms = now_ms;
  header.topology = topology;
  std::vector<Bytes> encoded;
  encoded.reserve(records.size());
  for (const auto& record : records) {
    encoded.push_back(sync::encode_record(record));
    header.records.push_back(sync::record_digest(suite_, encoded.back()));
  }
  auto sealed = sync::seal_entry(key, header, std::move(encoded));
  for (std::size_t i = private_from; i < sealed.records.size(); ++i) {
    note(logs_.keep_private(header.records[i], *sealed.records[i]));
    if (planted(Defect::kReporterInRun)) continue;
    sealed.records[i].reset();
  }
  const sync::Entry entry = sealed.view();
  const auto size = sync::raw_run_size({&entry, 1});
  store::StoredRow row;
  row.log = log;
  row.first = row.last = header.sequence;
  row.records = header.records.size();
  row.time_ms = now_ms;
  row.source = Source::kOwn;
  row.run = sync::pack_run({&entry, 1}, size > kCompressAloneBytes);
  const bool topology_log = directory_->empty() || is_topology_log(log);
  if (topology_log) note(logs_.keep_topology(logs_.last_position() + 1, row.run));
  auto position = logs_.append(std::move(row));
  if (!position) {
    note(Status(position.error()));
    return position.error();
  }
  const sync::Head next{header.sequence, sync::entry_digest(suite_, entry.header, entry.signature),
                        now_ms};
  note(logs_.set_head(log, next, topology));
  project(header, entry, *position);
  if (fault_) return *fault_;
  return header.sequence;
}

}  // namespace yishi::turn
