#include "tests/sim/disk.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <new>

#include "crypto/assert.h"

namespace yishi::sim {

struct Disk::Inode {
  std::string name;  // it was made under
  Bytes now;         // what is read
  Bytes platter;     // what a power cut leaves, apart from what is pending
  std::vector<Pending> pending;
  std::uint64_t hollow = 0;  // room that is taken and never looked at
  std::uint64_t size() const { return now.size() + hollow; }

  // Of those who have it open. SQLite's shared memory and its eight locks.
  int shared = 0;
  File* reserved = nullptr;
  File* exclusive = nullptr;  // or pending
  int users_of_memory = 0;
  std::vector<std::unique_ptr<std::array<std::uint8_t, 32768>>> memory;
  std::array<int, SQLITE_SHM_NLOCK> memory_shared{};
  std::array<File*, SQLITE_SHM_NLOCK> memory_exclusive{};
};

struct Disk::File {
  sqlite3_file base;
  Disk* disk;
  std::shared_ptr<Inode> inode;
  std::string path;
  int level;  // SQLITE_LOCK_*
  bool delete_on_close;
  bool maps_memory;
  std::array<bool, SQLITE_SHM_NLOCK> memory_shared;
};

namespace {

Disk::File& as_file(sqlite3_file* file) { return *reinterpret_cast<Disk::File*>(file); }

// Grows with zeros, as a file does.
void lay(Bytes& into, std::uint64_t at, const std::uint8_t* from, std::size_t bytes) {
  if (into.size() < at + bytes) into.resize(at + bytes);
  std::copy_n(from, bytes, into.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

Disk::Disk(std::uint64_t seed) : random_(seed) {
  static std::uint64_t count = 0;
  name_ = "sim-" + std::to_string(++count);
  fill_vfs();
  sqlite3_vfs_register(&vfs_, 0);
}

Disk::~Disk() { sqlite3_vfs_unregister(&vfs_); }

bool Disk::step() {
  if (calm_ > 0) return true;
  if (!dead_ && operations_left_ && (*operations_left_)-- == 0) {
    dead_ = true;
    operations_left_.reset();
  }
  return !dead_;
}

bool Disk::fails(double probability) {
  return calm_ == 0 && (dead_ || (probability > 0 && random_.chance(probability)));
}

void Disk::slow(std::uint64_t times) {
  if (calm_ == 0 && faults_.slow_ms > 0) spent_ms_ += times * random_.below(faults_.slow_ms + 1);
}

std::uint64_t Disk::used() const {
  std::uint64_t bytes = 0;
  for (const auto& [path, inode] : names_) bytes += inode->size();
  return bytes;
}

void Disk::fill_up(std::uint64_t left) { faults_.free_bytes = used() + left; }

std::shared_ptr<Disk::Inode> Disk::make(const std::string& path) {
  auto& inode = names_[path];
  if (!inode) {
    inode = std::make_shared<Inode>();
    inode->name = path;
  }
  return inode;
}

int Disk::read(Inode& inode, std::uint8_t* to, std::size_t bytes, std::uint64_t at) {
  if (fails(faults_.failing_reads)) return SQLITE_IOERR_READ;
  const auto there = at < inode.now.size() ? std::min(bytes, inode.now.size() - at) : 0;
  std::copy_n(inode.now.begin() + static_cast<std::ptrdiff_t>(there > 0 ? at : 0), there, to);
  if (there == bytes) return SQLITE_OK;
  std::fill(to + there, to + bytes, std::uint8_t{0});
  return SQLITE_IOERR_SHORT_READ;
}

int Disk::write(Inode& inode, const std::uint8_t* from, std::size_t bytes, std::uint64_t at) {
  const bool was_dead = dead_;
  if (!step()) {
    // Cut short: the one under way may have gone through or not.
    if (was_dead || random_.chance(0.5)) return SQLITE_IOERR_WRITE;
  }
  slow(1);
  const auto grows = at + bytes > inode.now.size() ? at + bytes - inode.now.size() : 0;
  if (calm_ == 0 && grows > 0 && faults_.free_bytes && used() + grows > *faults_.free_bytes) {
    return SQLITE_FULL;
  }
  lay(inode.now, at, from, bytes);
  inode.pending.push_back({at, Bytes(from, from + bytes), false});
  return dead_ && calm_ == 0 ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

int Disk::truncate(Inode& inode, std::uint64_t size) {
  if (!step()) return SQLITE_IOERR_TRUNCATE;
  if (size >= inode.now.size()) return SQLITE_OK;
  inode.now.resize(size);
  inode.pending.push_back({size, {}, true});
  return SQLITE_OK;
}

int Disk::sync(Inode& inode) {
  if (!step()) return SQLITE_IOERR_FSYNC;
  slow(2);
  if (fails(faults_.failing_syncs)) {
    inode.pending.clear();
    if (faults_.failed_pages_vanish) inode.now = inode.platter;
    return SQLITE_IOERR_FSYNC;
  }
  for (const auto& one : inode.pending) {
    if (one.cut) {
      inode.platter.resize(std::min<std::size_t>(inode.platter.size(), one.at));
    } else {
      lay(inode.platter, one.at, one.bytes.data(), one.bytes.size());
    }
  }
  inode.pending.clear();
  const auto named = names_.find(inode.name);
  if (named != names_.end() && named->second.get() == &inode) {
    durable_names_[inode.name] = named->second;
  }
  return SQLITE_OK;
}

int Disk::erase(const std::string& path) {
  if (!step()) return SQLITE_IOERR_DELETE;
  return names_.erase(path) > 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}

// What the store does beside SQLite.

bool Disk::exists(const std::string& path) { return names_.contains(path); }

std::uint64_t Disk::size(const std::string& path) {
  const auto found = names_.find(path);
  return found == names_.end() ? 0 : found->second->size();
}

std::uint64_t Disk::room(const std::string&) {
  if (!faults_.free_bytes || calm_ > 0) return UINT64_MAX;
  const auto taken = used();
  return *faults_.free_bytes > taken ? *faults_.free_bytes - taken : 0;
}

int Disk::make_directory(const std::string&) { return step() ? 0 : EIO; }
int Disk::restrict_access(const std::string&, unsigned) { return step() ? 0 : EIO; }

int Disk::sync_directory(const std::string&) {
  if (!step() || fails(faults_.failing_syncs)) return EIO;
  durable_names_ = names_;
  return 0;
}

int Disk::make_durable(const std::string& path) {
  const auto found = names_.find(path);
  if (found == names_.end()) return 0;
  auto& inode = *found->second;
  if (!step() || fails(faults_.failing_reads)) return EIO;
  inode.pending.push_back({0, inode.now, false});
  return sync(inode) == SQLITE_OK ? 0 : EIO;
}

int Disk::rename(const std::string& from, const std::string& to) {
  if (!step()) return EIO;
  auto found = names_.extract(from);
  if (found.empty()) return ENOENT;
  found.mapped()->name = to;
  names_[to] = std::move(found.mapped());
  return 0;
}

void Disk::remove(const std::string& path) { (void)erase(path); }

int Disk::allocate(const std::string& path, std::uint64_t bytes) {
  if (!step()) return EIO;
  if (room({}) < bytes) return ENOSPC;
  make(path)->hollow = bytes;
  return 0;
}

namespace {

class HeldName final : public store::Disk::Held {
 public:
  explicit HeldName(std::shared_ptr<store::Disk::Held> token) : token_(std::move(token)) {}

 private:
  std::shared_ptr<store::Disk::Held> token_;
};

}  // namespace

std::unique_ptr<store::Disk::Held> Disk::lock(const std::string& path, int& error) {
  error = step() ? EWOULDBLOCK : EIO;
  if (error == EIO || !lock_.expired()) return nullptr;
  (void)make(path);
  auto token = std::make_shared<Held>();
  lock_ = token;
  return std::make_unique<HeldName>(std::move(token));
}

// Power.

void Disk::lose_power(Inode& inode) {
  enum class SectorFate { kNone, kAll, kPrefix, kAny };
  const auto fate = static_cast<SectorFate>(random_.below(4));
  auto pending = std::exchange(inode.pending, {});
  const auto prefix = fate == SectorFate::kPrefix ? random_.below(pending.size() + 1) : 0;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < pending.size(); ++i) order.push_back(i);
  if (fate == SectorFate::kAny) {
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random_.below(i)]);
  }
  for (const auto index : order) {
    const auto& one = pending[index];
    const bool torn = (fate == SectorFate::kPrefix && index == prefix) || fate == SectorFate::kAny;
    const bool kept = fate == SectorFate::kAll || (fate == SectorFate::kPrefix && index < prefix);
    if (one.cut) {
      if (kept || (torn && random_.chance(0.5))) {
        inode.platter.resize(std::min<std::size_t>(inode.platter.size(), one.at));
      }
      continue;
    }
    for (std::size_t from = 0; from < one.bytes.size();) {
      const auto in_sector = kSectorBytes - (one.at + from) % kSectorBytes;
      const auto bytes = std::min<std::size_t>(in_sector, one.bytes.size() - from);
      if (kept || (torn && random_.chance(0.5))) {
        lay(inode.platter, one.at + from, one.bytes.data() + from, bytes);
      }
      from += bytes;
    }
  }
  inode.now = inode.platter;
}

void Disk::restart(bool power) {
  dead_ = false;
  operations_left_.reset();
  if (!power) return;
  auto names = durable_names_;  // what was not synced, each by itself, is there or not
  for (const auto& [path, inode] : names_) {
    const auto found = names.find(path);
    if (found != names.end() && found->second == inode) continue;
    if (random_.chance(0.5)) names[path] = inode;
  }
  for (const auto& [path, inode] : durable_names_) {
    if (!names_.contains(path) && random_.chance(0.5)) names.erase(path);
  }
  names_ = std::move(names);
  for (auto& [path, inode] : names_) {
    inode->name = path;
    lose_power(*inode);
  }
  durable_names_ = names_;
}

Disk::Image Disk::image() const {
  Image image;
  for (const auto& [path, inode] : names_) image.files[path] = inode->now;
  return image;
}

void Disk::put(const Image& image) {
  names_.clear();
  for (const auto& [path, bytes] : image.files) {
    auto inode = std::make_shared<Inode>();
    inode->name = path;
    inode->now = inode->platter = bytes;
    names_[path] = std::move(inode);
  }
  durable_names_ = names_;
}

// SQLite's side.

int Disk::open(const char* path, sqlite3_file* base, int flags, int* out_flags) {
  base->pMethods = nullptr;
  if (!step()) return SQLITE_CANTOPEN;
  static std::uint64_t temporary = 0;
  const std::string name = path ? path : "temporary-" + std::to_string(++temporary);
  if ((flags & SQLITE_OPEN_CREATE) == 0 && !names_.contains(name)) return SQLITE_CANTOPEN;
  auto* file = new (base) File{};
  file->disk = this;
  file->inode = make(name);
  file->path = name;
  file->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  file->base.pMethods = &methods();
  if (out_flags) *out_flags = flags;
  return SQLITE_OK;
}

namespace {

int lock_file(sqlite3_file* base, int wanted) {
  auto& file = as_file(base);
  auto& inode = *file.inode;
  if (file.level >= wanted) return SQLITE_OK;
  if (wanted == SQLITE_LOCK_SHARED) {
    if (inode.exclusive) return SQLITE_BUSY;
    ++inode.shared;
  } else if (wanted == SQLITE_LOCK_RESERVED) {
    if (inode.reserved) return SQLITE_BUSY;
    inode.reserved = &file;
  } else {
    if (inode.exclusive && inode.exclusive != &file) return SQLITE_BUSY;
    inode.exclusive = &file;
    if (inode.shared > 1) {
      file.level = SQLITE_LOCK_PENDING;
      return SQLITE_BUSY;
    }
  }
  file.level = wanted;
  return SQLITE_OK;
}

int unlock_file(sqlite3_file* base, int wanted) {
  auto& file = as_file(base);
  auto& inode = *file.inode;
  if (file.level <= wanted) return SQLITE_OK;
  if (inode.exclusive == &file) inode.exclusive = nullptr;
  if (inode.reserved == &file) inode.reserved = nullptr;
  if (wanted == SQLITE_LOCK_NONE && file.level >= SQLITE_LOCK_SHARED) --inode.shared;
  file.level = wanted;
  return SQLITE_OK;
}

int map_memory(sqlite3_file* base, int page, int size, int extend, void volatile** out) {
  auto& file = as_file(base);
  auto& memory = file.inode->memory;
  YISHI_ASSERT(size == 32768);
  if (!file.maps_memory) ++file.inode->users_of_memory;
  file.maps_memory = true;
  *out = nullptr;
  const auto index = static_cast<std::size_t>(page);
  if (index >= memory.size() && extend == 0) return SQLITE_OK;
  while (memory.size() <= index) {
    memory.push_back(std::make_unique<std::array<std::uint8_t, 32768>>());
  }
  *out = memory[index]->data();
  return SQLITE_OK;
}

int lock_memory(sqlite3_file* base, int offset, int n, int flags) {
  auto& file = as_file(base);
  auto& inode = *file.inode;
  const auto begin = static_cast<std::size_t>(offset);
  const auto end = begin + static_cast<std::size_t>(n);
  const bool shared = (flags & SQLITE_SHM_SHARED) != 0;
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    for (auto i = begin; i < end; ++i) {
      if (shared && file.memory_shared[i]) {
        file.memory_shared[i] = false;
        --inode.memory_shared[i];
      } else if (inode.memory_exclusive[i] == &file) {
        inode.memory_exclusive[i] = nullptr;
      }
    }
    return SQLITE_OK;
  }
  for (auto i = begin; i < end; ++i) {
    const auto* owner = inode.memory_exclusive[i];
    if (owner && owner != &file) return SQLITE_BUSY;
    const int others = inode.memory_shared[i] - (file.memory_shared[i] ? 1 : 0);
    if (!shared && others > 0) return SQLITE_BUSY;
  }
  for (auto i = begin; i < end; ++i) {
    if (!shared) {
      inode.memory_exclusive[i] = &file;
    } else if (!file.memory_shared[i]) {
      file.memory_shared[i] = true;
      ++inode.memory_shared[i];
    }
  }
  return SQLITE_OK;
}

int unmap_memory(sqlite3_file* base, int) {
  auto& file = as_file(base);
  if (!file.maps_memory) return SQLITE_OK;
  (void)lock_memory(base, 0, SQLITE_SHM_NLOCK, SQLITE_SHM_UNLOCK | SQLITE_SHM_SHARED);
  (void)lock_memory(base, 0, SQLITE_SHM_NLOCK, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
  file.maps_memory = false;
  if (--file.inode->users_of_memory == 0) file.inode->memory.clear();
  return SQLITE_OK;
}

}  // namespace

const sqlite3_io_methods& Disk::methods() {
  static const sqlite3_io_methods kMethods = [] {
    sqlite3_io_methods one{};
    one.iVersion = 2;  // with shared memory, without memory mapping
    one.xClose = [](sqlite3_file* base) {
      (void)unmap_memory(base, 0);
      (void)unlock_file(base, SQLITE_LOCK_NONE);
      auto& file = as_file(base);
      if (file.delete_on_close) file.disk->names_.erase(file.path);
      file.~File();
      return SQLITE_OK;
    };
    one.xRead = [](sqlite3_file* base, void* to, int bytes, sqlite3_int64 at) {
      auto& file = as_file(base);
      return file.disk->read(*file.inode, static_cast<std::uint8_t*>(to),
                             static_cast<std::size_t>(bytes), static_cast<std::uint64_t>(at));
    };
    one.xWrite = [](sqlite3_file* base, const void* from, int bytes, sqlite3_int64 at) {
      auto& file = as_file(base);
      return file.disk->write(*file.inode, static_cast<const std::uint8_t*>(from),
                              static_cast<std::size_t>(bytes), static_cast<std::uint64_t>(at));
    };
    one.xTruncate = [](sqlite3_file* base, sqlite3_int64 size) {
      auto& file = as_file(base);
      return file.disk->truncate(*file.inode, static_cast<std::uint64_t>(size));
    };
    one.xSync = [](sqlite3_file* base, int) {
      auto& file = as_file(base);
      return file.disk->sync(*file.inode);
    };
    one.xFileSize = [](sqlite3_file* base, sqlite3_int64* size) {
      *size = static_cast<sqlite3_int64>(as_file(base).inode->now.size());
      return SQLITE_OK;
    };
    one.xLock = lock_file;
    one.xUnlock = unlock_file;
    one.xCheckReservedLock = [](sqlite3_file* base, int* out) {
      *out = as_file(base).inode->reserved ? 1 : 0;
      return SQLITE_OK;
    };
    one.xFileControl = [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; };
    // As SQLite's own says of a disk under Linux.
    one.xSectorSize = [](sqlite3_file*) { return 4096; };
    one.xDeviceCharacteristics = [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; };
    one.xShmMap = map_memory;
    one.xShmLock = lock_memory;
    one.xShmBarrier = [](sqlite3_file*) {};
    one.xShmUnmap = unmap_memory;
    return one;
  }();
  return kMethods;
}

void Disk::fill_vfs() {
  vfs_.iVersion = 2;
  vfs_.szOsFile = static_cast<int>(sizeof(File));
  vfs_.mxPathname = 512;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = [](sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out) {
    return of(vfs).open(path, file, flags, out);
  };
  vfs_.xDelete = [](sqlite3_vfs* vfs, const char* path, int) { return of(vfs).erase(path); };
  vfs_.xAccess = [](sqlite3_vfs* vfs, const char* path, int, int* out) {
    *out = of(vfs).exists(path) ? 1 : 0;
    return SQLITE_OK;
  };
  vfs_.xFullPathname = [](sqlite3_vfs*, const char* path, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", path);
    return SQLITE_OK;
  };
  vfs_.xRandomness = [](sqlite3_vfs* vfs, int size, char* out) {
    of(vfs).random_.fill({reinterpret_cast<std::uint8_t*>(out), static_cast<std::size_t>(size)});
    return size;
  };
  vfs_.xSleep = [](sqlite3_vfs*, int microseconds) { return microseconds; };
  vfs_.xCurrentTime = [](sqlite3_vfs*, double* out) {
    *out = 0;
    return SQLITE_OK;
  };
  vfs_.xCurrentTimeInt64 = [](sqlite3_vfs*, sqlite3_int64* out) {
    *out = 0;
    return SQLITE_OK;
  };
  vfs_.xGetLastError = [](sqlite3_vfs*, int, char*) { return 0; };
}

void seed_sqlite(std::uint64_t seed) {
  static Random random(0);
  static sqlite3_vfs vfs = [] {
    sqlite3_initialize();
    sqlite3_vfs one = *sqlite3_vfs_find(nullptr);
    one.zName = "seeded";
    one.pNext = nullptr;
    one.xRandomness = [](sqlite3_vfs*, int size, char* out) {
      random.fill({reinterpret_cast<std::uint8_t*>(out), static_cast<std::size_t>(size)});
      return size;
    };
    return one;
  }();
  random = Random(seed);
  sqlite3_vfs_register(&vfs, 1);
  sqlite3_randomness(0, nullptr);
}

}  // namespace yishi::sim
