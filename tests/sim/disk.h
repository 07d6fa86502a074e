// A disk in memory, as SQLite and the store see it: what was written is there to be read at
// once, what was synced survives a power cut, and all else may be lost, torn into sectors or
// reach the platter out of order.
//
// Faults come on command or by chance: full, slow, reads and syncs that fail, and death: after
// a number of operations the one under way is cut short and everything after it fails, until
// restart(). A sync that failed has, as on Linux, given up its pages: they are still read until
// the machine restarts, and never written (or, on other file systems, are gone at once).
//
// One thread. Every Database on it ends before it.
#pragma once

#include <sqlite3.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crypto/bytes.h"
#include "node/store/disk.h"
#include "tests/sim/random.h"

namespace yishi::sim {

inline constexpr std::size_t kSectorBytes = 512;

struct DiskFaults {
  std::optional<std::uint64_t> free_bytes;  // no more than these; nothing: room enough
  double failing_reads = 0, failing_syncs = 0;
  bool failed_pages_vanish = false;  // else they stay in the cache, clean
  std::uint64_t slow_ms = 0;         // each write, at most; each sync twice that
};

class Disk final : public store::Disk {
 public:
  explicit Disk(std::uint64_t seed);
  ~Disk() override;
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  // What the store sees.
  const char* vfs() const override { return name_.c_str(); }
  bool exists(const std::string& path) override;
  std::uint64_t size(const std::string& path) override;
  std::uint64_t room(const std::string& directory) override;
  int make_directory(const std::string& path) override;
  int restrict_access(const std::string& path, unsigned mode) override;
  int sync_directory(const std::string& path) override;
  int make_durable(const std::string& path) override;
  int rename(const std::string& from, const std::string& to) override;
  void remove(const std::string& path) override;
  int allocate(const std::string& path, std::uint64_t bytes) override;
  std::unique_ptr<Held> lock(const std::string& path, int& error) override;

  // Faults.
  DiskFaults& faults() { return faults_; }
  void fill_up(std::uint64_t left);  // from now on there is room for so much
  void heal() { faults_ = {}; }
  void die_after(std::uint64_t operations) { operations_left_ = operations; }
  void spare() { operations_left_.reset(); }  // it will not die after all
  // Counts one operation that is not the disk's (a frame that leaves): false when it dies here.
  bool step();
  void die() { dead_ = true; }
  bool dead() const { return dead_; }

  // The process is gone (its Databases are closed): its locks too. With `power` cut, what was
  // not synced is lost, torn or reordered.
  void restart(bool power);
  std::uint64_t spent_ms() const { return spent_ms_; }
  std::uint64_t take_spent_ms() { return std::exchange(spent_ms_, 0); }

  // The machine's disk as it is now, to be put back or put into another machine.
  struct Image {
    std::map<std::string, Bytes> files;
  };
  Image image() const;
  void put(const Image& image);  // no Database may be open

  // Nothing fails, dies or counts while one of these lives: for those who look from outside.
  class Calm {
   public:
    explicit Calm(Disk& disk) : disk_(disk) { ++disk_.calm_; }
    ~Calm() { --disk_.calm_; }
    Calm(const Calm&) = delete;
    Calm& operator=(const Calm&) = delete;

   private:
    Disk& disk_;
  };

  struct File;  // as SQLite holds it open
  struct Inode;

 private:
  friend struct File;
  struct Pending {  // a write or a cut that no sync has covered
    std::uint64_t at = 0;
    Bytes bytes;
    bool cut = false;  // to `at`
  };

  bool fails(double probability);
  void slow(std::uint64_t times);
  int read(Inode& inode, std::uint8_t* to, std::size_t bytes, std::uint64_t at);
  int write(Inode& inode, const std::uint8_t* from, std::size_t bytes, std::uint64_t at);
  int truncate(Inode& inode, std::uint64_t size);
  int sync(Inode& inode);
  int erase(const std::string& path);
  int open(const char* path, sqlite3_file* file, int flags, int* out_flags);
  void lose_power(Inode& inode);
  std::uint64_t used() const;
  std::shared_ptr<Inode> make(const std::string& path);

  static Disk& of(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }
  void fill_vfs();
  static const sqlite3_io_methods& methods();

  std::string name_;
  sqlite3_vfs vfs_{};
  Random random_;
  std::map<std::string, std::shared_ptr<Inode>> names_, durable_names_;
  std::weak_ptr<Held> lock_;
  DiskFaults faults_;
  std::optional<std::uint64_t> operations_left_;
  bool dead_ = false;
  int calm_ = 0;
  std::uint64_t spent_ms_ = 0;
};

// What SQLite draws by itself (the salts of write-ahead logs) follows from the seed, too, from
// here on, in the whole process.
void seed_sqlite(std::uint64_t seed);

}  // namespace yishi::sim
