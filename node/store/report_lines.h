// What reports share: the line that a unit's figures belong to, and one state of the store for all
// that a report reads. Private to node/store.
#pragma once

#include <unordered_map>

#include "node/store/database_impl.h"
#include "topology/directory.h"

namespace yishi::store {

// Which line of a report on `unit` a matter's home belongs to: the child of the unit above
// it, or the unit itself. Empty: not inside. Each home is walked up once.
class ReportLines {
 public:
  ReportLines(const topology::Directory& directory, const topology::Code& unit)
      : directory_(directory), unit_(unit) {}

  const topology::Code& of(const topology::Code& home) {
    const auto known = lines_.find(home);
    if (known != lines_.end()) return known->second;
    return lines_.emplace(home, walk(home)).first->second;
  }

 private:
  topology::Code walk(const topology::Code& home) const {
    topology::Code line = home;
    for (topology::Code at = home; !at.empty(); at = directory_.parent_of(at)) {
      if (at == unit_) return line;
      line = at;
    }
    return {};
  }

  const topology::Directory& directory_;
  const topology::Code& unit_;
  std::unordered_map<topology::Code, topology::Code> lines_;
};

// One state of the store for all that a report reads. Between a writer's own questions
// nothing changes.
class ReportSnapshot {
 public:
  explicit ReportSnapshot(Database& database) : database_(database) {
    const bool reader = database.impl().access == Access::kReader;
    if (reader && !database.in_transaction()) open_ = database.begin().ok();
  }
  ~ReportSnapshot() {
    if (open_) database_.rollback();
  }
  ReportSnapshot(const ReportSnapshot&) = delete;
  ReportSnapshot& operator=(const ReportSnapshot&) = delete;

 private:
  Database& database_;
  bool open_ = false;
};

}  // namespace yishi::store
