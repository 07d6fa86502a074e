// The connection behind Accounts. Private to node/store.
#pragma once

#include "node/store/accounts.h"
#include "node/store/side_file.h"

namespace yishi::store {

struct Accounts::Impl {
  explicit Impl(std::unique_ptr<SideFile> opened)
      : file(std::move(opened)), connection(file->connection()) {}
  std::unique_ptr<SideFile> file;
  Connection& connection;
};

}  // namespace yishi::store
