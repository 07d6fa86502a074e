// A small SQLite file of the node's own, beside the store: nothing of it is replicated, and
// nothing of it can be derived. Mode 0600, a checksum on every page, write-ahead log.
// Private to node/store; its owner keeps a mutex, for one connection is used by one at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "node/store/sqlite.h"

namespace yishi::store {

class SideFile {
 public:
  struct Kind {
    const char* file;    // in the data directory
    int version;         // of the schema
    const char* schema;  // makes it and sets user_version
    const char* zh;      // what is in it: "账户数据", "the accounts"
    const char* en;
  };
  // Rules "store.io", "store.full", "store.version" (a newer program made it).
  static Result<std::unique_ptr<SideFile>> open(const std::string& directory, const Kind& kind);

  Connection& connection() { return connection_; }
  // In one transaction. durable: on the disk when it returns; else with the next that is.
  Status write(const std::function<void()>& work, bool durable = true);

 private:
  explicit SideFile(const Kind& kind) : kind_(kind) {}
  Error error_of(const Fault& fault) const;

  Kind kind_;
  Connection connection_;
};

}  // namespace yishi::store
