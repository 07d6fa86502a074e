// The data directory: mode 0700, the lock that makes one process its owner, and the
// reserve that keeps a full disk usable. Private to node/store.
//
//   store.db      the store; store.db-wal and store.db-shm beside it while it is open
//   store.db.new  a store that is being created; renamed when it is whole
//   lock          held with flock by the writer for as long as it lives; names nobody
//   reserve       kReserveBytes of nothing; gone while the disk is full
#pragma once

#include <memory>
#include <string>

#include "crypto/result.h"
#include "node/store/disk.h"

namespace yishi::store {

class DataDirectory {
 public:
  DataDirectory(std::string path, Disk& disk) : path_(std::move(path)), disk_(disk) {}
  DataDirectory(const DataDirectory&) = delete;
  DataDirectory& operator=(const DataDirectory&) = delete;

  const std::string& path() const { return path_; }
  Disk& disk() const { return disk_; }
  std::string database() const { return path_ + "/store.db"; }
  std::string unfinished() const { return path_ + "/store.db.new"; }

  Status make();  // creates it, with those above it; rule "store.directory"
  // Rules "store.locked", "store.directory"; sets mode 0700. Held until the end of this.
  Status lock();
  Status sync() const;  // what was created or renamed in it is on the disk

  bool has_reserve() const { return reserved_; }
  void release_reserve();
  bool make_reserve();  // false: no room for it, or no room beside it

 private:
  std::string path_;
  Disk& disk_;
  std::unique_ptr<Disk::Held> lock_;
  bool reserved_ = false;
};

}  // namespace yishi::store
