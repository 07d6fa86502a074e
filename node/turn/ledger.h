// The ledger: the store's entries together with what they fold to.
//
// Everything that becomes a row of the store comes through here, be it written by this
// node (write, write_topology) or received (take): verified, appended, and projected in the
// caller's transaction. `yishi verify` sends the same rows through a second ledger and
// compares.
//
// Faults of the database are remembered: after any call, fault() says whether the
// transaction is to be rolled back; rolled_back() then returns memory to the last commit.
// One thread.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "crypto/random.h"
#include "node/deliberation/react.h"
#include "node/store/issues.h"
#include "node/store/logs.h"
#include "node/store/registers.h"
#include "sync/run.h"
#include "topology/directory.h"

namespace yishi::turn {

inline constexpr std::string_view kJournalKind = "journal.noted";
inline constexpr std::string_view kKnownKinds = "known_kinds";  // named value: of the acts, by line
std::string known_kinds();                                      // of this program
inline constexpr std::string_view kTopologyLog = "topology_log";  // named value: its id in hex
// A run of one small entry is stored as it is, so that the first who sends it can pack it
// together with its neighbours; a larger one is compressed at once.
inline constexpr std::size_t kCompressAloneBytes = 16 * 1024;
using deliberation::kReporterKind;  // private: never in a run

// What became of a run that came in.
struct Taken {
  enum class Outcome {
    kStored,
    kKnown,    // nothing new in it
    kMissing,  // something before it is not here: `want` says what
    kRefused,  // `error` says why; the log's other news may still come
  };
  Outcome outcome = Outcome::kRefused;
  sync::LogHead head;  // of the log, after it; kMissing: the run's last entry
  // kRefused, kMissing: of this log, its sender's version is held here up to this; never more
  // than is true.
  std::uint64_t held = 0;
  std::uint64_t last = 0;  // last sequence in the run; kMissing: `want` is met by this
  std::optional<sync::Want> want;
  std::optional<Error> error;
};

class Ledger {
 public:
  explicit Ledger(store::Database& database);  // which outlives it

  // Folds the topology log from the rows; they were verified when they were stored.
  Status load();

  // Verifies and keeps a packed run. What comes from below, and the topology log, must follow
  // its log's head; entries from above come out of their runs and are checked singly.
  Taken take(View packed, store::Source source);

  // The projections of a row that is in the store; rows in order of positions, from the first.
  void project_row(const store::StoredRow& row);

  // In a transaction, once after load(): facts of kinds that this program knows and the one before
  // it did not are judged again.
  void judge_unknown();
  bool knows_kinds() const;  // nothing is to be judged again
  void review_deadlines();   // after the topology changed (issues.h)

  // The next entry of this node's log. Records must fit an entry; their bytes are kept
  // apart from the run when `private_from` says so: records from that index on are private.
  // Returns the sequence.
  Result<std::uint64_t> write(const crypto::PrivateKey& key, std::vector<sync::Record> records,
                              std::uint64_t now_ms, std::size_t private_from = SIZE_MAX);
  // The next entry of the topology log: changes that the directory has checked.
  Status write_topology(const crypto::PrivateKey& key, const std::vector<Bytes>& changes,
                        std::uint64_t now_ms, crypto::Random& random);

  const topology::Directory& directory() const { return *directory_; }
  std::shared_ptr<const topology::Directory> shared_directory() const { return directory_; }
  const deliberation::World& world() const { return *world_; }
  store::Logs& logs() { return logs_; }
  store::Issues& issues() { return issues_; }
  store::Registers& registers() { return registers_; }
  store::Database& database() { return database_; }
  const topology::Code& here() const { return here_; }
  bool is_topology_log(const crypto::Digest& log) const;

  // Issues whose state changed, and issues of which something is missing, since the last
  // take_*; for react and for wants.
  bool has_changed() const { return !changed_.empty(); }
  std::set<std::string> take_changed() { return std::exchange(changed_, {}); }
  std::set<std::string> take_incomplete() { return std::exchange(incomplete_, {}); }
  bool take_topology_changed() { return std::exchange(topology_changed_, false); }

  const std::optional<Error>& fault() const { return fault_; }
  void fail(const Error& error) { note(error); }
  void committed();
  void rolled_back();

  std::uint64_t signatures_checked() const { return signatures_; }

 private:
  std::optional<Error> speaker_of(const crypto::Digest& log, std::uint64_t sequence,
                                  std::optional<crypto::PublicKey>& key) const;
  Taken waits_for_topology(const sync::EntryHeader& last) const;
  std::uint64_t held_before(const sync::EntryHeader& first) const;
  Taken take_first(const sync::Run& run, View packed, const sync::EntryHeader& first,
                   store::Source source);
  Taken check_and_keep(const sync::Run& run, View packed, const crypto::PublicKey& key,
                       store::Source source, bool contiguous);
  std::optional<Error> topology_goes_back(const sync::Verdict& verdict,
                                          const store::LogState& state, bool contiguous) const;
  bool brings_records(const sync::Run& run, const sync::Verdict& verdict) const;
  void keep_fork(const crypto::Digest& log, const sync::Run& run, std::size_t at, bool by_previous);
  Taken keep(const sync::Run& run, View packed, const sync::Verdict& verdict, store::Source source,
             bool contiguous);
  Result<std::uint64_t> append_own(const crypto::PrivateKey& key, const crypto::Digest& log,
                                   std::vector<sync::Record> records, std::uint64_t now_ms,
                                   std::uint64_t topology, std::size_t private_from);
  void project(const sync::EntryHeader& header, const sync::Entry& entry, std::uint64_t position);
  void judge_again(const topology::NodeEnded& ended);
  void tell_again(const std::set<topology::Code>& moved);
  void project_record(const sync::EntryHeader& header, std::size_t index, View bytes,
                      std::uint64_t position);
  void project_register(const sync::EntryHeader& header, std::size_t index,
                        const sync::Record& record, std::uint64_t position);
  void apply_changes(const sync::EntryHeader& header, const sync::Entry& entry);
  void note(const Status& status);
  void use(std::shared_ptr<const topology::Directory> directory);

  store::Database& database_;
  store::Logs logs_;
  store::Issues issues_;
  store::Registers registers_;
  topology::Code here_;
  crypto::Suite suite_;
  crypto::Digest network_;
  std::shared_ptr<const topology::Directory> directory_;
  std::shared_ptr<const topology::Directory> committed_directory_;
  std::unique_ptr<deliberation::World> world_;
  std::set<std::string> changed_, incomplete_;
  bool topology_changed_ = false;
  std::optional<Error> fault_;
  std::uint64_t signatures_ = 0;
};

}  // namespace yishi::turn
