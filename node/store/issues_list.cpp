// Lists of issues. The filter runs on an index that holds everything it looks at; the
// states of the issues are loaded for what is shown.
#include <algorithm>

#include "node/store/issue_rows.h"
#include "node/store/issue_words.h"
#include "node/store/issues.h"
#include "node/store/limits.h"

namespace yishi::store {
namespace {

// ["320803001001","320803001002"]: for SQLite's json_each. Codes need no escaping.
std::string json_of(const std::vector<topology::Code>& codes) {
  std::string json = "[";
  for (const auto& code : codes) {
    if (json.size() > 1) json += ',';
    json += '"' + code.text() + '"';
  }
  return json + ']';
}

std::vector<topology::Code> units_inside(const topology::Directory& directory,
                                         const topology::Code& outer) {
  std::vector<topology::Code> inside;
  for (auto& code : directory.all_units()) {
    if (directory.inside(code, outer)) inside.push_back(std::move(code));
  }
  return inside;
}

struct Selection {  // the text of a query and what is bound to it, in order
  std::string where = "transitions > 0";
  std::vector<std::string> texts;

  void add(std::string_view condition, std::string value) {
    where += " AND ";
    where += condition;
    texts.push_back(std::move(value));
  }
};

Selection select(const IssueFilter& filter, const topology::Directory& directory,
                 const SearchTerms& terms) {
  Selection chosen;
  if (filter.holder) chosen.add("holder = ?", filter.holder->text());
  if (!filter.stage.empty()) chosen.add("stage = ?", filter.stage);
  if (!filter.category.empty()) chosen.add("category = ?", filter.category);
  if (!filter.month.empty()) chosen.add("month = ?", filter.month);
  // Whatever this store holds lies below the root.
  if (filter.home_inside && *filter.home_inside != directory.root()) {
    chosen.add("home IN (SELECT value FROM json_each(?))",
               json_of(units_inside(directory, *filter.home_inside)));
  }
  if (!terms.match.empty()) {
    chosen.add("number IN (SELECT rowid FROM search WHERE search MATCH ?)", terms.match);
  }
  // instr on the packed state: it may say yes too often, never too seldom.
  for (const auto& scan : terms.scans) chosen.add("instr(state, CAST(? AS BLOB)) > 0", scan);
  if (filter.escalated_only) chosen.where += " AND climbs > 0";
  if (filter.open_only) chosen.where += " AND ended = 0";
  if (filter.before > 0) chosen.where += " AND changed < ?";
  return chosen;
}

bool contains_all(const deliberation::Issue& issue, const std::vector<std::string>& scans) {
  return std::all_of(scans.begin(), scans.end(), [&](const std::string& scan) {
    return issue.title.find(scan) != std::string::npos ||
           issue.text.find(scan) != std::string::npos || issue.id.find(scan) != std::string::npos;
  });
}

std::optional<IssueRow> load_row(Connection& connection, std::int64_t number) {
  Query query(connection, "SELECT changed, state FROM issue WHERE number = ?");
  if (!query.integer(number).step()) return std::nullopt;
  auto issue = deliberation::decode_issue(query.blob_at(1));
  if (!issue) {
    connection.note_damage("issue row " + std::to_string(number) + ": " + issue.error().en);
    return std::nullopt;
  }
  return IssueRow{std::move(*issue), query.number_at(0)};
}

}  // namespace

std::vector<IssueRow> Issues::list(const IssueFilter& filter,
                                   const topology::Directory& directory) const {
  Connection& connection = connection_of(database_);
  const SearchTerms terms = search_terms(filter.text);
  const Selection chosen = select(filter, directory, terms);
  const std::size_t limit = std::min(filter.limit, kMaxListed);
  // Scanned candidates are looked at again, so their number is not the answer's.
  // Not kept: there are as many texts as there are ways to filter.
  Query query(connection,
              "SELECT number FROM issue WHERE " + chosen.where + " ORDER BY changed DESC" +
                  (terms.scans.empty() ? " LIMIT ?" : ""),
              Query::kOnce);
  for (const auto& text : chosen.texts) query.text(text);
  if (filter.before > 0) query.number(filter.before);
  if (terms.scans.empty()) query.number(limit);
  std::vector<IssueRow> rows;
  while (rows.size() < limit && query.step()) {
    auto row = load_row(connection, query.integer_at(0));
    if (row && contains_all(row->issue, terms.scans)) rows.push_back(std::move(*row));
  }
  return rows;
}

}  // namespace yishi::store
