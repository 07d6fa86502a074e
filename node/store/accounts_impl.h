// The connection behind Accounts. Private to node/store.
#pragma once

#include "node/store/accounts.h"
#include "node/store/sqlite.h"

namespace yishi::store {

struct Accounts::Impl {
  Connection connection;
};

}  // namespace yishi::store
