// Every limit of what the API takes in and gives out, with its unit.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace yishi::http {

// Requests.
inline constexpr std::size_t kMaxHeaderBytes =
    std::size_t{16} * 1024;  // request line and all fields
inline constexpr std::size_t kMaxBodyBytes = std::size_t{4} * 1024 * 1024;  // without chunk framing
inline constexpr std::size_t kMaxFramingBytes =
    std::size_t{256} * 1024;  // of chunks, around a body
inline constexpr std::size_t kMaxTargetBytes = std::size_t{8} * 1024;
inline constexpr std::size_t kMaxQueryFields = 1024;
inline constexpr std::size_t kMaxJsonDepth = 16;             // arrays and objects in each other
inline constexpr std::chrono::seconds kRequestTime{30};      // to send one; also idle between two
inline constexpr std::chrono::seconds kReplyTime{30};        // to take the answer
inline constexpr std::chrono::seconds kCommandTime{30};      // for the core thread to answer
inline constexpr std::size_t kMaxConnections = 64;           // the next is told 503 and closed
inline constexpr std::size_t kMaxWorkers = kMaxConnections;  // a connection has one request
inline constexpr std::size_t kMaxIdleReaders = 2;            // database readers kept open

// Answers.
inline constexpr std::size_t kMaxPageBytes = std::size_t{4} * 1024 * 1024;  // of lines, before JSON
inline constexpr std::uint64_t kMaxIssuePage = 1000;                        // issues
inline constexpr std::size_t kMaxSkippedSessions = 10'000'000;              // before a page of them
inline constexpr std::uint64_t kMaxRefusalPage = 1000;
inline constexpr std::uint64_t kMaxJournalPage = 10'000;      // lines
inline constexpr std::uint64_t kMaxJournalScanRows = 20'000;  // rows looked through for a page
inline constexpr std::size_t kScanBytes = std::size_t{256} * 1024;  // of rows read at once
inline constexpr std::uint64_t kMaxLogPage = 1000;                  // changes of the topology
inline constexpr std::uint64_t kMaxTrialPage = 500;  // issues tried against a policy at once
inline constexpr std::size_t kMaxMonthBytes = 7;     // "2026-11"
inline constexpr std::uint64_t kMaxTreeDepth = 16;   // levels below the unit asked for

// A node below that was not heard for so long is called silent, unless asked otherwise.
inline constexpr std::uint64_t kSilentAfterMs = std::uint64_t{5} * 60 * 1000;

static_assert(kMaxTargetBytes < kMaxHeaderBytes);
inline constexpr std::size_t kMaxDamagesShown = 100;  // of a status

}  // namespace yishi::http
