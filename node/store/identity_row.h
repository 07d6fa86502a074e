// What a store is, in its file: a row of `identity`, and the same once more in named_value,
// on another page. Private to node/store.
#pragma once

#include <optional>

#include "node/store/database.h"
#include "node/store/sqlite.h"

namespace yishi::store {

inline constexpr std::string_view kIdentityName = "identity";

bool write_identity(Connection& connection, const Identity& identity);       // a fresh file
bool write_identity_copy(Connection& connection, const Identity& identity);  // or its change
std::optional<Identity> read_identity(Connection& connection);
std::optional<Identity> read_identity_copy(Connection& connection);

}  // namespace yishi::store
