// The limits of the store, each with its unit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace yishi::store {

// Disk. The reserve is given back when the disk is full, so that reading, checkpointing
// and saying so still work; it is made again when there is room for it twice over.
inline constexpr std::uint64_t kReserveBytes = 4ULL * 1024 * 1024;
inline constexpr std::uint64_t kReserveRoomBytes = 2 * kReserveBytes;

// SQLite.
inline constexpr int kWriterCacheKiB = 2048;    // of pages; an idle daemon stays small
inline constexpr int kReaderCacheKiB = 1024;    // of pages, for each reader
inline constexpr int kReaderWaitMs = 5'000;     // for the file, e.g. while it is recovered
inline constexpr int kWriterWaitMs = 250;       // for readers, when the write-ahead log ends
inline constexpr int kCheckpointPages = 1'000;  // of 4 KiB in the write-ahead log: copy them
inline constexpr std::int64_t kLogPageBytes = 4'096 + 24;  // of a page in the write-ahead log
// Room made in it beforehand, for the pages up to a checkpoint and a turn besides.
inline constexpr std::int64_t kLogRoomBytes = (kCheckpointPages + 256) * kLogPageBytes;
inline constexpr int kTruncatePages = 16'384;  // so many (64 MiB): wait for readers and cut it
inline constexpr std::int64_t kWalBytes = 8LL * 1024 * 1024;  // it is cut back to, once reset

// Rows and small tables.
inline constexpr std::size_t kMaxRefusals = 10'000;        // newest are kept
inline constexpr std::size_t kMaxRefusalBytes = 1'024;     // of each of its texts; the rest is cut
inline constexpr std::size_t kMaxCachedLogs = 16'384;      // log id -> number, in memory
inline constexpr std::uint64_t kNewsSkipped = 1ULL << 32;  // numbers, when derived again
inline constexpr std::size_t kMaxCachedIssues = 256;       // decoded, in memory

// Commands with a key.
inline constexpr std::uint64_t kAnsweredMs = 48ULL * 3600 * 1000;  // kept at least so long
inline constexpr std::uint64_t kMaxAnswered = 65'536;              // then no more are taken
inline constexpr std::uint64_t kAnsweredDropped = 64;              // too old ones, for each new one

// Matters of the public.
inline constexpr std::uint64_t kMaxHeldMatters = 1'000;  // that wait for the clerk
inline constexpr std::uint64_t kMaxMatters = 100'000;    // those of a year that are settled too
inline constexpr std::uint64_t kSettledMatterMs = 366ULL * 24 * 3600 * 1000;  // then it goes

// Acts that can still be undone, and those that were refused when their time had come.
inline constexpr std::uint64_t kMaxPending = 1'000;

// The search index as SQLite makes it, and while all is derived again (projections.h).
inline constexpr int kSearchAutomerge = 4;            // segments of a level, then merged
inline constexpr int kSearchHashBytes = 1024 * 1024;  // of words, before they are written
inline constexpr int kBulkSearchBytes = 16 * 1024 * 1024;
inline constexpr int kBulkCacheKiB = 64 * 1024;
inline constexpr std::size_t kBulkCachedIssues = 8'192;

// Issues.
inline constexpr std::size_t kMaxListed = 1'000;  // rows of one list
// Issues that a search finds but the list's other filters refuse, looked up one by one; with
// more of them all that the filters want is marked first.
inline constexpr std::size_t kMaxSearchProbes = 2'000;
inline constexpr std::size_t kMaxSearchBytes = 512;  // of what is searched for; the rest is cut
inline constexpr std::size_t kMaxSearchParts = 32;   // words and phrases of it
inline constexpr std::size_t kMaxWordBytes = 64;     // a longer run of letters is cut in pieces

static_assert(kCheckpointPages < kTruncatePages && kLogRoomBytes <= kWalBytes);
static_assert(kReserveRoomBytes > kReserveBytes);

}  // namespace yishi::store
