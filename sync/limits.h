// Every limit of what is written and how it travels, with its unit. Checked before
// allocation, by the reader and by the writer.
#pragma once

#include <cstddef>
#include <cstdint>

#include "crypto/pack.h"

namespace yishi::sync {

inline constexpr std::size_t kKiB = 1024;

// Records and entries.
inline constexpr std::size_t kMaxKindBytes = 64;
inline constexpr std::size_t kMaxSubjectBytes = 64;
inline constexpr std::size_t kMaxBodyBytes = 512 * kKiB;  // of one record
inline constexpr std::size_t kMaxRecordBytes = kMaxBodyBytes + 1024;
inline constexpr std::size_t kSaltBytes = 16;
inline constexpr std::size_t kMaxRecordsPerEntry = 256;
inline constexpr std::size_t kMaxHeaderBytes = 16 * kKiB;        // 256 digests take 8 KiB
inline constexpr std::size_t kMaxEntryRecordBytes = 640 * kKiB;  // all records of one entry

// Sequences, versions, times, positions, counters: SQLite's integers and the pages'
// JSON hold them exactly, and adding one to any of them cannot overflow.
inline constexpr std::uint64_t kMaxNumber = (std::uint64_t{1} << 53) - 1;

// Runs: closed at the first of these …
inline constexpr std::size_t kRunRecords = 256;
inline constexpr std::size_t kRunBytes = 64 * kKiB;  // before compression
// … and never larger than this, one large entry included.
inline constexpr std::size_t kMaxRunBytes = 672 * kKiB;           // before compression
inline constexpr std::size_t kMaxPackedBytes = kMaxRunBytes + 1;  // codec byte and payload
inline constexpr std::size_t kMaxRunEntries = kRunRecords;

// Messages and links.
inline constexpr std::size_t kMaxMessageBytes = 1024 * kKiB;  // a frame on the wire
inline constexpr std::size_t kBatchBytes = 256 * kKiB;        // rows of one entries message, soft
inline constexpr std::size_t kWindowBytes = 1024 * kKiB;  // unacknowledged, per link and direction
inline constexpr std::size_t kMaxRowsPerMessage = 256;
inline constexpr std::size_t kMaxHeadsPerAck = kMaxRowsPerMessage;
inline constexpr std::size_t kMaxLacks = 256;         // of one stream; beyond that it stands still
inline constexpr std::size_t kMaxFrontierRows = 512;  // of one status message
inline constexpr std::size_t kNonceBytes = 16;        // also sessions and incarnations
inline constexpr std::size_t kMaxUnitBytes = 32;      // a unit's code
inline constexpr std::size_t kMaxSoftwareBytes = 64;
inline constexpr std::size_t kMaxRuleBytes = 64;
inline constexpr std::size_t kMaxDetailBytes = 1024;
inline constexpr std::size_t kMaxIssueBytes = kMaxSubjectBytes;
inline constexpr std::size_t kMaxJoinBytes = kMaxBodyBytes;  // a topology change
inline constexpr std::uint64_t kAckTimeoutMs = 10'000;       // without progress: send again
inline constexpr std::uint64_t kHelloTimeoutMs = 5'000;      // without welcome: greet again
inline constexpr std::uint64_t kKeepaliveMs = 15'000;        // silence after which a child says so
inline constexpr std::uint64_t kSilenceMs = 60'000;          // silence after which a link is down

// What a frame, a row or a status row adds around what it carries, at most.
inline constexpr std::size_t kEnvelopeOverheadBytes = 512;
inline constexpr std::size_t kRowOverheadBytes = 16;
inline constexpr std::size_t kFrontierRowBytes = kMaxUnitBytes + kMaxSoftwareBytes + 40;
// Around each entry of a run, and around each of its records.
inline constexpr std::size_t kEntryOverheadBytes = 80;
inline constexpr std::size_t kRecordOverheadBytes = 5;

static_assert(kMaxMessageBytes <= kMaxPackBinary);  // an envelope is one msgpack binary
static_assert(kMaxPackedBytes <= kMaxPackBinary);
static_assert(kMaxRecordBytes <= kMaxEntryRecordBytes);
static_assert(kMaxEntryRecordBytes + kMaxHeaderBytes + kEntryOverheadBytes +
                  kMaxRecordsPerEntry * kRecordOverheadBytes <
              kMaxRunBytes);
static_assert(kBatchBytes + kMaxPackedBytes + kMaxRowsPerMessage * kRowOverheadBytes +
                  kEnvelopeOverheadBytes <
              kMaxMessageBytes);
static_assert(kMaxFrontierRows * kFrontierRowBytes + kEnvelopeOverheadBytes < kMaxMessageBytes);
static_assert(kMaxJoinBytes + kEnvelopeOverheadBytes < kMaxMessageBytes);
static_assert(kBatchBytes <= kWindowBytes && kMaxPackedBytes <= kWindowBytes);
static_assert(kMaxRecordsPerEntry <= kMaxPackArray && kMaxRunEntries <= kMaxPackArray);
static_assert(kMaxFrontierRows <= kMaxPackArray && kMaxRowsPerMessage <= kMaxPackArray);

}  // namespace yishi::sync
