// Lists of issues: newest change first, or what words find, newest logged first.
//
// A list is merged from the indexes of what was asked for, each read from its newest end no
// further than what is shown needs: of one holder, of each home in a subtree, or of each class
// (month, category, stage, ended, climbed) that fits. So what a page costs grows with the
// units and classes there are, not with the issues. The states of the issues are loaded for
// what is shown.
#include <algorithm>
#include <limits>
#include <set>
#include <unordered_set>

#include "node/store/issue_rows.h"
#include "node/store/issue_words.h"
#include "node/store/issues.h"
#include "node/store/limits.h"

namespace yishi::store {
namespace {

struct Found {
  std::uint64_t order = 0;  // of its last change
  std::int64_t number = 0;
};

// The newest `limit` of all that it is given.
class Newest {
 public:
  explicit Newest(std::size_t limit) : limit_(limit) {}

  // What is older than this is of no use any more.
  std::uint64_t floor() const { return full() ? found_.front().order : 0; }
  bool full() const { return found_.size() >= limit_; }
  void add(const Found& one) {
    if (limit_ == 0 || (full() && one.order <= floor())) return;
    if (full()) {
      std::pop_heap(found_.begin(), found_.end(), newer);
      found_.pop_back();
    }
    found_.push_back(one);
    std::push_heap(found_.begin(), found_.end(), newer);
  }
  std::vector<Found> take() {
    std::sort(found_.begin(), found_.end(), newer);
    return std::move(found_);
  }

 private:
  static bool newer(const Found& a, const Found& b) { return a.order > b.order; }
  std::size_t limit_;
  std::vector<Found> found_;  // a heap, the oldest in front
};

// What a filter asks for, in the words of the tables.
class Wanted {
 public:
  Wanted(Connection& connection, const IssueFilter& filter, const topology::Directory& directory)
      : connection_(connection),
        holder_(filter.holder ? filter.holder->text() : ""),
        open_only_(filter.open_only) {
    // Whatever this store holds lies below the root.
    any_home_ = !filter.home_inside || *filter.home_inside == directory.root();
    if (!any_home_) {
      for (const auto& code : directory.all_units()) {
        if (directory.inside(code, *filter.home_inside)) homes_.insert(code.text());
      }
    }
    any_class_ = filter.stage.empty() && filter.category.empty() && filter.month.empty() &&
                 !filter.open_only && !filter.escalated_only;
    if (!any_class_) find_classes(filter);
  }

  bool anything() const { return holder_.empty() && any_home_ && any_class_; }
  bool has_class(std::int64_t number) const {
    return number != 0 && (any_class_ || classes_.contains(number));
  }
  bool has(std::string_view home, std::string_view holder, std::int64_t its_class) const {
    return has_class(its_class) && (holder_.empty() || holder == holder_) &&
           (any_home_ || homes_.contains(home));
  }

  // Gives what is wanted and was last changed before `before` to `newest`.
  void read(Newest& newest, std::uint64_t before) const {
    if (!holder_.empty()) return read_holder(newest, before);
    if (!any_home_) return read_homes(newest, before);
    if (!any_class_) return read_classes(newest, before);
    Query query(connection_,
                "SELECT changed, number, class FROM issue INDEXED BY issue_changed "
                "WHERE changed < ? ORDER BY changed DESC");
    query.number(before);
    drain(query, newest, [&] { return has_class(query.integer_at(2)); });
  }

 private:
  void find_classes(const IssueFilter& filter) {
    Query query(connection_,
                "SELECT number FROM class WHERE (?1 = '' OR stage = ?1) "
                "AND (?2 = '' OR category = ?2) AND (?3 = '' OR month = ?3) "
                "AND ended <= ?4 AND climbed >= ?5");
    query.text(filter.stage).text(filter.category).text(filter.month);
    query.integer(filter.open_only ? 0 : 1).integer(filter.escalated_only ? 1 : 0);
    while (query.step()) classes_.insert(query.integer_at(0));
  }

  template <class Fits>
  static void drain(Query& query, Newest& newest, const Fits& fits) {
    while (query.step()) {
      const Found one{query.number_at(0), query.integer_at(1)};
      if (newest.full() && one.order <= newest.floor()) return;
      if (fits()) newest.add(one);
    }
  }

  void read_holder(Newest& newest, std::uint64_t before) const {
    for (const int ended : {0, 1}) {
      if (ended == 1 && open_only_) break;
      Query query(connection_,
                  "SELECT changed, number, class, home FROM issue INDEXED BY issue_holder "
                  "WHERE holder = ? AND ended = ? AND changed < ? ORDER BY changed DESC");
      query.text(holder_).integer(ended).number(before);
      drain(query, newest, [&] { return has(query.text_at(3), holder_, query.integer_at(2)); });
    }
  }

  void read_homes(Newest& newest, std::uint64_t before) const {
    for (const auto& home : homes_) {
      Query query(connection_,
                  "SELECT changed, number, class FROM issue INDEXED BY issue_home "
                  "WHERE home = ? AND changed < ? ORDER BY changed DESC");
      query.text(home).number(before);
      drain(query, newest, [&] { return has_class(query.integer_at(2)); });
    }
  }

  void read_classes(Newest& newest, std::uint64_t before) const {
    for (const std::int64_t number : classes_) {
      Query query(connection_,
                  "SELECT changed, number FROM issue INDEXED BY issue_class "
                  "WHERE class = ? AND changed < ? ORDER BY changed DESC");
      query.integer(number).number(before);
      drain(query, newest, [] { return true; });
    }
  }

