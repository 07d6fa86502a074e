// The aggregates and the search index, kept by what changed of one issue. Private to
// node/store.
#pragma once

#include "node/store/database_impl.h"

namespace yishi::store {

// Takes away what `before` counted and adds what `after` does, in memory. An issue that is
// not logged (n is 0) counts for nothing and is not found.
void count_change(Database::Impl& impl, const deliberation::Issue& before,
                  const deliberation::Issue& after);
void save_counts(Database::Impl& impl);  // to the tables
void update_search(Database::Impl& impl, std::int64_t number, const deliberation::Issue& before,
                   const deliberation::Issue& after);

}  // namespace yishi::store
