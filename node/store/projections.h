// Deriving all projections again, in bulk: what a single change needs at once (indexes of the
// lists, a search index merged as it grows) waits until the end.
#pragma once

#include "node/store/database.h"

namespace yishi::store {

// Inside a writer's transaction: empties the projections. Until end_projections() the database
// takes in facts, in any number of transactions, but answers no lists.
Status begin_projections(Database& database);
// Inside a writer's transaction: what was put off. Also when begin_projections() was another
// process's, that was cut short: then after beginning anew.
Status end_projections(Database& database);

}  // namespace yishi::store
