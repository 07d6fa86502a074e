// A checksum on every page of a store file, kept in the page's last eight bytes (reserved by
// SQLite, bytes 4088..4095): set when a page is written to store.db, compared when it is
// read. A page that does not agree is not read (SQLITE_IOERR_DATA): nothing is shown, sent or
// decided on bytes that changed by themselves. The write-ahead log is not concerned: SQLite
// has its own checksums there, and a page has its checksum set when it is copied back.
//
//   check = Fletcher sums of the page's first 4,088 bytes as little-endian 32-bit words,
//           two at a time: a += word + b; b += word + a; begun with a = page number, b = 0
//
// One changed bit anywhere in the page is always found, a page in another's place too. A page
// of zeros only is sound: it was never written (a hole of the file).
//
// Done by a VFS of SQLite between it and the real one. Private to node/store; thread-safe.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <span>

namespace yishi::store {

inline constexpr int kPageBytes = 4096;
inline constexpr int kPageCheckBytes = 8;

// The name of the VFS that checks pages and leaves the rest to `base` (null: SQLite's own).
const char* checked_vfs(const char* base);

// Before the first page is written: makes a fresh file keep room for the checksums.
bool reserve_page_checks(sqlite3* handle);
// Reads pages whatever their checksum says: only for salvage of a damaged file.
void trust_pages(sqlite3* handle, bool trust);
std::uint32_t refused_page(sqlite3* handle);  // the last one; 0: none

enum class PageState { kSound, kDamaged, kUnreadable };
std::uint32_t page_count(sqlite3* handle);  // of the file, without the write-ahead log
PageState check_page(sqlite3* handle, std::uint32_t page);  // page 1, 2 …, as the file has it

// For whoever writes pages past SQLite. The span has kPageBytes.
void set_page_check(std::span<std::uint8_t> page, std::uint32_t number);

}  // namespace yishi::store
