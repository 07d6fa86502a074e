#include "node/store/salvage_tables.h"

#include <algorithm>
#include <array>

#include "node/store/page_check.h"

namespace yishi::store {
namespace {

constexpr std::array<std::string_view, 14> kTakenIn = {
    "identity", "log",  "entry_row", "topology_row", "damage",      "fork",      "private_record",
    "link",     "want", "contact",   "refusal",      "named_value", "numbering", "answered"};

std::string insert_into(const std::string& table, int columns) {
  std::string sql = "INSERT OR REPLACE INTO \"" + table + "\" VALUES (?";
  for (int column = 1; column < columns; ++column) sql += ", ?";
  return sql + ")";
}

bool insert(Connection& fresh, const std::string& sql, const Query& row) {
  Query to(fresh, sql);
  for (int column = 0; column < row.columns(); ++column) {
    switch (row.type_at(column)) {
      case SQLITE_INTEGER:
        to.integer(row.integer_at(column));
        break;
      case SQLITE_TEXT:
        to.text(row.text_at(column));
        break;
      case SQLITE_BLOB:
        to.blob(row.blob_at(column));
        break;
      default:
        return false;  // nothing of ours is NULL or a fraction
    }
  }
  return to.run();
}

}  // namespace

bool copy_whole(Connection& old, Connection& fresh, const std::string& table) {
  trust_pages(old.handle(), false);
  const std::string erase = "DELETE FROM \"" + table + "\"";  // a fresh index is not quite empty
  fresh.execute(erase.c_str());
  {
    Query query(old, "SELECT * FROM \"" + table + "\" NOT INDEXED", Query::kOnce);
    const std::string sql = insert_into(table, std::max(1, query.columns()));
    while (query.step() && insert(fresh, sql, query)) {
    }
  }
  if (!old.fault()) return true;
  old.clear_fault();
  fresh.execute(erase.c_str());
  return false;
}

void copy_readable(Connection& old, Connection& fresh, const std::string& table,
                   const std::function<bool(const Query&)>& keep) {
  trust_pages(old.handle(), true);
  {
    Query query(old, "SELECT * FROM \"" + table + "\" NOT INDEXED", Query::kOnce);
    const std::string sql = insert_into(table, std::max(1, query.columns()));
    // A damaged tree may lead in a circle: there are not more rows than the file has words.
    std::uint64_t most = std::uint64_t{page_count(old.handle())} * kPageBytes / 4;
    while (most-- > 0 && query.step()) {
      if (keep(query)) insert(fresh, sql, query);
    }
  }
  old.clear_fault();
  trust_pages(old.handle(), false);
}

std::vector<std::string> projection_tables(Connection& fresh) {
  Query query(fresh,
              "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 "
              "AND name NOT LIKE 'sqlite%' ORDER BY name");
  std::vector<std::string> tables;
  while (query.step()) {
    if (std::find(kTakenIn.begin(), kTakenIn.end(), query.text_at(0)) == kTakenIn.end()) {
      tables.emplace_back(query.text_at(0));
    }
  }
  return tables;
}

}  // namespace yishi::store
