#include "node/store/issue_cells.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "node/store/issues.h"

namespace yishi::store {
namespace {

using deliberation::Issue;

struct Share {  // what one issue adds to its cell
  std::string unit, month, category, stage;
  std::int64_t budget = 0;
  std::int64_t climbed = 0;
  bool operator==(const Share&) const = default;
};

Share share_of(const Issue& issue) {
  return {issue.home.text(),
          deliberation::china_month(issue.logged_ms),
          issue.category,
          issue.stage,
          std::clamp<std::int64_t>(issue.budget_fen, 0, deliberation::kMaxBudgetFen),
          issue.escalations.empty() ? 0 : 1};
}

// Sums of foreign numbers: what is beyond all sense may come out wrong, but never stops us.
std::int64_t wrapping_sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

void add_share(Connection& connection, const Share& share, std::int64_t sign) {
  std::int64_t issues = 0;
  std::int64_t budget = 0;
  std::int64_t climbed = 0;
  {
    Query query(connection,
                "SELECT issues, budget_fen, climbed FROM cell "
                "WHERE unit = ? AND month = ? AND category = ? AND stage = ?");
    query.text(share.unit).text(share.month).text(share.category).text(share.stage);
    if (query.step()) {
      issues = query.integer_at(0);
      budget = query.integer_at(1);
      climbed = query.integer_at(2);
    }
  }
  issues += sign;
  if (issues == 0) {
    Query(connection,
          "DELETE FROM cell WHERE unit = ? AND month = ? AND category = ? AND stage = ?")
        .text(share.unit)
        .text(share.month)
        .text(share.category)
        .text(share.stage)
        .run();
    return;
  }
  Query(connection, "INSERT OR REPLACE INTO cell VALUES (?, ?, ?, ?, ?, ?, ?)")
      .text(share.unit)
      .text(share.month)
      .text(share.category)
      .text(share.stage)
      .integer(issues)
      .integer(wrapping_sum(budget, sign * share.budget))
      .integer(climbed + sign * share.climbed)
      .run();
}

using ClimbKey = std::tuple<std::string, std::string, std::string>;  // unit, month, reason

void count_climbs(std::map<ClimbKey, std::int64_t>& climbs, const Issue& issue, std::int64_t sign) {
  if (issue.n == 0) return;
  const std::string month = deliberation::china_month(issue.logged_ms);
  for (const auto& reason : issue.escalations) climbs[{issue.home.text(), month, reason}] += sign;
}

std::string words_of(const Issue& issue) {
  return bigrams(issue.id + "\n" + issue.title + "\n" + issue.text);
}

}  // namespace

void update_cells(Database::Impl& impl, const Issue& before, const Issue& after) {
  const Share old_share = before.n > 0 ? share_of(before) : Share{};
  const Share new_share = after.n > 0 ? share_of(after) : Share{};
  if (before.n > 0 && after.n > 0 && old_share == new_share) return;
  if (before.n > 0) add_share(impl.connection, old_share, -1);
  if (after.n > 0) add_share(impl.connection, new_share, +1);
}

void update_escalations(Database::Impl& impl, const Issue& before, const Issue& after) {
  std::map<ClimbKey, std::int64_t> climbs;
  count_climbs(climbs, before, -1);
  count_climbs(climbs, after, +1);
  for (const auto& [key, difference] : climbs) {
    if (difference == 0) continue;
    const auto& [unit, month, reason] = key;
    Query(impl.connection,
          "INSERT INTO escalation_cell VALUES (?, ?, ?, ?) ON CONFLICT (unit, month, reason) "
          "DO UPDATE SET climbs = climbs + excluded.climbs")
        .text(unit)
        .text(month)
        .text(reason)
        .integer(difference)
        .run();
    Query(impl.connection,
          "DELETE FROM escalation_cell WHERE unit = ? AND month = ? AND reason = ? AND climbs = 0")
        .text(unit)
        .text(month)
        .text(reason)
        .run();
  }
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
