#include "node/store/issue_rows.h"

#include <tuple>

#include "node/store/salvage.h"
#include "sync/entry.h"
#include "sync/run.h"

namespace yishi::store {
namespace {

// Opens the runs of rows one after another and finds records in them. Facts of one issue
// often lie in one run: it is opened once.
class FactReader {
 public:
  explicit FactReader(Database::Impl& impl) : impl_(impl) {}

  // Fills in what stands in the row; false when the record's bytes are not there.
  bool read(StoredFact& stored) {
    if (!open_row(stored.place.position)) return false;
    for (const auto& entry : run_->entries()) {
      const auto header = sync::decode_header(entry.header);
      if (!header || header->sequence != stored.place.sequence) continue;
      if (header->log != stored.fact.author) return false;
      if (stored.place.index >= entry.records.size()) return false;
      const auto& bytes = entry.records[stored.place.index];
      return bytes.has_value() && decode(*bytes, *header, stored.fact);
    }
    return false;
  }

 private:
  bool open_row(std::uint64_t position) {
    if (run_ && position == position_) return true;
    run_.reset();
    Query query(impl_.connection, "SELECT run FROM entry_row WHERE position = ?");
    if (!query.number(position).step()) return false;
    if (query.blob_at(0).empty()) {  // damaged, not mended yet
      note_projections_due();
      return false;
    }
    auto run = sync::Run::open(query.blob_at(0));
    if (!run) {
      impl_.connection.note_damage("row " + std::to_string(position) + ": " + run.error().en);
      return false;
    }
    run_ = std::move(*run);
    position_ = position;
    return true;
  }

  // What is folded without this row is folded again when it is mended.
  void note_projections_due() {
    if (impl_.access != Access::kWriter || !impl_.in_transaction) return;
    Query(impl_.connection, "INSERT OR REPLACE INTO named_value VALUES (?, '1')")
        .text(kProjectionsDue)
        .run();
  }

  static bool decode(View bytes, const sync::EntryHeader& header, deliberation::Fact& fact) {
    auto record = sync::decode_record(bytes);
    if (!record) return false;
    auto body = deliberation::decode_body(record->body);
    if (!body) return false;
    fact.sequence = header.sequence;
    fact.time_ms = header.time_ms;
    fact.topology = header.topology;
    fact.kind = std::move(record->kind);
    fact.issue = std::move(record->subject);
    fact.body = std::move(*body);
    return true;
  }

