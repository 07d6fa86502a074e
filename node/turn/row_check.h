// Whether a stored row still is what its log's key signed: everything about it that its
// bytes allow to derive again.
//
// The run decodes; every entry is of the row's log and network; every record that is there has
// the digest that its header says; the entries follow each other, the first of them the row
// before, and the last carries the key's signature (in a row from above, which has single
// entries, each does); first, last, records and time are those of the entries.
//
// Rows come in order of positions. Pure: no database, no clock. Not an error: a key that is
// not known (yet); then only the digests are compared.
#pragma once

#include <map>

#include "node/store/salvage.h"
#include "topology/directory.h"

namespace yishi::turn {

class RowCheck {
 public:
  // Whose signatures are verified: those of single entries, on which nothing else rests; or
  // the last one of each run too. Without them a log's end is to be held against its head: a
  // chain then shows every change, but not in which of two rows it was.
  enum class Signatures { kSingles, kEveryRun };
  // The directory is asked for keys and names; it may grow meanwhile.
  RowCheck(const topology::Directory& directory, const crypto::Digest& network, crypto::Suite suite,
           Signatures signatures)
      : directory_(&directory), network_(network), suite_(suite), signatures_(signatures) {}
  void use(const topology::Directory& directory) { directory_ = &directory; }

  store::RowVerdict judge(const store::StoredRow& row);
  // The end of what was judged of a log, when the rows before were not: else nothing is known
  // of the entry before a log's first row.
  void expect(const crypto::Digest& log, const sync::Head& head) { heads_[log] = head; }
  std::optional<sync::Head> head_of(const crypto::Digest& log) const;  // as judged so far
  bool contiguous(const store::StoredRow& row) const;  // whether the row continues its log

 private:
  std::optional<Error> fault_of(const store::StoredRow& row, store::RowVerdict& verdict);
  std::optional<Error> chain_fault(const store::StoredRow& row, const sync::Run& run,
                                   store::RowVerdict& verdict);
  std::optional<Error> singles_fault(const store::StoredRow& row, const sync::Run& run,
                                     store::RowVerdict& verdict);
  std::optional<crypto::PublicKey> key_of(const crypto::Digest& log) const;
  const topology::Directory* directory_;
  crypto::Digest network_;
  crypto::Suite suite_;
  Signatures signatures_;
  std::map<crypto::Digest, sync::Head> heads_;
};

// "position 17, log 3f2a… of 320803001001 一村, entries 5 to 9: …"
Error name_damage(const topology::Directory& directory, const store::StoredRow& row,
                  const Error& fault);

}  // namespace yishi::turn
