// What lies on this node's desk: of the issues of this store, those that are to be done here, are
// supervised, or late. Kept for as long as the store says the same and the minute is the same, so
// that pages may ask often. A view that took long to make (kDeskDear) is kept for twenty times
// that long whatever comes in, so that a crowded node is not busy with nothing else.
//
// Looked through are what kept units hold and the kDeskScan issues that changed last; when there
// are more, `complete` is false and the counts are of those. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "node/deliberation/standing.h"
#include "node/store/issues.h"

namespace yishi::http {

enum class Box { kToDo, kDone, kSupervised, kLate };
inline constexpr std::string_view kBoxNames[] = {"todo", "done", "supervised", "late"};

struct DeskRow {
  std::string id;
  std::uint64_t order = 0;  // newest change has the greatest
  deliberation::Standing standing;
  bool in(Box box) const;
};
struct DeskView {
  std::vector<DeskRow> rows;  // newest change first; those that are in no box are left out
  bool complete = true;
  std::uint64_t count(Box box) const;
};

class Desk {
 public:
  // `position`: the store's last row, by which it is known whether something changed.
  std::shared_ptr<const DeskView> view(const store::Issues& issues,
                                       const deliberation::World& world, const topology::Code& here,
                                       std::uint64_t position, std::uint64_t now_ms);

 private:
  struct Key {
    std::uint64_t position = 0, topology = 0, minute = 0;
    bool operator==(const Key&) const = default;
  };
  std::mutex mutex_;
  bool fresh(const Key& key) const;  // under the lock
  Key key_;
  std::chrono::steady_clock::time_point made_;
  std::chrono::steady_clock::duration cost_{};
  std::shared_ptr<const DeskView> view_;
};

}  // namespace yishi::http
