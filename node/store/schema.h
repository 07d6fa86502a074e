// The tables, as steps from one schema version to the next. Private to node/store.
//
// Version 0 is a file with an identity and nothing else: what create() makes before it
// takes the steps. A step is never changed once it has been released; a new one is added.
// What each table is for stands in the README.
#pragma once

#include <cstdint>
#include <span>

#include "node/store/sqlite.h"

namespace yishi::store {

inline constexpr std::int64_t kApplicationId = 0x79697368;  // "yish"
inline constexpr std::int64_t kSchemaVersion = 7;

extern const char* const kIdentitySchema;  // of version 0
// The indexes of the issues, made with the tables; a rebuild makes them last, sorted at once.
extern const char* const kIssueIndexes;

// steps[v] leads from version v to v + 1; there are kSchemaVersion of them.
std::span<const char* const> schema_steps();

// Takes the steps that are missing; inside a transaction of the caller's.
bool migrate(Connection& connection, std::int64_t from);

}  // namespace yishi::store
