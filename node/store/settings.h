// The settings of a connection: set, then read back. Private to node/store. The reasons
// stand in the README.
#pragma once

#include <optional>
#include <string>

#include "node/store/database.h"
#include "node/store/sqlite.h"

namespace yishi::store {

// Rule "store.settings", field the setting, when SQLite does not say back what was set. With a
// fault of the connection's the Error is only a name for it.
Status apply_settings(Connection& connection, Access access);

// What a PRAGMA answers; nothing when it fails (see the connection's fault).
std::optional<std::string> pragma(Connection& connection, std::string_view name);

}  // namespace yishi::store
