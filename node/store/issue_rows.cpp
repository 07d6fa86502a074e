#include "node/store/issue_rows.h"

#include <algorithm>
#include <tuple>

#include "node/store/issue_cells.h"
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
    auto body = deliberation::read_body(record->kind, record->body);
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

namespace {

std::optional<LoadedIssue> read_issue(Connection& connection, std::string_view id) {
  Query query(connection,
              "SELECT number, changed, waiting, ended, state, due FROM issue WHERE id = ?");
  if (!query.text(id).step()) return std::nullopt;
  auto issue = deliberation::decode_issue(query.blob_at(4));
  if (!issue) {
    connection.note_damage("issue " + std::string(id) + ": " + issue.error().en);
    return std::nullopt;
  }
  LoadedIssue loaded;
  loaded.issue = std::move(*issue);
  loaded.number = query.integer_at(0);
  loaded.order = query.number_at(1);
  loaded.waiting = query.number_at(2);
  loaded.ended = query.integer_at(3) != 0;
  loaded.due = query.number_at(5);
  loaded.stored = true;
  return loaded;
}

// Room for one more. All are saved when there is none left, for saving in the order of
// numbers is what the search index takes best.
void make_room(Database::Impl& impl) {
  if (impl.issues.size() < impl.max_issues) return;
  save_unsaved(impl);
  impl.issues.drop_oldest(impl.max_issues - 1 - impl.max_issues / 4);
}

std::int64_t find_class(Database::Impl& impl, const std::string& month, const LoadedIssue& loaded) {
  const std::int64_t ended = loaded.ended ? 1 : 0;
  const std::int64_t climbed = loaded.issue.escalations.empty() ? 0 : 1;
  const std::string key = month + '\n' + loaded.issue.category + '\n' + loaded.issue.stage + '\n' +
                          std::to_string(2 * ended + climbed);
  if (const auto known = impl.classes.find(key); known != impl.classes.end()) return known->second;
  const auto bind = [&](Query& query) {
    query.text(month).text(loaded.issue.category).text(loaded.issue.stage);
    query.integer(ended).integer(climbed);
  };
  {
    Query query(impl.connection,
                "SELECT number FROM class WHERE month = ? AND category = ? AND stage = ? "
                "AND ended = ? AND climbed = ?");
    bind(query);
    if (query.step()) return impl.classes[key] = query.integer_at(0);
  }
  Query insert(impl.connection,
               "INSERT INTO class (month, category, stage, ended, climbed) VALUES (?, ?, ?, ?, ?)");
  bind(insert);
  insert.run();
  return impl.classes[key] = sqlite3_last_insert_rowid(impl.connection.handle());
}

void write_row(Database::Impl& impl, const LoadedIssue& loaded) {
  const deliberation::Issue& issue = loaded.issue;
  const std::string month = issue.n > 0 ? deliberation::china_month(issue.logged_ms) : "";
  const std::int64_t its_class = issue.n > 0 ? find_class(impl, month, loaded) : 0;
  const Bytes state = deliberation::encode_issue(issue);
  const auto bind = [&](Query& query) {
    query.number(issue.n).number(loaded.waiting).number(loaded.order);
    query.text(issue.home.text()).text(issue.holder.text()).integer(its_class);
    query.integer(loaded.ended ? 1 : 0).blob(state).number(loaded.due);
    query.text(issue.follow.round_of).text(issue.follow.answers).integer(loaded.number);
  };
  if (loaded.stored) {
    Query query(
        impl.connection,
        "UPDATE issue SET transitions = ?, waiting = ?, changed = ?, home = ?, holder = ?, "
        "class = ?, ended = ?, state = ?, due = ?, round_of = ?, answers = ? WHERE number = ?");
    bind(query);
    query.run();
    return;
  }
  const auto parts = deliberation::parse_issue_id(issue.id);
  Query query(
      impl.connection,
      "INSERT INTO issue (transitions, waiting, changed, home, holder, class, ended, state, due, "
      "round_of, answers, number, id, id_unit, id_year, id_number) VALUES (?, ?, ?, ?, ?, ?, ?, "
      "?, ?, ?, ?, ?, ?, ?, ?, ?)");
  bind(query);
  query.text(issue.id).text(parts ? parts->unit.text() : "").integer(parts ? parts->year : 0);
  query.number(parts ? parts->number : 0).run();
}

}  // namespace

std::optional<LoadedIssue> load_issue(Database::Impl& impl, std::string_view id) {
  if (impl.access == Access::kReader) return read_issue(impl.connection, id);
  const LoadedIssue* held = hold_issue(impl, id);
  return held == nullptr ? std::nullopt : std::optional(*held);
}

