// The books that the checkers keep from a witness' account: what each machine had on its
// disk at each moment, and what its key had really signed.
//
// Read with the formats' decoders only; digests are taken anew. One thread; a Book and what
// it answers live as long as the witness.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "node/deliberation/fold.h"
#include "sync/entry.h"
#include "tests/sim/witness.h"

namespace yishi::sim {

struct HeldEntry {
  sync::EntryHeader header;
  crypto::Digest digest;  // of header and signature, as the next entry names it
  Bytes bytes;            // of the header
  crypto::Signature signature;
  std::vector<std::optional<Bytes>> records;
};
using Place = std::pair<crypto::Digest, std::uint64_t>;  // log, sequence

// A row on a disk: `entries` are those it was stored for.
struct HeldRow {
  const store::StoredRow* row = nullptr;
  std::vector<const HeldEntry*> entries;
};

class Book {
 public:
  explicit Book(const Witness& witness);

  const Witness& witness() const { return witness_; }
  const HeldRow& read(const store::StoredRow& row) const;  // one of the witness' rows

  // The machine whose log it is; SIZE_MAX: nobody's. The topology log is the root's.
  std::size_t writer_of(const crypto::Digest& log) const;
  // What a machine really wrote into its logs: entry digests by place.
  bool wrote(const Place& place, const crypto::Digest& digest) const;
  bool honest(const crypto::Digest& log) const;

  const topology::Directory& directory() const { return *directory_; }  // the root's, at the end
  // The machine that speaks for the unit at the end; SIZE_MAX: none.
  std::size_t machine_of(const topology::Code& unit) const;
  // Whether everything that is promised is promised of this machine at the end: it and all
  // above it live, keep to the rules, speak and are not suspended.
  bool firm(std::size_t node) const { return node < firm_.size() && firm_[node]; }
  bool reliable(std::size_t node) const;  // honest and alive at the end, wherever it stands

  std::string name(std::size_t node) const;  // "node 3 (320803001001)"

 private:
  void note_written(std::size_t node, const store::StoredRow& row);
  bool stands_firm(std::size_t node) const;

  const Witness& witness_;
  std::map<crypto::Digest, std::size_t> writers_;
  std::map<Place, std::set<crypto::Digest>> written_;
  std::shared_ptr<const topology::Directory> directory_;
  std::vector<bool> firm_;
  // Rows of equal bytes are read once; filled as rows are asked for.
  mutable std::unordered_map<std::string_view, std::vector<HeldEntry>> runs_;
  mutable std::unordered_map<const store::StoredRow*, HeldRow> rows_;
};

// One machine's disk as the events go on.
class Shelf {
 public:
  explicit Shelf(const Book& book) : book_(&book) {}

  // What a restart found. Answers the rows that were there before and are not, or differ.
  std::vector<std::uint64_t> open(const std::vector<store::StoredRow>& rows);
  void add(const store::StoredRow& row);

  const std::map<std::uint64_t, HeldRow>& rows() const { return rows_; }
  // Held whole: from below or its own, never only what came from above.
  bool holds(const Place& place, const crypto::Digest& digest) const;
  const std::set<crypto::Digest>* at(const Place& place) const;  // whole ones
  // Every entry it has, from wherever.
  std::vector<const HeldEntry*> entries() const;

 private:
  const Book* book_;
  std::map<std::uint64_t, HeldRow> rows_;
  std::map<Place, std::set<crypto::Digest>> whole_;
};

std::vector<Shelf> shelves_at_end(const Book& book);

// The records about issues that stand in these entries, by issue.
using Facts = std::map<std::string, std::vector<deliberation::Fact>>;
void add_facts(Facts& facts, const HeldEntry& entry);

std::string short_hex(const crypto::Digest& digest);
std::string at_ms(Millis at);

}  // namespace yishi::sim
