#include "node/store/issue_cells.h"

#include <algorithm>

#include "crypto/planted.h"
#include "node/deliberation/tally.h"
#include "node/store/issues.h"

namespace yishi::store {
namespace {

using deliberation::Count;
using deliberation::Counted;
using deliberation::Issue;

// Sums of foreign numbers: what is beyond all sense may come out wrong, but never stops us.
std::int64_t wrapping_sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

// Of a home's single month only "issue:CATEGORY:STAGE" is kept: its sums are few to add. Of
// everything above, only those sums.
void add(Database::Impl& impl, const std::string& home, const Count& count, std::int64_t sign) {
  const bool finest = count.what == Counted::kIssue;
  const bool sum = count.what == Counted::kIssues || count.what == Counted::kCategory ||
                   count.what == Counted::kStage;
  const std::int64_t figure = figure_number(impl, deliberation::figure_name(count));
  const auto to = [&](std::int32_t month, const std::string& unit) {
    auto& amount = impl.figures[{month, unit, figure}];
    amount = wrapping_sum(amount, sign * count.amount);
  };
  if (!sum) to(count.month, home);
  if (finest) return;
  to(0, home);
  to(count.month, {});
  to(0, {});
}

void add_sitting(Database::Impl& impl, const Issue& issue, std::int64_t number, std::size_t index,
                 std::int64_t times) {
  const auto one = deliberation::held_session(issue.table.sessions[index]);
  const std::string alone = one.stated ? "" : issue.id + "/" + std::to_string(index);
  impl.sittings[{{one.unit.text(), one.held_ms, one.place, one.form, alone}, one.people, number}] +=
      times;
}

struct Seated {  // what is kept of one session
  bool any = false;
  std::int64_t people = 0;
};

Seated seated(Connection& connection, const SittingKey& key) {
  Query query(
      connection,
      "SELECT people FROM sitting WHERE unit = ? AND held_ms = ? AND place = ? AND form = ? "
      "AND alone = ? ORDER BY people DESC LIMIT 1");
  query.text(key.unit).number(key.held_ms).text(key.place).text(key.form).text(key.alone);
  if (!query.step()) return {};
  return {true, query.integer_at(0)};
}

void save_sitting(Connection& connection, const SittingMention& mention, std::int64_t times) {
  const SittingKey& key = mention.sitting;
  const auto bind = [&](Query& query) {
    query.text(key.unit).number(key.held_ms).text(key.place).text(key.form).text(key.alone);
    query.number(mention.people).integer(mention.issue);
  };
  Query query(connection,
              "INSERT INTO sitting VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT "
              "DO UPDATE SET times = times + excluded.times");
  bind(query);
  query.integer(times).run();
  if (times > 0) return;
  Query gone(connection,
             "DELETE FROM sitting WHERE unit = ? AND held_ms = ? AND place = ? AND form = ? AND "
             "alone = ? AND people = ? AND issue = ? AND times = 0");
  bind(gone);
  gone.run();
}

// The mentions of one session at a time: what it was, what it is now, and the difference.
void save_sittings(Database::Impl& impl) {
  for (auto at = impl.sittings.begin(); at != impl.sittings.end();) {
    const SittingKey& key = at->first.sitting;
    const Seated before = seated(impl.connection, key);
    auto end = at;
    for (; end != impl.sittings.end() && end->first.sitting == key; ++end) {
      if (end->second != 0) save_sitting(impl.connection, end->first, end->second);
    }
    const Seated after = seated(impl.connection, key);
    const auto month = deliberation::month_number(key.held_ms);
    const std::int64_t held = (after.any ? 1 : 0) - (before.any ? 1 : 0);
    if (held != 0) add(impl, key.unit, {Counted::kSessions, month, key.form, {}, held}, 1);
    if (after.people != before.people) {
      add(impl, key.unit, {Counted::kPeople, month, {}, {}, after.people - before.people}, 1);
    }
    at = end;
  }
  impl.sittings.clear();
}

void save_figure(Connection& connection, const FigureKey& key, std::int64_t difference) {
  std::int64_t amount = difference;
  {
    Query query(connection,
                "SELECT amount FROM figure_cell WHERE month = ? AND unit = ? AND figure = ?");
    query.integer(key.month).text(key.unit).integer(key.figure);
    if (query.step()) amount = wrapping_sum(query.integer_at(0), difference);
  }
  if (amount == 0) {
    Query(connection, "DELETE FROM figure_cell WHERE month = ? AND unit = ? AND figure = ?")
        .integer(key.month)
        .text(key.unit)
        .integer(key.figure)
        .run();
    return;
  }
  Query(connection, "INSERT OR REPLACE INTO figure_cell VALUES (?, ?, ?, ?)")
      .integer(key.month)
      .text(key.unit)
      .integer(key.figure)
      .integer(amount)
      .run();
}

// Without what both have: most acts change few of the counts.
void cancel(std::vector<Count>& taken, std::vector<Count>& given) {
  for (auto one = taken.begin(); one != taken.end();) {
    const auto same = std::find(given.begin(), given.end(), *one);
    if (same == given.end()) {
      ++one;
      continue;
    }
    given.erase(same);
    one = taken.erase(one);
  }
}

std::string words_of(const Issue& issue) { return bigrams(issue.title + "\n" + issue.text); }

}  // namespace

void count_change(Database::Impl& impl, std::int64_t number, const Issue& before,
                  const Issue& after) {
  const bool keeps = planted(Defect::kCellsNotDecremented) && before.stage != after.stage;
  std::vector<Count> taken = keeps ? std::vector<Count>() : deliberation::tally(before);
  std::vector<Count> given = deliberation::tally(after);
  if (planted(Defect::kClimbsCountedTwice)) {
    std::erase_if(taken, [](const Count& one) { return one.what == Counted::kClimb; });
  }
  if (before.home == after.home) cancel(taken, given);
  for (const Count& one : taken) add(impl, before.home.text(), one, -1);
  for (const Count& one : given) add(impl, after.home.text(), one, +1);

  if (before.n > 0 && after.n > 0 && before.table.sessions == after.table.sessions) return;
  const std::size_t was = before.n > 0 ? before.table.sessions.size() : 0;
  const std::size_t is = after.n > 0 ? after.table.sessions.size() : 0;
  for (std::size_t i = 0; i < was; ++i) add_sitting(impl, before, number, i, -1);
  for (std::size_t i = 0; i < is; ++i) add_sitting(impl, after, number, i, +1);
}

void save_counts(Database::Impl& impl) {
  save_sittings(impl);
  // In the order of the table, whose pages are then each touched once.
  std::vector<std::pair<FigureKey, std::int64_t>> changed;
  for (const auto& one : impl.figures) {
    if (one.second != 0) changed.push_back(one);
  }
  std::sort(changed.begin(), changed.end());
  for (const auto& [key, difference] : changed) save_figure(impl.connection, key, difference);
  impl.figures.clear();
}

std::int64_t figure_number(Database::Impl& impl, const std::string& name) {
  const auto known = impl.figure_numbers.find(name);
  if (known != impl.figure_numbers.end()) return known->second;
  {
    Query query(impl.connection, "SELECT number FROM figure WHERE name = ?");
    if (query.text(name).step()) return impl.figure_numbers[name] = query.integer_at(0);
  }
  Query(impl.connection, "INSERT INTO figure (name) VALUES (?)").text(name).run();
  return impl.figure_numbers[name] = sqlite3_last_insert_rowid(impl.connection.handle());
}

void note_import(Database::Impl& impl, const Issue& before, const Issue& after) {
  const bool was = before.n > 0 && !before.import_key.empty();
  const bool is = after.n > 0 && !after.import_key.empty();
  if (was && is && before.import_key == after.import_key && before.home == after.home) return;
  const auto run = [&](std::string_view sql, const Issue& issue) {
    Query(impl.connection, sql).text(issue.home.text()).text(issue.import_key).text(issue.id).run();
  };
  if (was) run("DELETE FROM imported WHERE home = ? AND key = ? AND issue = ?", before);
  if (is) run("INSERT OR REPLACE INTO imported VALUES (?, ?, ?)", after);
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