  Connection& connection_;
  std::string holder_;
  bool open_only_, any_home_ = true, any_class_ = true;
  std::set<std::string, std::less<>> homes_;
  std::unordered_set<std::int64_t> classes_;
};

struct Row {
  IssueRow shown;
  std::int64_t its_class = 0;
};

std::optional<Row> load_row(Connection& connection, std::int64_t number) {
  Query query(connection, "SELECT changed, class, state FROM issue WHERE number = ?");
  if (!query.integer(number).step()) return std::nullopt;
  auto issue = deliberation::decode_issue(query.blob_at(2));
  if (!issue) {
    connection.note_damage("issue row " + std::to_string(number) + ": " + issue.error().en);
    return std::nullopt;
  }
  return Row{{std::move(*issue), query.number_at(0)}, query.integer_at(1)};
}

// What words find, filtered. The index gives numbers, newest first; each is looked at, or,
// when many in a row were refused, held against a list of all that the filter wants.
class Search {
 public:
  Search(Connection& connection, const Wanted& wanted, const SearchTerms& terms)
      : connection_(connection), wanted_(wanted), terms_(terms) {}

  std::vector<IssueRow> run(std::uint64_t before, std::size_t limit) {
    std::vector<IssueRow> rows;
    Query query(connection_,
                "SELECT rowid FROM search WHERE search MATCH ? AND rowid < ? ORDER BY rowid DESC");
    query.text(terms_.match).number(before);
    while (rows.size() < limit && query.step()) {
      const std::int64_t number = query.integer_at(0);
      if (marked_ && !std::binary_search(marked_->begin(), marked_->end(), number)) continue;
      auto row = load_row(connection_, number);
      if (!row) continue;
      const auto& issue = row->shown.issue;
      if (!wanted_.has(issue.home.text(), issue.holder.text(), row->its_class)) {
        if (!marked_ && ++refused_ == kMaxSearchProbes) mark();
        continue;
      }
      if (!holds_phrases(issue)) continue;
      row->shown.order = static_cast<std::uint64_t>(number);
      rows.push_back(std::move(row->shown));
    }
    return rows;
  }

 private:
  void mark() {
    Newest all(std::numeric_limits<std::size_t>::max());
    wanted_.read(all, kNewestOrder);
    marked_.emplace();
    for (const Found& one : all.take()) marked_->push_back(one.number);
    std::sort(marked_->begin(), marked_->end());
  }

  // The index says that all pairs of characters are there, not that they stand together.
  bool holds_phrases(const deliberation::Issue& issue) const {
    if (terms_.phrases.empty()) return true;
    const std::string words = ' ' + bigrams(issue.title + '\n' + issue.text) + ' ';
    return std::all_of(terms_.phrases.begin(), terms_.phrases.end(),
                       [&](const auto& phrase) { return words.find(phrase) != std::string::npos; });
  }

 public:
  static constexpr auto kNewestOrder =
      static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

 private:
  Connection& connection_;
  const Wanted& wanted_;
  const SearchTerms& terms_;
  std::size_t refused_ = 0;
  std::optional<std::vector<std::int64_t>> marked_;
};

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::vector<IssueRow> list_by_id(Database::Impl& impl, const Wanted& wanted, std::string_view id,
                                 std::uint64_t before) {
  Query query(impl.connection, "SELECT number FROM issue WHERE id = ?");
  if (!query.text(id).step() || query.number_at(0) >= before) return {};
  auto row = load_row(impl.connection, query.integer_at(0));
  if (!row) return {};
  const auto& issue = row->shown.issue;
  if (!wanted.has(issue.home.text(), issue.holder.text(), row->its_class)) return {};
  row->shown.order = query.number_at(0);
  return {std::move(row->shown)};
}

}  // namespace

std::vector<IssueRow> Issues::list(const IssueFilter& filter,
                                   const topology::Directory& directory) const {
  Database::Impl& impl = database_.impl();
  if (impl.in_transaction && impl.access == Access::kWriter) save_unsaved(impl);
  const std::size_t limit = std::min(filter.limit, kMaxListed);
  if (limit == 0) return {};
  const std::uint64_t before = filter.before > 0 ? filter.before : Search::kNewestOrder;
  const Wanted wanted(impl.connection, filter, directory);
  const std::string_view text = trimmed(filter.text);
  if (!text.empty()) {
    if (deliberation::parse_issue_id(text)) return list_by_id(impl, wanted, text, before);
    const SearchTerms terms = search_terms(text);
    if (terms.match.empty()) return {};
    return Search(impl.connection, wanted, terms).run(before, limit);
  }
  Newest newest(limit);
  wanted.read(newest, before);
  std::vector<IssueRow> rows;
  for (const Found& one : newest.take()) {
    if (auto row = load_row(impl.connection, one.number)) rows.push_back(std::move(row->shown));
  }
  return rows;
}

std::vector<IssueRow> Issues::changed_after(std::uint64_t order, std::size_t limit) const {
  Connection& connection = database_.impl().connection;
  std::vector<std::int64_t> numbers;
  {
    Query query(connection,
                "SELECT number FROM issue INDEXED BY issue_changed "
                "WHERE changed > ? AND transitions > 0 ORDER BY changed LIMIT ?");
    query.number(order).number(limit);
    while (query.step()) numbers.push_back(query.integer_at(0));
  }
  std::vector<IssueRow> rows;
  for (const auto number : numbers) {
    if (auto row = load_row(connection, number)) rows.push_back(std::move(row->shown));
  }
  return rows;
}

std::uint64_t Issues::last_change() const {
  Query query(database_.impl().connection, "SELECT max(changed) FROM issue");
  return query.step() ? query.number_at(0) : 0;
}

}  // namespace yishi::store
