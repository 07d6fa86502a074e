// What can be asked of the issues, except lists (issues_list.cpp).
#include "node/store/issues.h"

#include <algorithm>
#include <tuple>

#include "node/store/issue_rows.h"

namespace yishi::store {

std::optional<deliberation::Issue> Issues::issue(std::string_view id) const {
  auto loaded = load_issue(database_.impl(), id);
  if (!loaded || loaded->issue.n == 0) return std::nullopt;
  return std::move(loaded->issue);
}

bool Issues::knows(const crypto::Digest& fact) const {
  Query query(connection_of(database_), "SELECT 1 FROM fact WHERE digest = ? LIMIT 1");
  return query.blob(fact).step();
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
  Query query(connection_of(database_),
              "SELECT position FROM mention WHERE issue = (SELECT number FROM issue WHERE id = ?) "
              "ORDER BY position");
  query.text(id);
  std::vector<std::uint64_t> positions;
  while (query.step()) positions.push_back(query.number_at(0));
  return positions;
}

std::vector<Touch> Issues::touches(std::uint64_t after, std::size_t limit) const {
  Query query(connection_of(database_),
              "SELECT position, unit FROM touch WHERE position > ? ORDER BY position, unit");
  query.number(after);
  std::vector<Touch> touches;
  while (query.step()) {
    const std::uint64_t position = query.number_at(0);
    // A position is never cut in two: whoever asks on goes on after it.
    if (touches.size() >= limit && (touches.empty() || touches.back().position != position)) break;
    auto unit = topology::Code::parse(query.text_at(1));
    touches.push_back({position, unit ? std::move(*unit) : topology::Code()});
  }
  return touches;
}

std::vector<std::string> Issues::held_by(const topology::Code& unit) const {
  Query query(connection_of(database_),
              "SELECT id FROM issue WHERE holder = ? AND ended = 0 AND transitions > 0 "
              "ORDER BY id");
  query.text(unit.text());
  std::vector<std::string> ids;
  while (query.step()) ids.emplace_back(query.text_at(0));
  return ids;
}

std::vector<Cell> Issues::cells() const {
  Query query(connection_of(database_),
              "SELECT unit, month, category, stage, issues, budget_fen, climbed FROM cell "
              "ORDER BY unit, month, category, stage");
  std::vector<Cell> cells;
  while (query.step()) {
    auto unit = topology::Code::parse(query.text_at(0));
    if (!unit) continue;
    cells.push_back({std::move(*unit), std::string(query.text_at(1)), std::string(query.text_at(2)),
                     std::string(query.text_at(3)), query.number_at(4), query.integer_at(5),
                     query.number_at(6)});
  }
  return cells;
}

std::vector<EscalationCell> Issues::escalations() const {
  Query query(connection_of(database_),
              "SELECT unit, month, reason, climbs FROM escalation_cell "
              "ORDER BY unit, month, reason");
  std::vector<EscalationCell> cells;
  while (query.step()) {
    auto unit = topology::Code::parse(query.text_at(0));
    if (!unit) continue;
    cells.push_back({std::move(*unit), std::string(query.text_at(1)), std::string(query.text_at(2)),
                     query.number_at(3)});
  }
  return cells;
}

std::uint64_t Issues::count() const {
  Query query(connection_of(database_), "SELECT count(*) FROM issue WHERE transitions > 0");
  return query.step() ? query.number_at(0) : 0;
}

}  // namespace yishi::store
