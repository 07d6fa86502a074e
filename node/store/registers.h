// The projections of registers: each entry as the record that counts left it, the records with
// their effects, and what entries point at. They follow from the rows like those of issues.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/deliberation/register.h"
#include "node/store/database.h"
#include "node/store/issues.h"

namespace yishi::store {

struct RegisterEntry {
  deliberation::EntryName name;
  bool withdrawn = false;
  deliberation::RegisterBody body;  // of the record that counts
  std::uint64_t time_ms = 0;        // of its entry
  crypto::Digest digest, author;
  FactPlace place;
};

struct StoredRegisterFact {
  deliberation::RegisterFact fact;
  FactPlace place;
  bool counts = false;       // this is the one
  std::string rule, zh, en;  // of the error when void
};

struct WrittenRecord {  // of a register, in the order in which they came into this store
  std::uint64_t number = 0;
  deliberation::EntryName name;
  bool withdrawn = false;  // the entry, as it is now
};

struct EntryFilter {
  std::string register_id;               // empty: every register
  std::optional<topology::Code> inside;  // book of a unit in this subtree
  std::optional<topology::Code> unit;    // book of this unit
  bool withdrawn = false;                // those too
  std::string after;                     // paging: "UNIT/KEY" of the last one; of one register
  std::size_t limit = 100;               // ≤ 1000
};

class Registers {
 public:
  explicit Registers(Database& database) : database_(database) {}

  // Writer, inside a transaction; as Issues::apply. Gives the rule that it breaks, if any.
  Result<std::optional<Error>> apply(const deliberation::RegisterFact& fact, const FactPlace& place,
                                     const deliberation::World& world, const topology::Code& here);
  // A key was ended: what its log says beyond an entry is void.
  Status judge_again(const crypto::Digest& author, std::uint64_t after,
                     const deliberation::World& world);

  // Both.
  bool knows(const crypto::Digest& fact) const;
  // Withdrawn entries are given too; nothing when no valid record named it.
  std::optional<RegisterEntry> entry(const deliberation::EntryName& name) const;
  std::vector<StoredRegisterFact> history(const deliberation::EntryName& name) const;
  std::vector<RegisterEntry> list(const EntryFilter& filter,
                                  const topology::Directory& directory) const;
  // Entries, not withdrawn, that point at this one.
  std::vector<RegisterEntry> referring(const deliberation::EntryName& name,
                                       std::size_t limit) const;
  // Every entry of a register that is not withdrawn, in order of units and keys.
  void each(std::string_view register_id,
            const std::function<void(const RegisterEntry&)>& visit) const;
  std::vector<WrittenRecord> written_after(std::uint64_t number, std::size_t limit) const;
  std::uint64_t last_written() const;
  std::map<std::string, std::uint64_t> counts() const;  // entries not withdrawn, by register

 private:
  Database& database_;
};

}  // namespace yishi::store
