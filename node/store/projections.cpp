#include "node/store/projections.h"

#include <array>

#include "node/store/issue_rows.h"
#include "node/store/salvage_tables.h"
#include "node/store/schema.h"

namespace yishi::store {

namespace {

void set_search(Connection& connection, std::string_view name, std::int64_t value) {
  Query(connection, "INSERT INTO search (search, rank) VALUES (?, ?)")
      .text(name)
      .integer(value)
      .run();
}

void drop_indexes(Connection& connection) {
  std::vector<std::string> names;
  {
    Query query(connection,
                "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'issue' "
                "AND sql IS NOT NULL",
                Query::kOnce);
    while (query.step()) names.emplace_back(query.text_at(0));
  }
  for (const auto& name : names) {
    Query(connection, "DROP INDEX \"" + name + "\"", Query::kOnce).run();
  }
}

void set_page_cache(Connection& connection, int kib) {
  Query(connection, "PRAGMA cache_size = -" + std::to_string(kib), Query::kOnce).run();
}

}  // namespace

Status begin_projections(Database& database) {
  Database::Impl& impl = database.impl();
  YISHI_ASSERT(impl.in_transaction);
  Connection& connection = impl.connection;
  auto tables = projection_tables(connection);
  std::erase_if(tables, [](const std::string& table) {
    return table == "issue" || table.starts_with("search_");  // the index empties itself
  });
  tables.emplace_back("issue");  // after those that refer to it
  for (const auto& table : tables) {
    Query(connection, "DELETE FROM \"" + table + "\"", Query::kOnce).run();
  }
  Query(connection, "INSERT INTO search (search) VALUES ('delete-all')").run();
  drop_indexes(connection);
  set_search(connection, "automerge", 0);
  set_search(connection, "hashsize", kBulkSearchBytes);
  set_page_cache(connection, kBulkCacheKiB);
  impl.forget();
  impl.max_issues = kBulkCachedIssues;
  return impl.outcome();
}

Status end_projections(Database& database) {
  Database::Impl& impl = database.impl();
  YISHI_ASSERT(impl.in_transaction);
  save_unsaved(impl);
  Connection& connection = impl.connection;
  drop_indexes(connection);
  (void)connection.execute(kIssueIndexes);
  set_search(connection, "automerge", kSearchAutomerge);
  set_search(connection, "hashsize", kSearchHashBytes);
  set_page_cache(connection, kWriterCacheKiB);
  impl.max_issues = kMaxCachedIssues;
  return impl.outcome();
}

}  // namespace yishi::store