LoadedIssue* hold_issue(Database::Impl& impl, std::string_view id) {
  if (LoadedIssue* known = impl.issues.find(id)) return known;
  auto loaded = read_issue(impl.connection, id);
  if (!loaded) return nullptr;
  make_room(impl);
  return impl.issues.put(std::move(*loaded));
}

LoadedIssue* new_issue(Database::Impl& impl, const std::string& id) {
  make_room(impl);
  if (!impl.last_issue) {
    Query query(impl.connection, "SELECT max(number) FROM issue");
    impl.last_issue = query.step() ? query.integer_at(0) : 0;
  }
  LoadedIssue fresh;
  fresh.issue.id = id;
  fresh.number = ++*impl.last_issue;
  fresh.unsaved = true;
  return impl.issues.put(std::move(fresh));
}

void save_unsaved(Database::Impl& impl) {
  for (LoadedIssue* loaded : impl.issues.unsaved()) {
    write_row(impl, *loaded);
    if (loaded->counted) {
      count_change(impl, loaded->number, *loaded->counted, loaded->issue);
      note_import(impl, *loaded->counted, loaded->issue);
      update_search(impl, loaded->number, *loaded->counted, loaded->issue);
    }
    loaded->stored = true;
    loaded->unsaved = false;
    loaded->counted.reset();
  }
  save_counts(impl);
}

std::vector<StoredFact> load_facts(Database::Impl& impl, std::int64_t issue) {
  std::vector<StoredFact> facts;
  {
    Query query(impl.connection,
                "SELECT digest, log.id, position, sequence, place, effect, rule, zh, en "
                "FROM fact JOIN log ON log.number = author WHERE issue = ?");
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
  // Those of one row one after another: it is opened once.
  std::sort(facts.begin(), facts.end(), [](const StoredFact& a, const StoredFact& b) {
    return a.place.position < b.place.position;
  });
  FactReader reader(impl);
  std::erase_if(facts, [&](StoredFact& stored) { return !reader.read(stored); });
  return facts;
}

std::optional<FactPlace> find_fact(Database::Impl& impl, std::int64_t issue,
                                   const crypto::Digest& digest, std::int64_t author) {
  Query query(impl.connection,
              "SELECT position, sequence, place FROM fact "
              "WHERE issue = ? AND digest = ? AND author = ?");
  if (!query.integer(issue).blob(digest).integer(author).step()) return std::nullopt;
  return FactPlace{query.number_at(0), query.number_at(1), query.number_at(2)};
}

bool is_void(Database::Impl& impl, std::int64_t issue, const crypto::Digest& digest) {
  Query query(impl.connection, "SELECT effect FROM fact WHERE issue = ? AND digest = ?");
  query.integer(issue).blob(digest);
  bool found = false;
  while (query.step()) {
    if (query.integer_at(0) != static_cast<std::int64_t>(deliberation::Effect::kVoid)) return false;
    found = true;
  }
  return found;
}

void put_fact(Database::Impl& impl, std::int64_t issue, const deliberation::Fact& fact,
              const FactPlace& place, const deliberation::Folded& folded) {
  static const Error kNone;
  const Error& error = folded.error ? *folded.error : kNone;
  Query(impl.connection,
        "INSERT OR REPLACE INTO fact (issue, digest, author, position, sequence, place, effect, "
        "rule, field, zh, en) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .integer(issue)
      .blob(fact.digest)
      .integer(log_number(impl, fact.author))
      .number(place.position)
      .number(place.sequence)
      .number(place.index)
      .number(static_cast<std::uint64_t>(folded.effect))
      .text(error.rule)
      .text(error.field)
      .text(error.zh)
      .text(error.en)
      .run();
}

bool earlier_entry(const FactPlace& a, const FactPlace& b) {
  return std::tie(a.sequence, a.index) < std::tie(b.sequence, b.index);
}

void touch(Database::Impl& impl, std::uint64_t position, const std::string& unit) {
  if (position > impl.told_position) {
    impl.told_position = position;
    impl.told_units.clear();
  }
  if (position == impl.told_position && !impl.told_units.insert(unit).second) return;
  Query(impl.connection, "INSERT INTO touch VALUES (?, ?, ?)")
      .number(last_news(impl) + 1)
      .number(position)
      .text(unit)
      .run();
  if (!impl.connection.fault()) ++*impl.last_news;
}

std::uint64_t last_news(Database::Impl& impl) {
  if (!impl.last_news) {
    Query query(impl.connection,
                "SELECT max(coalesce((SELECT max(news) FROM touch), 0), coalesce((SELECT "
                "CAST(value AS INTEGER) FROM named_value WHERE name = 'news_base'), 0))");
    impl.last_news = query.step() ? query.number_at(0) : 0;
  }
  return *impl.last_news;
}

}  // namespace yishi::store
