#include "node/store/page_check.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <utility>

#include "crypto/assert.h"

namespace yishi::store {
namespace {

static_assert(std::endian::native == std::endian::little);  // the words of the sums are

constexpr int kUsableBytes = kPageBytes - kPageCheckBytes;
constexpr int kAttempts = 3;
constexpr int kTrustPages = 7601;  // file controls of ours; SQLite's are below 100
constexpr int kRefusedPage = 7602;

using Check = std::array<std::uint8_t, kPageCheckBytes>;

Check check_of(const std::uint8_t* page, std::uint32_t number) {
  std::uint32_t a = number;
  std::uint32_t b = 0;
  for (int at = 0; at < kUsableBytes; at += 8) {
    std::array<std::uint32_t, 2> words{};
    std::memcpy(words.data(), page + at, sizeof words);
    a += words[0] + b;
    b += words[1] + a;
  }
  const std::array<std::uint32_t, 2> sums = {a, b};
  Check check{};
  std::memcpy(check.data(), sums.data(), check.size());
  return check;
}

bool sound(const std::uint8_t* page, std::uint32_t number) {
  const Check check = check_of(page, number);
  if (std::memcmp(check.data(), page + kUsableBytes, check.size()) == 0) return true;
  return std::all_of(page, page + kPageBytes, [](std::uint8_t byte) { return byte == 0; });
}

struct Shim {  // one for each VFS below; lives as long as that
  sqlite3_vfs vfs{};
  std::string name, base;
  sqlite3_vfs* below() const {
    sqlite3_vfs* found = sqlite3_vfs_find(base.c_str());
    YISHI_ASSERT(found != nullptr &&
                 vfs.szOsFile >= found->szOsFile + static_cast<int>(sizeof(sqlite3_file)));
    return found;
  }
};

sqlite3_vfs* below(sqlite3_vfs* vfs) { return static_cast<Shim*>(vfs->pAppData)->below(); }

struct File {  // of the store itself; the file of the VFS below stands behind it
  sqlite3_file base;
  bool trusts;
  std::uint32_t refused;
};

File* mine(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<sqlite3_file*>(mine(file) + 1); }
const sqlite3_io_methods& methods_of(sqlite3_file* file) { return *real(file)->pMethods; }

int read(sqlite3_file* file, void* to, int bytes, sqlite3_int64 at) {
  const int code = methods_of(file).xRead(real(file), to, bytes, at);
  // SQLite asks for a hundred bytes to learn the size of pages, then always for a page.
  if (code != SQLITE_OK || bytes < 512 || mine(file)->trusts) return code;
  const auto number = static_cast<std::uint32_t>(at / kPageBytes + 1);
  const bool page = bytes == kPageBytes && at % kPageBytes == 0;
  if (page && sound(static_cast<const std::uint8_t*>(to), number)) return SQLITE_OK;
  mine(file)->refused = number;
  return SQLITE_IOERR_DATA;
}

int write(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 at) {
  if (bytes != kPageBytes || at % kPageBytes != 0) {
    return methods_of(file).xWrite(real(file), from, bytes, at);
  }
  std::array<std::uint8_t, kPageBytes> page{};
  std::memcpy(page.data(), from, page.size());
  set_page_check(page, static_cast<std::uint32_t>(at / kPageBytes + 1));
  return methods_of(file).xWrite(real(file), page.data(), bytes, at);
}

int control(sqlite3_file* file, int what, void* with) {
  if (what == kTrustPages) {
    mine(file)->trusts = std::exchange(*static_cast<bool*>(with), mine(file)->trusts);
    return SQLITE_OK;
  }
  if (what == kRefusedPage) {
    *static_cast<std::uint32_t*>(with) = mine(file)->refused;
    return SQLITE_OK;
  }
  return methods_of(file).xFileControl(real(file), what, with);
}

sqlite3_io_methods make_methods() {
  sqlite3_io_methods methods{};
  methods.iVersion = 2;  // with shared memory, without memory mapping
  methods.xClose = [](sqlite3_file* f) { return methods_of(f).xClose(real(f)); };
  methods.xRead = read;
  methods.xWrite = write;
  methods.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
    return methods_of(f).xTruncate(real(f), size);
  };
  methods.xSync = [](sqlite3_file* f, int flags) { return methods_of(f).xSync(real(f), flags); };
  methods.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
    return methods_of(f).xFileSize(real(f), size);
  };
  methods.xLock = [](sqlite3_file* f, int how) { return methods_of(f).xLock(real(f), how); };
  methods.xUnlock = [](sqlite3_file* f, int how) { return methods_of(f).xUnlock(real(f), how); };
  methods.xCheckReservedLock = [](sqlite3_file* f, int* out) {
    return methods_of(f).xCheckReservedLock(real(f), out);
  };
  methods.xFileControl = control;
  methods.xSectorSize = [](sqlite3_file* f) { return methods_of(f).xSectorSize(real(f)); };
  methods.xDeviceCharacteristics = [](sqlite3_file* f) {
    return methods_of(f).xDeviceCharacteristics(real(f));
  };
  methods.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
    return methods_of(f).xShmMap(real(f), page, size, extend, out);
  };
  methods.xShmLock = [](sqlite3_file* f, int offset, int n, int flags) {
    return methods_of(f).xShmLock(real(f), offset, n, flags);
  };
  methods.xShmBarrier = [](sqlite3_file* f) { methods_of(f).xShmBarrier(real(f)); };
  methods.xShmUnmap = [](sqlite3_file* f, int remove) {
    return methods_of(f).xShmUnmap(real(f), remove);
  };
  return methods;
}

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
  static const sqlite3_io_methods kMethods = make_methods();
  sqlite3_vfs* base = below(vfs);
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return base->xOpen(base, name, file, flags, out);
  new (file) File{};
  const int code = base->xOpen(base, name, real(file), flags, out);
  if (real(file)->pMethods != nullptr) file->pMethods = &kMethods;
  return code;
}

