#include "node/http/readers.h"

#include "node/http/limits.h"

namespace yishi::http {

const deliberation::World& Reader::world_of(std::shared_ptr<const topology::Directory> wanted) {
  YISHI_ASSERT(wanted != nullptr);
  if (!world || directory != wanted) {
    world.reset();
    directory = std::move(wanted);
    world = std::make_unique<deliberation::World>(*directory);
  }
  return *world;
}

Result<std::unique_ptr<Reader>> Readers::borrow() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
  }
  auto database = store::Database::open(directory_, store::Access::kReader);
  if (!database) return database.error();
  auto reader = std::make_unique<Reader>();
  reader->database = std::move(database).value();
  return reader;
}

void Readers::give_back(std::unique_ptr<Reader> reader) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMaxIdleReaders) idle_.push_back(std::move(reader));
}

}  // namespace yishi::http