  Database::Impl& impl_;
  std::uint64_t position_ = 0;
  std::optional<sync::Run> run_;
};

}  // namespace

std::optional<LoadedIssue> load_issue(Database::Impl& impl, std::string_view id) {
  const bool writer = impl.access == Access::kWriter;
  if (writer) {
    if (const LoadedIssue* known = impl.issues.find(id)) return *known;
  }
  Query query(impl.connection,
              "SELECT number, changed, waiting, ended, state FROM issue WHERE id = ?");
  if (!query.text(id).step()) return std::nullopt;
  auto issue = deliberation::decode_issue(query.blob_at(4));
  if (!issue) {
    impl.connection.note_damage("issue " + std::string(id) + ": " + issue.error().en);
    return std::nullopt;
  }
  LoadedIssue loaded;
  loaded.issue = std::move(*issue);
  loaded.state = copy(query.blob_at(4));
  loaded.number = query.integer_at(0);
  loaded.order = query.number_at(1);
  loaded.waiting = query.number_at(2);
  loaded.ended = query.integer_at(3) != 0;
  if (writer) impl.issues.put(loaded);
  return loaded;
}

LoadedIssue insert_issue(Database::Impl& impl, const std::string& id) {
  LoadedIssue loaded;
  loaded.issue.id = id;
  loaded.state = deliberation::encode_issue(loaded.issue);
  const auto parts = deliberation::parse_issue_id(id);
  Query(impl.connection,
        "INSERT INTO issue (id, id_unit, id_year, id_number, transitions, waiting, changed, home, "
        "holder, stage, category, month, ended, climbs, state) "
        "VALUES (?, ?, ?, ?, 0, 0, 0, '', '', '', '', '', 0, 0, ?)")
      .text(id)
      .text(parts ? parts->unit.text() : "")
      .integer(parts ? parts->year : 0)
      .number(parts ? parts->number : 0)
      .blob(loaded.state)
      .run();
  loaded.number = sqlite3_last_insert_rowid(impl.connection.handle());
  return loaded;
}

void save_issue(Database::Impl& impl, const LoadedIssue& loaded) {
  const deliberation::Issue& issue = loaded.issue;
  Query(impl.connection,
        "UPDATE issue SET transitions = ?, waiting = ?, changed = ?, home = ?, holder = ?, "
        "stage = ?, category = ?, month = ?, ended = ?, climbs = ?, state = ? WHERE number = ?")
      .number(issue.n)
      .number(loaded.waiting)
      .number(loaded.order)
      .text(issue.home.text())
      .text(issue.holder.text())
      .text(issue.stage)
      .text(issue.category)
      .text(issue.n > 0 ? deliberation::china_month(issue.logged_ms) : "")
      .integer(loaded.ended ? 1 : 0)
      .number(issue.escalations.size())
      .blob(loaded.state)
      .integer(loaded.number)
      .run();
  impl.issues.put(loaded);
}

std::vector<StoredFact> load_facts(Database::Impl& impl, std::int64_t issue) {
  std::vector<StoredFact> facts;
  {
    Query query(impl.connection,
                "SELECT digest, author, position, sequence, place, effect, rule, zh, en "
                "FROM fact WHERE issue = ? ORDER BY number");
    query.integer(issue);
    while (query.step()) {
      StoredFact& stored = facts.emplace_back();
      stored.fact.digest = query.digest_at(0);
      stored.fact.author = query.digest_at(1);
      stored.place = {query.number_at(2), query.number_at(3), query.number_at(4)};
      stored.effect = static_cast<deliberation::Effect>(query.number_at(5));
      stored.rule = query.text_at(6);
      stored.zh = query.text_at(7);
      stored.en = query.text_at(8);
    }
  }
  FactReader reader(impl);
  std::erase_if(facts, [&](StoredFact& stored) { return !reader.read(stored); });
  return facts;
}

std::optional<FactPlace> find_fact(Database::Impl& impl, const crypto::Digest& digest,
                                   const crypto::Digest& author) {
  Query query(impl.connection,
              "SELECT position, sequence, place FROM fact WHERE digest = ? AND author = ?");
  if (!query.blob(digest).blob(author).step()) return std::nullopt;
  return FactPlace{query.number_at(0), query.number_at(1), query.number_at(2)};
}

bool is_void(Database::Impl& impl, std::int64_t issue, const crypto::Digest& digest) {
  Query query(impl.connection, "SELECT issue, effect FROM fact WHERE digest = ?");
  query.blob(digest);
  bool found = false;
  while (query.step()) {
    if (query.integer_at(0) != issue) continue;
    if (query.integer_at(1) != static_cast<std::int64_t>(deliberation::Effect::kVoid)) return false;
    found = true;
  }
  return found;
}

void insert_fact(Database::Impl& impl, std::int64_t issue, const StoredFact& fact,
                 std::string_view field) {
  Query(impl.connection,
        "INSERT INTO fact (issue, digest, author, position, sequence, place, effect, rule, "
        "field, zh, en) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .integer(issue)
      .blob(fact.fact.digest)
      .blob(fact.fact.author)
      .number(fact.place.position)
      .number(fact.place.sequence)
      .number(fact.place.index)
      .number(static_cast<std::uint64_t>(fact.effect))
      .text(fact.rule)
      .text(field)
      .text(fact.zh)
      .text(fact.en)
      .run();
}

void update_fact(Database::Impl& impl, const StoredFact& fact, std::string_view field) {
  Query(impl.connection,
        "UPDATE fact SET position = ?, sequence = ?, place = ?, effect = ?, rule = ?, field = ?, "
        "zh = ?, en = ? WHERE digest = ? AND author = ?")
      .number(fact.place.position)
      .number(fact.place.sequence)
      .number(fact.place.index)
      .number(static_cast<std::uint64_t>(fact.effect))
      .text(fact.rule)
      .text(field)
      .text(fact.zh)
      .text(fact.en)
      .blob(fact.fact.digest)
      .blob(fact.fact.author)
      .run();
}

bool earlier_entry(const FactPlace& a, const FactPlace& b) {
  return std::tie(a.sequence, a.index) < std::tie(b.sequence, b.index);
}

}  // namespace yishi::store
