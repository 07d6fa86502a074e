// Where a store's files live: the machine's file system, or a simulated one. SQLite reaches
// them through the VFS named here; what the store does beside SQLite (its directory, the
// lock, the reserve) comes through the functions.
//
// An int is 0 or the errno of what failed. Thread-safe as far as the file system is; a
// simulated disk belongs to one thread. A Disk outlives every Database on it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace yishi::store {

class Disk {
 public:
  // A lock lives as long as this does.
  class Held {
   public:
    virtual ~Held() = default;
  };

  virtual ~Disk() = default;
  static Disk& real();  // lives for ever

  virtual const char* vfs() const = 0;  // SQLite's name for it; null: SQLite's own
  virtual bool exists(const std::string& path) = 0;
  virtual std::uint64_t size(const std::string& path) = 0;       // of a file; 0 when it is missing
  virtual std::uint64_t room(const std::string& directory) = 0;  // bytes that can be written
  virtual int make_directory(const std::string& path) = 0;       // with those above it; there: 0
  virtual int restrict_access(const std::string& path, unsigned mode) = 0;
  // What was created, renamed or removed in it is on the disk.
  virtual int sync_directory(const std::string& path) = 0;
  // What is read of the file is on the disk, even if a sync of it failed before: Linux takes
  // the pages of such a sync for written, reads them from memory and never writes them again.
  // Missing: 0.
  virtual int make_durable(const std::string& path) = 0;
  virtual int rename(const std::string& from, const std::string& to) = 0;
  virtual void remove(const std::string& path) = 0;  // not there: nothing happens
  // Makes a file of that size whose room is really taken; none is left behind on an error.
  virtual int allocate(const std::string& path, std::uint64_t bytes) = 0;
  // Null and EWOULDBLOCK when someone else holds the lock. Makes the file.
  virtual std::unique_ptr<Held> lock(const std::string& path, int& error) = 0;
};

}  // namespace yishi::store
