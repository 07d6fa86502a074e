// The entries, as they were made: rows of packed runs, the heads of their logs, and what
// is known of the links. What is here can rebuild everything else in the store.
//
// A row is one run in the order in which this store took it (position 1, 2, …). Writing
// functions must be called inside a transaction of a writer; a fault of the database comes
// back as the transaction's: they return Status or throw nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/store/database.h"
#include "node/store/limits.h"
#include "sync/log_check.h"
#include "sync/message.h"

namespace yishi::store {

enum class Source : std::uint8_t { kOwn = 0, kBelow = 1, kAbove = 2 };

struct StoredRow {
  std::uint64_t position = 0;
  crypto::Digest log;
  std::uint64_t first = 0, last = 0;  // sequences it was stored for
  std::uint64_t records = 0;          // of those entries
  std::uint64_t time_ms = 0;          // of its first entry
  Source source = Source::kOwn;
  Bytes run;  // packed
};

struct LogState {
  sync::Head head;                  // of the contiguous part; sequence 0: none
  std::uint64_t topology = 0;       // version its newest entry names
  std::uint64_t records = 0;        // held, contiguous or not
  std::string quarantine;           // rule, or empty
  std::uint64_t quarantine_at = 0;  // sequence
};

struct LinkState {                  // one neighbour, by its unit's code
  sync::Cursor inbound;             // how far we hold its stream …
  std::vector<sync::Lack> lacking;  // … but for these
  sync::Receipted receipted;        // how far it holds ours
  std::uint64_t receipted_ms = 0;   // when it last said so
  Bytes receipt;                    // its last ack that named heads
};

struct WantRow {
  sync::Want want;
  std::string neighbour;   // unit code it was missed from
  std::uint64_t upto = 0;  // a log: satisfied when the head reaches it
};

struct SignedHeader {  // an entry without its records
  Bytes header, signature;
};

struct ForkProof {
  crypto::Digest log;
  std::uint64_t sequence = 0;
  Bytes header_a, signature_a, header_b, signature_b;
};

struct Refusal {  // what was refused, for people to see
  std::uint64_t time_ms = 0;
  std::string peer;  // unit code, or the peer's key in hex when it is nobody's
  std::string rule, field, zh, en;
};

struct Waiting {                // what the parent has not receipted
  std::uint64_t records = 0;    // of whole rows: never less than there are
  std::uint64_t oldest_ms = 0;  // time of the oldest of them; 0 when none
};

// A row whose bytes went bad on this disk; until it is mended its run is empty.
struct Damage {
  StoredRow row;       // without its run
  std::string rule;    // what failed
  std::string zh, en;  // position, log, sequences and what failed, for people
  std::uint64_t found_ms = 0;
  std::uint64_t mended_ms = 0;  // 0: not yet
};

class Logs {
 public:
  explicit Logs(Database& database) : database_(database) {}

  // Rows.
  Result<std::uint64_t> append(StoredRow row);  // position is chosen; entry index is kept
  std::uint64_t last_position() const;
  std::optional<StoredRow> row(std::uint64_t position) const;
  // Rows after a position, in order, until max_bytes of packed runs (at least one row).
  // upward: only rows that are the node's own or came from below.
  std::vector<StoredRow> rows_after(std::uint64_t position, std::size_t max_bytes,
                                    bool upward) const;
  // Rows that hold sequences ≥ from of a log, in order of sequence.
  std::vector<StoredRow> rows_of_log(const crypto::Digest& log, std::uint64_t from,
                                     std::size_t max_bytes) const;
  bool holds(const crypto::Digest& log, std::uint64_t sequence) const;
  std::optional<SignedHeader> signed_header(const crypto::Digest& log,
                                            std::uint64_t sequence) const;
  // Of every row that holds the entry, in order of arrival: out of runs with holes an entry and its
  // twin may both be here.
  std::vector<SignedHeader> signed_headers(const crypto::Digest& log,
                                           std::uint64_t sequence) const;  // of a held entry
  std::optional<crypto::Digest> entry_digest(const crypto::Digest& log,
                                             std::uint64_t sequence) const;  // by re-hashing

  // Logs.
  LogState log(const crypto::Digest& log) const;
  Status set_head(const crypto::Digest& log, const sync::Head& head, std::uint64_t topology);
  Status quarantine(const crypto::Digest& log, std::string_view rule, std::uint64_t sequence);
  Status release(const crypto::Digest& log);
  std::vector<std::pair<crypto::Digest, LogState>> all_logs() const;
  Status add_fork(const ForkProof& proof);  // the first per log and sequence is kept
  std::vector<ForkProof> forks() const;

  // Damage: see salvage.h for how it is found. Newest first; open_only: those not mended.
  std::vector<Damage> damages(bool open_only, std::size_t limit) const;
  std::uint64_t open_damages() const;
  std::optional<std::uint64_t> first_open_damage(std::uint64_t after) const;  // position
  // The row's entries anew, verified by the caller; in the row's place, with its records and
  // the time of its first entry.
  Status mend(const StoredRow& row, std::uint64_t now_ms);
  Status keep_topology(std::uint64_t position, View run);  // the second copy

  // Bytes of records that are not in any run: private ones of this node.
  Status keep_private(const crypto::Digest& record, View bytes);
  Status erase_private(const crypto::Digest& record);  // overwritten; not there: nothing happens
  std::optional<Bytes> private_record(const crypto::Digest& record) const;

  // Links.
  LinkState link(const topology::Code& neighbour) const;  // zeros when never met
  Status save_link(const topology::Code& neighbour, const LinkState& state);
  Waiting waiting(const sync::Receipted& receipted) const;
  Status add_want(const WantRow& want);  // same again: nothing happens
  Status remove_want(const sync::Want& want);
  std::vector<WantRow> wants() const;

  // Contacts: what is known of the nodes below; refusals; small values by name.
  Status note_contact(const sync::FrontierRow& row);  // an older contact_ms changes nothing
  std::vector<sync::FrontierRow> contacts() const;
  Status note_refusal(const Refusal& refusal);
  std::vector<Refusal> refusals(std::size_t limit) const;  // newest first
  Status set_value(std::string_view name, std::string_view value);
  std::optional<std::string> value(std::string_view name) const;

 private:
  Database& database_;
};

}  // namespace yishi::store
