#include "node/turn/mender.h"

namespace yishi::turn {

namespace {

constexpr std::size_t kCompressFromBytes = 1024;

sync::SealedEntry own(const sync::Entry& entry) {
  sync::SealedEntry sealed;
  sealed.header = copy(entry.header);
  std::copy(entry.signature.begin(), entry.signature.end(), sealed.signature.bytes.begin());
  for (const auto& record : entry.records) {
    sealed.records.push_back(record ? std::optional(copy(*record)) : std::nullopt);
  }
  return sealed;
}

}  // namespace

Mender::Wounds& Mender::wounds() {
  if (!wounds_) {
    wounds_.emplace();
    for (auto& damage : ledger_.logs().damages(true, kMendedAtOnce)) {
      const auto position = damage.row.position;
      (*wounds_)[position].row = std::move(damage.row);
    }
  }
  return *wounds_;
}

std::optional<crypto::PublicKey> Mender::key_of(const crypto::Digest& log) const {
  if (ledger_.is_topology_log(log)) return ledger_.directory().topology_key();
  const auto* node = ledger_.directory().node_of_key(log);
  return node ? std::optional(node->key) : std::nullopt;
}

bool Mender::continues(const store::StoredRow& row) const {
  return row.source != store::Source::kAbove || ledger_.is_topology_log(row.log);
}

bool Mender::take(View packed, const Now& now, const std::function<void()>& begin) {
  if (wounds().empty()) return false;
  auto run = sync::Run::open(packed);
  if (!run) return false;
  const auto& identity = ledger_.database().identity();
  bool all = true;
  std::map<std::uint64_t, Wound*> touched;
  for (const auto& entry : run->entries()) {
    auto header = sync::check_entry(identity.suite, identity.network, entry);
    if (!header) return false;  // whoever takes the run says why
    bool wanted = false;
    for (auto& [position, wound] : wounds()) {
      const auto& row = wound.row;
      if (row.log != header->log || header->sequence < row.first || header->sequence > row.last) {
        continue;
      }
      const auto key = key_of(row.log);
      if (!key || !sync::signature_valid(*key, entry)) return false;
      keep(wound, header->sequence, entry);
      touched[position] = &wound;
      wanted = true;
    }
    all = all && wanted;
  }
  for (const auto& [position, wound] : touched) {
    if (healed(*wound, now, begin)) wounds_->erase(position);
  }
  if (wounds_->empty()) wounds_.reset();  // the next ones
  return all;
}

void Mender::keep(Wound& wound, std::uint64_t sequence, const sync::Entry& entry) {
  auto sealed = own(entry);
  const auto known = wound.pool.find(sequence);
  if (known == wound.pool.end() || known->second.header != sealed.header) {
    wound.pool.insert_or_assign(sequence, std::move(sealed));
    return;
  }
  // Another sender may leave out other records of the same entry.
  for (std::size_t i = 0; i < sealed.records.size(); ++i) {
    if (sealed.records[i]) known->second.records[i] = std::move(sealed.records[i]);
  }
}

bool Mender::healed(Wound& wound, const Now& now, const std::function<void()>& begin) {
  if (continues(wound.row) ? !fits_chain(wound) : !fits_singles(wound)) return false;
  std::vector<sync::Entry> entries;
  entries.reserve(wound.pool.size());
  for (const auto& [sequence, sealed] : wound.pool) entries.push_back(sealed.view());
  const auto size = sync::raw_run_size(entries);
  if (size > sync::kMaxRunBytes) return false;
  begin();
  auto& logs = ledger_.logs();
  auto& row = wound.row;
  row.run = sync::pack_run(entries, size > kCompressFromBytes);
  row.records = 0;
  for (const auto& entry : entries) row.records += entry.records.size();
  if (auto header = sync::decode_header(entries.front().header)) row.time_ms = header->time_ms;
  auto status = logs.mend(row, now.wall_ms);
  if (status.ok() && ledger_.is_topology_log(row.log)) {
    status = logs.keep_topology(row.position, row.run);
  }
  if (!status.ok()) ledger_.fail(status.error());
  return status.ok();
}

// The digest that the row's last entry must have, as far as something here says so.
std::optional<crypto::Digest> Mender::digest_demanded(const store::StoredRow& row) {
  const auto head = ledger_.logs().log(row.log).head;
  if (head.sequence == row.last) return head.digest;
  for (const auto& next : ledger_.logs().rows_of_log(row.log, row.last + 1, 1)) {
    auto run = sync::Run::open(next.run);
    if (!run) continue;
    for (const auto& entry : run->entries()) {
      auto header = sync::decode_header(entry.header);
      if (header && header->sequence == row.last + 1) return header->previous;
    }
  }
  return std::nullopt;
}

bool Mender::fits_chain(const Wound& wound) {
  const auto& row = wound.row;
  if (wound.pool.size() != row.last - row.first + 1) return false;
  auto before = row.first == 1 ? std::optional(crypto::Digest{})
                               : ledger_.logs().entry_digest(row.log, row.first - 1);
  for (const auto& [sequence, sealed] : wound.pool) {
    auto header = sync::decode_header(sealed.header);
    if (!header || (before && header->previous != *before)) return false;
    before = sync::entry_digest(ledger_.database().identity().suite, sealed.header,
                                sealed.signature.view());
  }
  const auto demanded = digest_demanded(row);
  return !demanded || *demanded == *before;
}

// What another row holds of the stretch between its ends was not this one's. More than it had
// may come: who is concerned by an issue can grow.
bool Mender::fits_singles(Wound& wound) {
  const auto& row = wound.row;
  for (const auto& other : ledger_.logs().rows_of_log(row.log, row.first, sync::kWindowBytes)) {
    auto run = other.first <= row.last ? sync::Run::open(other.run) : Result<sync::Run>(Error{});
    if (!run) continue;
    for (const auto& entry : run->entries()) {
      auto header = sync::decode_header(entry.header);
      const bool between = header && header->sequence > row.first && header->sequence < row.last;
      if (between) wound.pool.erase(header->sequence);
    }
  }
  if (!wound.pool.contains(row.first) || !wound.pool.contains(row.last)) return false;
  std::uint64_t records = 0;
  for (const auto& [sequence, sealed] : wound.pool) records += sealed.records.size();
  return records >= row.records;  // 0: it is not known any more
}

std::vector<Mender::Question> Mender::questions(const Now& now) {
  std::vector<Question> questions;
  for (auto& [position, wound] : wounds()) {
    if (questions.size() == kAsksOfATurn) break;
    if (wound.asked_ms && now.steady_ms < *wound.asked_ms + kMendAgainMs) continue;
    wound.asked_ms = now.steady_ms;
    questions.push_back(question(wound));
    ++wound.times_asked;
  }
  return questions;
}

Mender::Question Mender::question(const Wound& wound) const {
  const auto& row = wound.row;
  Question question;
  question.want = {row.log, row.first, {}};
  // The entries come in order: on from what has come.
  while (question.want.from < row.last && wound.pool.contains(question.want.from)) {
    ++question.want.from;
  }
  const auto& directory = ledger_.directory();
  const bool root = directory.empty() || directory.parent_node(ledger_.here()).empty();
  const auto* node = row.source == store::Source::kBelow ? directory.node_of_key(row.log) : nullptr;
  const auto child = node ? directory.next_hop(ledger_.here(), node->unit) : topology::Code{};
  question.child = child == ledger_.here() ? topology::Code{} : child;
  // What came from above is not asked of a child: it would come back as if from below.
  const bool other_way = wound.times_asked % 2 == 1 && row.source != store::Source::kAbove;
  question.to_parent = !root && question.child.empty() != other_way;
  return question;
}

}  // namespace yishi::turn
