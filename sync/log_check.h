// Whether a run may follow a log: pure functions over bytes, a head and a key.
//
// A contiguous run is verified by hashing, and by one signature at its end: each
// header holds the digest of the one before, signature included. Costs: one digest
// a record, one an entry, one signature a run. A run that brings nothing new and ends in
// an entry we hold costs no signature.
//
// Rules of `error`, besides those of entry.h: log.foreign (another log's entry),
// log.sequence and log.previous (the run is not a chain), log.topology.rollback (the
// topology version goes back within the run), log.signature, log.gap, log.fork. Time
// may go back: clocks do.
//
// A gap or a fork is said only of what the log's key has signed, so that junk causes
// neither wants nor accusations: junk is kInvalid. A fork is one of
//   field "sequence": another entry than ours for a sequence we hold;
//   field "previous": an entry that follows another entry than ours. Together with ours
//   it proves as much: a key that keeps to one chain never signs both.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sync/entry.h"
#include "sync/run.h"

namespace yishi::sync {

struct Head {
  std::uint64_t sequence = 0;  // 0: the log is empty
  crypto::Digest digest;       // entry digest of that sequence; zero when empty
  std::uint64_t time_ms = 0;   // of that entry
};

enum class Standing {
  kFollows,  // new entries, in order: store them from `first_new` on
  kKnown,    // nothing new
  kGap,      // begins after head + 1: ask for what lies between
  kForked,   // another entry for a sequence we hold: proof below
  kInvalid,  // not well formed, wrong digest or signature: see error
};

struct Verdict {
  Standing standing = Standing::kInvalid;
  std::size_t first_new = 0;            // index into the run's entries; their number when kKnown
  Head head;                            // after the run, when kFollows
  std::vector<EntryHeader> headers;     // of the run's entries, decoded: all of them, save that
                                        // kForked and kInvalid stop at or before `at`
  std::vector<crypto::Digest> digests;  // entry digests, beside headers
  std::optional<Error> error;           // kInvalid, kForked, kGap: rule and sentence
  std::size_t at = 0;                   // kForked, kInvalid: index of the entry it is about
};

// digest_at(sequence): the digest we hold for a sequence ≤ head, or nullopt when we
// do not hold that one. All entries must be of the log of `key`.
Verdict check_run(const crypto::PublicKey& key, const crypto::Digest& network, const Head& head,
                  const Run& run,
                  const std::function<std::optional<crypto::Digest>(std::uint64_t)>& digest_at);

// Entries out of a run: each signature is checked, save of entries that we hold; no order
// is demanded, and the log may have holes. kFollows: some are new, the first of them is
// first_new; `head` stays empty, for there is no chain. Two entries of the run that claim
// one sequence are a fork too. Never kGap.
Verdict check_singly(const crypto::PublicKey& key, const crypto::Digest& network, const Run& run,
                     const std::function<std::optional<crypto::Digest>(std::uint64_t)>& digest_at);

}  // namespace yishi::sync
