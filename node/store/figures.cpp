#include "node/store/figures.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "node/store/issue_rows.h"
#include "node/store/limits.h"

namespace yishi::store {
namespace {

using deliberation::Count;
using deliberation::Counted;
using deliberation::Issue;
using topology::Code;

constexpr std::string_view kIssuePrefix = "issue:";

void save_first(Database::Impl& impl) {
  if (impl.in_transaction && impl.access == Access::kWriter) save_unsaved(impl);
}

// ["320803001001","320803001002"]: for SQLite's json_each. Codes need no escaping.
std::string json_list(const std::vector<Code>& codes) {
  std::string json = "[";
  for (const auto& code : codes) {
    if (json.size() > 1) json += ',';
    json += '"' + code.text() + '"';
  }
  return json + ']';
}

std::map<std::int64_t, std::string> figure_names(Connection& connection) {
  std::map<std::int64_t, std::string> names;
  Query query(connection, "SELECT number, name FROM figure");
  while (query.step()) names.emplace(query.integer_at(0), query.text_at(1));
  return names;
}

// Rows of one unit follow each other: its code is copied once.
void give(Connection& connection, Query& query, const std::function<void(const FigureSum&)>& take) {
  const auto names = figure_names(connection);
  std::string unit;
  while (query.step()) {
    if (query.text_at(1) != unit) unit = query.text_at(1);
    const auto name = names.find(query.integer_at(2));
    if (name == names.end()) continue;
    take({&unit, static_cast<std::int32_t>(query.integer_at(0)), &name->second,
          query.integer_at(3)});
  }
}

bool same_or_finer(const std::string& name, const std::string& figure) {
  if (name == figure) return true;
  if (!name.starts_with(kIssuePrefix)) return false;
  const auto sums = spread(name);
  return std::find(sums.begin(), sums.end(), figure) != sums.end();
}

std::int64_t amount_in(const Issue& issue, const std::string& figure, const Span& span) {
  std::int64_t amount = 0;
  for (const Count& count : deliberation::tally(issue)) {
    const bool inside = span.all() || (count.month >= span.from && count.month <= span.to);
    if (inside && deliberation::figure_name(count) == figure) amount += count.amount;
  }
  return amount;
}

struct Cursor {  // where a page begins: in this home, after this row
  std::string home;
  std::int64_t number = 0;
};

Cursor parse_cursor(const std::string& text) {
  Cursor cursor;
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return cursor;
  cursor.home = text.substr(0, slash);
  std::from_chars(text.data() + slash + 1, text.data() + text.size(), cursor.number);
  return cursor;
}

// The homes whose sums say that something of the figure is there.
std::vector<std::string> homes_with(Connection& connection, const std::string& figure,
                                    const Span& asked, const std::vector<Code>& units) {
  // The finest figure is kept for single months only.
  const bool finest = asked.all() && figure.starts_with(kIssuePrefix);
  const Span span = finest ? kEachMonth : asked;
  std::string numbers = "[";
  for (const auto& [number, name] : figure_names(connection)) {
    const bool fits = span.all() ? name == figure : same_or_finer(name, figure);
    if (fits) numbers += (numbers.size() > 1 ? "," : "") + std::to_string(number);
  }
  numbers += ']';
  Query query(connection,
              "SELECT DISTINCT unit FROM figure_cell WHERE month BETWEEN ? AND ? AND unit > '' "
              "AND figure IN (SELECT value FROM json_each(?)) "
              "AND (? OR unit IN (SELECT value FROM json_each(?))) ORDER BY unit");
  query.integer(span.from).integer(span.to).text(numbers).integer(units.empty() ? 1 : 0);
  query.text(json_list(units));
  std::vector<std::string> homes;
  while (query.step()) homes.emplace_back(query.text_at(0));
  return homes;
}

}  // namespace

std::vector<std::string> spread(const std::string& figure) {
  if (!figure.starts_with(kIssuePrefix)) return {figure};
  const std::string rest = figure.substr(kIssuePrefix.size());
  const std::size_t colon = std::min(rest.find(':'), rest.size());
  return {"issues", "category:" + rest.substr(0, colon),
          "stage:" + rest.substr(std::min(colon + 1, rest.size()))};
}

bool counts_issues(std::string_view figure) {
  static constexpr std::string_view kSeveral[] = {
      "budget_fen", "climb",   "returned", "override",  "evaluated", "score",   "asked",
      "satisfied",  "in_time", "late",     "unlimited", "people",    "session", "problem"};
  const auto word = figure.substr(0, figure.find(':'));
  return std::find(std::begin(kSeveral), std::end(kSeveral), word) == std::end(kSeveral);
}

void Figures::each(const Span& span, const std::vector<Code>& units,
                   const std::function<void(const FigureSum&)>& take) const {
  save_first(database_.impl());
  constexpr std::string_view kAll =
      "SELECT month, unit, figure, amount FROM figure_cell WHERE month BETWEEN ? AND ? "
      "AND unit > ''";
  constexpr std::string_view kSome =
      "SELECT month, unit, figure, amount FROM figure_cell WHERE month BETWEEN ? AND ? "
      "AND unit IN (SELECT value FROM json_each(?))";
  Query query(connection_of(database_), units.empty() ? kAll : kSome);
  query.integer(span.from).integer(span.to);
  if (!units.empty()) query.text(json_list(units));
  give(connection_of(database_), query, take);
}

void Figures::each_whole(const Span& span,
                         const std::function<void(const FigureSum&)>& take) const {
  save_first(database_.impl());
  Query query(connection_of(database_),
              "SELECT month, unit, figure, amount FROM figure_cell WHERE month BETWEEN ? AND ? "
              "AND unit = ''");
  query.integer(span.from).integer(span.to);
  give(connection_of(database_), query, take);
}

BehindPage Figures::behind(const std::string& figure, const Span& span,
                           const std::vector<Code>& units, const std::string& cursor,
                           std::size_t limit) const {
  save_first(database_.impl());
  Connection& connection = connection_of(database_);
  const std::size_t most = std::clamp<std::size_t>(limit, 1, kMaxListed);
  const Cursor from = parse_cursor(cursor);
  BehindPage page;
  for (const auto& home : homes_with(connection, figure, span, units)) {
    if (home < from.home) continue;
    Query query(connection,
                "SELECT number, state FROM issue WHERE home = ? AND number > ? AND class > 0 "
                "ORDER BY number");
    query.text(home).integer(home == from.home ? from.number : 0);
    while (query.step()) {
      auto issue = deliberation::decode_issue(query.blob_at(1));
      if (!issue) {
        connection.note_damage("issue row " + std::to_string(query.integer_at(0)));
        continue;
      }
      const std::int64_t amount = amount_in(*issue, figure, span);
      if (amount == 0) continue;
      if (page.issues.size() == most) {  // there is one more: the next page begins after the last
        const auto& last = page.issues.back().issue;
        const auto loaded = load_issue(database_.impl(), last.id);
        page.next = last.home.text() + "/" + std::to_string(loaded ? loaded->number : 0);
        return page;
      }
      page.issues.push_back({std::move(*issue), amount});
    }
  }
  return page;
}

std::vector<SittingRow> Figures::sittings(const std::optional<std::string>& form, const Span& span,
                                          const std::vector<Code>& units, std::size_t skip,
                                          std::size_t limit) const {
  save_first(database_.impl());
  std::vector<SittingRow> rows;
  if (limit == 0) return rows;
  const std::size_t most = std::min(limit, kMaxListed);
  Query query(connection_of(database_),
              "SELECT unit, held_ms, place, form, alone, people, id FROM sitting "
              "JOIN issue ON issue.number = sitting.issue WHERE (? OR form = ?) "
              "AND (? OR unit IN (SELECT value FROM json_each(?))) "
              "ORDER BY unit, held_ms, place, form, alone, people DESC, sitting.issue");
  query.integer(form ? 0 : 1).text(form.value_or(""));
  query.integer(units.empty() ? 1 : 0).text(json_list(units));
  std::string alone;
  std::size_t seen = 0;
  while (query.step()) {
    const auto month = deliberation::month_number(query.number_at(1));
    if (!span.all() && (month < span.from || month > span.to)) continue;
    auto unit = Code::parse(query.text_at(0));
    if (!unit) continue;
    const bool same = !rows.empty() && rows.back().sitting.unit == *unit &&
                      rows.back().sitting.held_ms == query.number_at(1) &&
                      rows.back().sitting.place == query.text_at(2) &&
                      rows.back().sitting.form == query.text_at(3) && alone == query.text_at(4);
    if (!same) {
      if (seen++ >= skip + most) break;
      alone = query.text_at(4);
      rows.push_back(
          {{std::move(*unit), query.number_at(1), alone.empty(), std::string(query.text_at(2)),
            std::string(query.text_at(3)), query.number_at(5)},
           {}});
    }
    auto& issues = rows.back().issues;
    const bool listed = std::find(issues.begin(), issues.end(), query.text_at(6)) != issues.end();
    if (!listed && issues.size() < kMaxListed) issues.emplace_back(query.text_at(6));
  }
  rows.erase(rows.begin(),
             rows.begin() + std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(skip),
                                                     static_cast<std::ptrdiff_t>(rows.size())));
  return rows;
}

}  // namespace yishi::store
