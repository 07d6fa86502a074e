// The aggregates and the search index, kept by what changed of one issue. Private to
// node/store.
#pragma once

#include "node/store/database_impl.h"

namespace yishi::store {

// Takes away what `before` counted and adds what `after` does, in memory. An issue that is
// not logged (n is 0) counts for nothing and is not found. `number`: of its row.
void count_change(Database::Impl& impl, std::int64_t number, const deliberation::Issue& before,
                  const deliberation::Issue& after);
// The number that stands for a figure's name in the rows; made when it is new.
std::int64_t figure_number(Database::Impl& impl, const std::string& name);
void save_counts(Database::Impl& impl);  // to the tables
// Which line of a file it came from, so that the line is found again.
void note_import(Database::Impl& impl, const deliberation::Issue& before,
                 const deliberation::Issue& after);
void update_search(Database::Impl& impl, std::int64_t number, const deliberation::Issue& before,
                   const deliberation::Issue& after);

}  // namespace yishi::store
