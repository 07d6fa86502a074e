// Read-only connections to the store, lent to one request at a time and kept for the next.
// Any thread. At most kMaxIdleReaders wait unused; one more is opened when all are lent.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "node/deliberation/fold.h"
#include "node/store/database.h"
#include "topology/directory.h"

namespace yishi::http {

struct Reader {
  std::unique_ptr<store::Database> database;
  // The world of the directory it was last used with: parsed policies stay.
  std::shared_ptr<const topology::Directory> directory;
  std::unique_ptr<deliberation::World> world;

  const deliberation::World& world_of(std::shared_ptr<const topology::Directory> wanted);
};

class Readers {
 public:
  explicit Readers(std::string directory) : directory_(std::move(directory)) {}
  Result<std::unique_ptr<Reader>> borrow();
  void give_back(std::unique_ptr<Reader> reader);

 private:
  std::string directory_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Reader>> idle_;
};

}  // namespace yishi::http