void fill(Shim& shim, const sqlite3_vfs& base) {
  shim.vfs = base;
  shim.vfs.szOsFile = base.szOsFile + static_cast<int>(sizeof(File));
  shim.vfs.zName = shim.name.c_str();
  shim.vfs.pNext = nullptr;
  shim.vfs.pAppData = &shim;
  shim.vfs.xOpen = open;
  shim.vfs.xDelete = [](sqlite3_vfs* v, const char* name, int sync) {
    return below(v)->xDelete(below(v), name, sync);
  };
  shim.vfs.xAccess = [](sqlite3_vfs* v, const char* name, int flags, int* out) {
    return below(v)->xAccess(below(v), name, flags, out);
  };
  shim.vfs.xFullPathname = [](sqlite3_vfs* v, const char* name, int size, char* out) {
    return below(v)->xFullPathname(below(v), name, size, out);
  };
  shim.vfs.xRandomness = [](sqlite3_vfs* v, int bytes, char* out) {
    return below(v)->xRandomness(below(v), bytes, out);
  };
  shim.vfs.xSleep = [](sqlite3_vfs* v, int us) { return below(v)->xSleep(below(v), us); };
  shim.vfs.xCurrentTime = [](sqlite3_vfs* v, double* out) {
    return below(v)->xCurrentTime(below(v), out);
  };
  shim.vfs.xGetLastError = [](sqlite3_vfs* v, int size, char* out) {
    return below(v)->xGetLastError(below(v), size, out);
  };
  if (base.iVersion < 2) return;
  shim.vfs.xCurrentTimeInt64 = [](sqlite3_vfs* v, sqlite3_int64* out) {
    return below(v)->xCurrentTimeInt64(below(v), out);
  };
}

}  // namespace

const char* checked_vfs(const char* base) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<Shim>> shims;
  sqlite3_initialize();
  const sqlite3_vfs* found = sqlite3_vfs_find(base);
  YISHI_ASSERT(found != nullptr);
  const std::lock_guard lock(mutex);
  auto& shim = shims[found->zName];
  if (!shim) {
    // Those of disks that are no more: simulated ones come and go.
    std::erase_if(shims, [](const auto& item) {
      const bool gone = item.second && sqlite3_vfs_find(item.first.c_str()) == nullptr;
      if (gone) sqlite3_vfs_unregister(&item.second->vfs);
      return gone;
    });
    shim = std::make_unique<Shim>();
    shim->base = found->zName;
    shim->name = "checked-" + shim->base;
    fill(*shim, *found);
    sqlite3_vfs_register(&shim->vfs, 0);
  }
  return shim->vfs.zName;
}

bool reserve_page_checks(sqlite3* handle) {
  int bytes = kPageCheckBytes;
  return sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes) == SQLITE_OK;
}

void trust_pages(sqlite3* handle, bool trust) {
  const bool trusts = trust;
  sqlite3_file_control(handle, "main", kTrustPages, &trust);  // gives what it was before
  // What was read without a look at its checksum must not be served from the cache.
  if (trust && !trusts) sqlite3_db_release_memory(handle);
}

std::uint32_t refused_page(sqlite3* handle) {
  std::uint32_t page = 0;
  sqlite3_file_control(handle, "main", kRefusedPage, &page);
  return page;
}

namespace {

sqlite3_file* file_of(sqlite3* handle) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  return file;
}

}  // namespace

std::uint32_t page_count(sqlite3* handle) {
  sqlite3_file* file = file_of(handle);
  sqlite3_int64 bytes = 0;
  if (file == nullptr || file->pMethods->xFileSize(file, &bytes) != SQLITE_OK) return 0;
  return static_cast<std::uint32_t>(bytes / kPageBytes);
}

PageState check_page(sqlite3* handle, std::uint32_t page) {
  YISHI_ASSERT(page >= 1);
  sqlite3_file* file = file_of(handle);
  std::array<std::uint8_t, kPageBytes> bytes{};
  const sqlite3_int64 at = (static_cast<sqlite3_int64>(page) - 1) * kPageBytes;
  int code = SQLITE_OK;
  // Another connection may just be copying the page back: a half of each is no damage.
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    code = file->pMethods->xRead(file, bytes.data(), kPageBytes, at);
    if (code == SQLITE_OK) return PageState::kSound;
  }
  return code == SQLITE_IOERR_DATA ? PageState::kDamaged : PageState::kUnreadable;
}

void set_page_check(std::span<std::uint8_t> page, std::uint32_t number) {
  YISHI_ASSERT(page.size() == kPageBytes);
  const Check check = check_of(page.data(), number);
  std::copy(check.begin(), check.end(), page.begin() + kUsableBytes);
}

}  // namespace yishi::store
