#include "node/store/issue_cells.h"

#include <algorithm>

#include "crypto/planted.h"
#include "node/store/issues.h"

namespace yishi::store {
namespace {

using deliberation::Issue;

// Sums of foreign numbers: what is beyond all sense may come out wrong, but never stops us.
std::int64_t wrapping_sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

void add(std::map<CellKey, CellSums>& cells, CellKey key, std::int64_t sign, std::int64_t budget,
         std::int64_t climbed) {
  CellSums& sums = cells[std::move(key)];
  sums.issues += sign;
  sums.budget_fen = wrapping_sum(sums.budget_fen, sign * budget);
  sums.climbed += sign * climbed;
}

void count(Database::Impl& impl, const Issue& issue, std::int64_t sign) {
  if (issue.n == 0) return;
  const std::string month = deliberation::china_month(issue.logged_ms);
  const std::string& unit = issue.home.text();
  const auto budget = std::clamp<std::int64_t>(issue.budget_fen, 0, deliberation::kMaxBudgetFen);
  const std::int64_t climbed = issue.escalations.empty() ? 0 : 1;
  add(impl.cells, {month, unit, issue.category, issue.stage}, sign, budget, climbed);
  add(impl.cells, {"", unit, issue.category, ""}, sign, budget, climbed);
  add(impl.cells, {"", unit, "", issue.stage}, sign, budget, climbed);
  if (sign < 0 && planted(Defect::kClimbsCountedTwice)) return;
  for (const auto& reason : issue.escalations) {
    impl.climbs[{month, unit, reason}] += sign;
    impl.climbs[{"", unit, reason}] += sign;
  }
}

void save_cell(Connection& connection, const CellKey& key, const CellSums& added) {
  CellSums sums = added;
  {
    Query query(connection,
                "SELECT issues, budget_fen, climbed FROM cell "
                "WHERE month = ? AND unit = ? AND category = ? AND stage = ?");
    query.text(key.month).text(key.unit).text(key.category).text(key.stage);
    if (query.step()) {
      sums.issues += query.integer_at(0);
      sums.budget_fen = wrapping_sum(sums.budget_fen, query.integer_at(1));
      sums.climbed += query.integer_at(2);
    }
  }
  if (sums.issues == 0) {
    Query(connection,
          "DELETE FROM cell WHERE month = ? AND unit = ? AND category = ? AND stage = ?")
        .text(key.month)
        .text(key.unit)
        .text(key.category)
        .text(key.stage)
        .run();
    return;
  }
  Query(connection, "INSERT OR REPLACE INTO cell VALUES (?, ?, ?, ?, ?, ?, ?)")
      .text(key.month)
      .text(key.unit)
      .text(key.category)
      .text(key.stage)
      .integer(sums.issues)
      .integer(sums.budget_fen)
      .integer(sums.climbed)
      .run();
}

void save_climbs(Connection& connection, const ClimbKey& key, std::int64_t difference) {
  Query(connection,
        "INSERT INTO escalation_cell VALUES (?, ?, ?, ?) ON CONFLICT (month, unit, reason) "
        "DO UPDATE SET climbs = climbs + excluded.climbs")
      .text(key.month)
      .text(key.unit)
      .text(key.reason)
      .integer(difference)
      .run();
  if (difference > 0) return;
  Query(connection,
        "DELETE FROM escalation_cell WHERE month = ? AND unit = ? AND reason = ? AND climbs = 0")
      .text(key.month)
      .text(key.unit)
      .text(key.reason)
      .run();
}

std::string words_of(const Issue& issue) { return bigrams(issue.title + "\n" + issue.text); }

}  // namespace

void count_change(Database::Impl& impl, const Issue& before, const Issue& after) {
  const bool keeps = planted(Defect::kCellsNotDecremented) && before.stage != after.stage;
  if (!keeps) count(impl, before, -1);
  count(impl, after, +1);
}

void save_counts(Database::Impl& impl) {
  for (const auto& [key, sums] : impl.cells) {
    if (sums.issues == 0 && sums.budget_fen == 0 && sums.climbed == 0) continue;
    save_cell(impl.connection, key, sums);
  }
  for (const auto& [key, difference] : impl.climbs) {
    if (difference != 0) save_climbs(impl.connection, key, difference);
  }
  impl.cells.clear();
  impl.climbs.clear();
}

// The index keeps no texts: to take an issue out, it must be told the same words again.
// Whoever changes bigrams() or words_of() must build the index anew in a migration.
void update_search(Database::Impl& impl, std::int64_t number, const Issue& before,
                   const Issue& after) {
  const bool was = before.n > 0;
  const bool is = after.n > 0;
  if (was && is && before.title == after.title && before.text == after.text) return;
  if (was) {
    Query(impl.connection, "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)")
        .integer(number)
        .text(words_of(before))
        .run();
  }
  if (is) {
    Query(impl.connection, "INSERT INTO search (rowid, words) VALUES (?, ?)")
        .integer(number)
        .text(words_of(after))
        .run();
  }
}

}  // namespace yishi::store
