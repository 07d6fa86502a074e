// Copying from a damaged store into a fresh one, table by table. Private to node/store.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "node/store/sqlite.h"

namespace yishi::store {

// All rows of a table whose every page is sound. False: some page is not, and the fresh table
// is empty. (Indexes are not looked at: the fresh table makes its own.)
bool copy_whole(Connection& old, Connection& fresh, const std::string& table);
// As many rows as can be read, whatever their pages' checksums say; `keep` decides on each.
void copy_readable(Connection& old, Connection& fresh, const std::string& table,
                   const std::function<bool(const Query&)>& keep);

// What can be derived from the rows: every table that is none of what was taken in.
std::vector<std::string> projection_tables(Connection& fresh);

}  // namespace yishi::store
