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
inline constexpr std::size_t kMaxOnceKeyBytes = 255;         // of an Idempotency-Key
inline constexpr std::size_t kMaxRevisions = 16;             // in an If-Match
inline constexpr std::size_t kMaxJsonDepth = 16;             // arrays and objects in each other
inline constexpr std::chrono::seconds kRequestTime{30};      // to send one; also idle between two
inline constexpr std::chrono::seconds kReplyTime{30};        // to take the answer
inline constexpr std::chrono::seconds kCommandTime{30};      // for the core thread to answer
inline constexpr std::size_t kMaxConnections = 64;           // the next is told 503 and closed
inline constexpr std::size_t kMaxWorkers = kMaxConnections;  // a connection has one request
inline constexpr std::size_t kMaxIdleReaders = 2;            // database readers kept open

// People, over TCP.
inline constexpr std::size_t kMaxPeople = 256;          // connections, streams of events included
inline constexpr std::size_t kMaxPeopleOfAddress = 64;  // of one address
inline constexpr int kCertificateDays = 3650;           // of the one that a node makes for itself
inline constexpr double kRequestsPerSecond = 50;        // of one session, token, or address
inline constexpr double kRequestBurst = 300;            // saved up while it was quiet
inline constexpr std::size_t kMaxCallers = 4096;  // counted at once; the quietest is forgotten

// Streams of events.
inline constexpr std::size_t kMaxStreams = 128;         // the next is told 503
inline constexpr std::size_t kMaxStreamsOfCaller = 16;  // of one account, or of the socket
inline constexpr std::size_t kMaxEventsAtOnce = 200;    // more in one look: "reset" instead
inline constexpr std::size_t kMaxFeedBytes =
    std::size_t{1024} * 1024;  // that wait for a slow reader; then it is cut off
inline constexpr std::chrono::milliseconds kLookTime{250};  // between two looks at the store
inline constexpr std::uint64_t kLooksPerStatus = 8;
inline constexpr std::uint64_t kLooksPerCheck = 4;    // of the sessions behind the streams
inline constexpr std::uint64_t kLooksPerBeat = 60;    // 15 s: what is quiet longer is dead
inline constexpr std::uint64_t kLooksAfterReset = 8;  // let pass: lists are being read anew

// The public.
inline constexpr double kMattersPerSecond = 10.0 / 3600;  // of one address: 10 an hour
inline constexpr double kMatterBurst = 10;
inline constexpr double kMattersOfAllPerSecond = 200.0 / 3600;
inline constexpr double kMattersOfAllBurst = 200;
inline constexpr double kLookupsPerSecond = 1;  // of notices, and by number and code
inline constexpr double kLookupBurst = 60;
inline constexpr std::size_t kMaxMatterBytes = std::size_t{8} * 1024;  // of its text, or a reason
inline constexpr std::uint64_t kMaxMatterPage = 1000;
inline constexpr std::uint64_t kMaxNotices = 100;
inline constexpr std::size_t kNoticeScan = 500;  // issues looked through for a page of notices

// Undo.
inline constexpr std::uint64_t kMaxUndoSeconds = 300;
inline constexpr std::chrono::milliseconds kPendingTime{1000};  // between looks for what is due
inline constexpr std::uint64_t kPendingStaleMs =
    std::uint64_t{24} * 3600 * 1000;  // overdue: it is not carried out any more

// Accounts. Times in milliseconds.
inline constexpr std::uint64_t kSessionIdleMs = std::uint64_t{15} * 60 * 1000;
inline constexpr std::uint64_t kSessionLifeMs = std::uint64_t{8} * 3600 * 1000;
inline constexpr std::uint64_t kSessionTouchMs = 30 * 1000;  // its last use is written so often
inline constexpr std::uint64_t kConfirmedMs = std::uint64_t{5} * 60 * 1000;  // a password counts
inline constexpr std::uint64_t kInvitationMs = std::uint64_t{24} * 3600 * 1000;
inline constexpr std::size_t kMaxSessionsOfAccount = 8;  // the one used longest ago is ended
inline constexpr std::size_t kMaxAccounts = 1000;
inline constexpr std::size_t kMaxTokens = 1000;
inline constexpr std::uint64_t kMaxTokenDays = 366;
inline constexpr std::size_t kMaxAccountBytes = 60;
inline constexpr std::size_t kMinPasswordBytes = 10;
inline constexpr std::size_t kMaxPasswordBytes = 256;
inline constexpr std::uint64_t kFailuresOfAccount = 5;    // then it is locked
inline constexpr std::uint64_t kFailuresOfAddress = 20;   // then the address is
inline constexpr std::uint64_t kFirstLockMs = 60 * 1000;  // doubled each time
inline constexpr std::uint64_t kLongestLockMs = std::uint64_t{60} * 60 * 1000;  // at most
inline constexpr std::ptrdiff_t kPasswordsAtOnce = 2;  // 32 MiB and 80 ms each
inline constexpr std::uint64_t kMaxAuditPage = 10'000;

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

inline constexpr std::size_t kDeskScan = 20'000;           // issues looked through for /desk
inline constexpr std::chrono::milliseconds kDeskDear{50};  // beyond, a view is kept longer

}  // namespace yishi::http
