// What the core thread shows to the HTTP threads: one immutable snapshot, replaced whole.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sync/receipted.h"
#include "topology/directory.h"

namespace yishi::turn {

struct NeighbourView {
  topology::Code unit;
  std::string state;           // "open", "greeting", "down", "refused", "unreachable", "joining"
  std::uint64_t heard_ms = 0;  // wall clock of the last word from it; 0: never
  std::uint64_t confirmed_ms = 0;    // of its last receipt for our stream
  std::int64_t clock_offset_ms = 0;  // its clock minus ours, at its last greeting
  std::string software;
  std::string endpoint;  // of the parent
};

struct Snapshot {
  std::shared_ptr<const topology::Directory> directory;  // never null
  topology::Code unit;                                   // this node's
  std::string software;
  std::string endpoint;   // where children connect, with the real port
  bool admitted = false;  // this node's key is in the directory
  std::string joining;    // what a joining node waits for; empty otherwise
  bool disk_full = false;
  std::uint64_t started_ms = 0;
  std::uint64_t scrubbed_ms = 0;        // end of the last pass over the whole store; 0: none yet
  std::optional<NeighbourView> parent;  // none at the root
  std::vector<NeighbourView> children;
  sync::Receipted receipted;             // how far the parent holds our stream
  std::uint64_t signatures_checked = 0;  // since the start: of envelopes and of entries
};

class Board {
 public:
  std::shared_ptr<const Snapshot> read() const {
    std::lock_guard lock(mutex_);
    return snapshot_;
  }
  void publish(std::shared_ptr<const Snapshot> snapshot) {
    std::lock_guard lock(mutex_);
    snapshot_ = std::move(snapshot);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_ = std::make_shared<Snapshot>();
};

}  // namespace yishi::turn
