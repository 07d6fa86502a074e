// A disk that fails on command: the real one of SQLite with a fault in between. It becomes
// the default when first asked for, and does nothing until it is told to.
#pragma once

#include <sqlite3.h>

#include <cstdlib>
#include <cstring>
#include <string>

namespace yishi::store {

struct FaultVfs {
  static FaultVfs& get() {
    static FaultVfs vfs;
    return vfs;
  }

  int fail_sync = SQLITE_OK;   // what every sync says, when not SQLITE_OK
  int fail_write = SQLITE_OK;  // what every write to a write-ahead log says
  std::uint64_t syncs = 0;

  void heal() { fail_sync = fail_write = SQLITE_OK; }

 private:
  struct File {
    sqlite3_file base;
    bool wal;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };

  static sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real(); }

  FaultVfs() {
    sqlite3_initialize();
    real_ = sqlite3_vfs_find(nullptr);
    vfs_ = *real_;
    vfs_.zName = "fault";
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
    vfs_.pNext = nullptr;
    vfs_.xOpen = open;
    fill_methods();
    sqlite3_vfs_register(&vfs_, 1);
  }

  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    auto* mine = reinterpret_cast<File*>(file);
    mine->base.pMethods = nullptr;
    mine->wal = (flags & SQLITE_OPEN_WAL) != 0;
    sqlite3_vfs* vfs = get().real_;
    const int code = vfs->xOpen(vfs, name, mine->real(), flags, out);
    if (mine->real()->pMethods != nullptr) mine->base.pMethods = &get().methods_;
    return code;
  }

  void fill_methods() {
    methods_.iVersion = 2;  // with shared memory, without memory mapping
    methods_.xClose = [](sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); };
    methods_.xRead = [](sqlite3_file* f, void* to, int bytes, sqlite3_int64 at) {
      return real(f)->pMethods->xRead(real(f), to, bytes, at);
    };
    methods_.xWrite = [](sqlite3_file* f, const void* from, int bytes, sqlite3_int64 at) {
      if (reinterpret_cast<File*>(f)->wal && get().fail_write != SQLITE_OK) {
        return get().fail_write;
      }
      return real(f)->pMethods->xWrite(real(f), from, bytes, at);
    };
    methods_.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
      return real(f)->pMethods->xTruncate(real(f), size);
    };
    methods_.xSync = [](sqlite3_file* f, int flags) {
      ++get().syncs;
      if (get().fail_sync != SQLITE_OK) return get().fail_sync;
      return real(f)->pMethods->xSync(real(f), flags);
    };
    methods_.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
      return real(f)->pMethods->xFileSize(real(f), size);
    };
    methods_.xLock = [](sqlite3_file* f, int how) {
      return real(f)->pMethods->xLock(real(f), how);
    };
    methods_.xUnlock = [](sqlite3_file* f, int how) {
      return real(f)->pMethods->xUnlock(real(f), how);
    };
    methods_.xCheckReservedLock = [](sqlite3_file* f, int* out) {
      return real(f)->pMethods->xCheckReservedLock(real(f), out);
    };
    methods_.xFileControl = [](sqlite3_file* f, int what, void* with) {
      return real(f)->pMethods->xFileControl(real(f), what, with);
    };
    methods_.xSectorSize = [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); };
    methods_.xDeviceCharacteristics = [](sqlite3_file* f) {
      return real(f)->pMethods->xDeviceCharacteristics(real(f));
    };
    methods_.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
      return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
    };
    methods_.xShmLock = [](sqlite3_file* f, int offset, int n, int flags) {
      return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
    };
    methods_.xShmBarrier = [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); };
    methods_.xShmUnmap = [](sqlite3_file* f, int remove) {
      return real(f)->pMethods->xShmUnmap(real(f), remove);
    };
  }

  sqlite3_vfs* real_ = nullptr;
  sqlite3_vfs vfs_{};
  sqlite3_io_methods methods_{};
};

}  // namespace yishi::store
