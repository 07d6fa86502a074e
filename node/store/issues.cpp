// What can be asked of the issues, except lists (issues_list.cpp).
#include "node/store/issues.h"

#include <algorithm>
#include <tuple>

#include "node/deliberation/deadlines.h"
#include "node/store/issue_rows.h"

namespace yishi::store {
namespace {

void bring_up_to_date(Database::Impl& impl) {
  if (impl.in_transaction && impl.access == Access::kWriter) save_unsaved(impl);
}

}  // namespace

std::optional<deliberation::Issue> Issues::issue(std::string_view id) const {
  auto loaded = load_issue(database_.impl(), id);
  if (!loaded || loaded->issue.n == 0) return std::nullopt;
  return std::move(loaded->issue);
}

bool Issues::knows(std::string_view id, const crypto::Digest& fact) const {
  const auto loaded = load_issue(database_.impl(), id);
  if (!loaded) return false;
  Query query(connection_of(database_),
              "SELECT 1 FROM fact WHERE issue = ? AND digest = ? LIMIT 1");
  return query.integer(loaded->number).blob(fact).step();
}

std::vector<StoredFact> Issues::facts(std::string_view id) const {
  Database::Impl& impl = database_.impl();
  const auto loaded = load_issue(impl, id);
  if (!loaded) return {};
  auto facts = load_facts(impl, loaded->number);
  std::sort(facts.begin(), facts.end(), [](const StoredFact& a, const StoredFact& b) {
    return std::tie(a.fact.body.n, a.fact.time_ms, a.fact.digest, a.fact.author) <
           std::tie(b.fact.body.n, b.fact.time_ms, b.fact.digest, b.fact.author);
  });
  return facts;
}

std::vector<std::uint64_t> Issues::positions(std::string_view id) const {
  const auto loaded = load_issue(database_.impl(), id);
  if (!loaded) return {};
  Query query(connection_of(database_),
              "SELECT DISTINCT position FROM fact WHERE issue = ? ORDER BY position");
  query.integer(loaded->number);
  std::vector<std::uint64_t> positions;
  while (query.step()) positions.push_back(query.number_at(0));
  return positions;
}

std::vector<Touch> Issues::touches(std::uint64_t after_news, std::size_t limit) const {
  Query query(connection_of(database_),
              "SELECT news, position, unit FROM touch WHERE news > ? ORDER BY news LIMIT ?");
  query.number(after_news).number(limit);
  std::vector<Touch> touches;
  while (query.step()) {
    auto unit = topology::Code::parse(query.text_at(2));
    touches.push_back(
        {query.number_at(0), query.number_at(1), unit ? std::move(*unit) : topology::Code()});
  }
  return touches;
}

Status Issues::skip_news() {
  Database::Impl& impl = database_.impl();
  YISHI_ASSERT(impl.in_transaction);
  const auto base = store::last_news(impl) + kNewsSkipped;
  Query(impl.connection, "INSERT OR REPLACE INTO named_value (name, value) VALUES ('news_base', ?)")
      .text(std::to_string(base))
      .run();
  impl.last_news = base;
  return impl.outcome();
}

std::uint64_t Issues::last_news() const { return store::last_news(database_.impl()); }

std::vector<std::string> Issues::held_by(const topology::Code& unit) const {
  bring_up_to_date(database_.impl());
  Query query(connection_of(database_),
              "SELECT id FROM issue WHERE holder = ? AND ended = 0 AND class > 0 ORDER BY id");
  query.text(unit.text());
  std::vector<std::string> ids;
  while (query.step()) ids.emplace_back(query.text_at(0));
  return ids;
}

std::uint64_t Issues::next_due_ms() const {
  Query query(connection_of(database_), "SELECT min(due) FROM issue WHERE due > 0 AND due > ?");
  query.number(deliberation::kOthers);
  return query.step() ? query.number_at(0) : 0;
}

namespace {

std::vector<std::string> ids_of(Query& query) {
  std::vector<std::string> ids;
  while (query.step()) ids.emplace_back(query.text_at(0));
  return ids;
}

}  // namespace

std::vector<std::string> Issues::due_before(std::uint64_t now_ms, std::size_t limit) const {
  Query query(
      connection_of(database_),
      "SELECT id FROM issue WHERE due > 0 AND due > ? AND due < ? ORDER BY due, id LIMIT ?");
  query.number(deliberation::kOthers).number(now_ms).number(limit);
  return ids_of(query);
}

std::vector<std::string> Issues::rounds_of(std::string_view id) const {
  bring_up_to_date(database_.impl());
  Query query(connection_of(database_),
              "SELECT id FROM issue WHERE round_of > '' AND round_of = ? ORDER BY id");
  query.text(id);
  return ids_of(query);
}

std::vector<std::string> Issues::answers_to(std::string_view id) const {
  bring_up_to_date(database_.impl());
  Query query(connection_of(database_),
              "SELECT id FROM issue WHERE answers > '' AND answers = ? ORDER BY id");
  query.text(id);
  return ids_of(query);
}

std::string Issues::imported_as(const topology::Code& home, std::string_view key) const {
  bring_up_to_date(database_.impl());
  Query query(connection_of(database_),
              "SELECT issue FROM imported WHERE home = ? AND key = ? ORDER BY issue LIMIT 1");
  query.text(home.text()).text(key);
  return query.step() ? std::string(query.text_at(0)) : std::string();
}

std::uint64_t Issues::count() const {
  bring_up_to_date(database_.impl());
  Query query(connection_of(database_),
              "SELECT amount FROM figure_cell WHERE month = 0 AND unit = '' AND figure = "
              "(SELECT number FROM figure WHERE name = 'issues')");
  return query.step() ? query.number_at(0) : 0;
}

}  // namespace yishi::store
