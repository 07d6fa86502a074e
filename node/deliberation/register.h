// Registers: the books that a place keeps beside its issues. Rooms, members, bodies, hook-ups,
// plans, activities, bulletins … are all registers that the policy declares; the engine knows
// none of them by name.
//
// A register has entries. An entry belongs to a unit (whose book it stands in) and has a key,
// unique in that unit's book. A record (kinds below, the unit's code as subject) puts an entry
// with all its fields, or withdraws it. Of the valid records of an entry the one with the
// greatest (revision, time, digest) counts: records of registers commute and wait for nothing.
// A revision is one more than what its author knew, so that a correction counts even where a
// clock was wrong before.
//
// A record is judged by the topology and the policy in force at the version its entry names.
// Values are texts in one spelling: numbers decimal, dates 2026-10-01, units their code,
// labels their id, issues their id, entries of registers UNIT/KEY.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/deliberation/fold.h"
#include "sync/entry.h"
#include "sync/record.h"

namespace yishi::deliberation {

inline constexpr std::string_view kRegisterPut = "register.put";
inline constexpr std::string_view kRegisterWithdrawn = "register.withdrawn";
bool is_register_kind(std::string_view kind);

inline constexpr std::size_t kMaxRegisters = 64;       // of a policy
inline constexpr std::size_t kMaxRegisterFields = 48;  // of a register
inline constexpr std::size_t kMaxFieldValues = 256;    // of a field with many
inline constexpr std::size_t kMaxEntryKeyBytes = 200;
inline constexpr std::size_t kMaxEntryBytes = std::size_t{48} * 1024;  // all values together
inline constexpr std::uint64_t kMaxRevision = 1'000'000;
inline constexpr std::int64_t kMaxRegisterNumber = 1'000'000'000'000'000;

using FieldValues = std::map<std::string, std::vector<std::string>>;  // by field's id; never empty

struct RegisterBody {
  topology::Code unit;         // "unit" in whose name
  std::string by;              // "by"   organ or role, as typed
  std::string register_id;     // "reg"
  std::string key;             // "key"
  std::uint64_t revision = 1;  // "rev"  from 1
  FieldValues fields;          // "f"    register.put only: one value is a text, several an array
  std::string reason;          // "why"
  bool operator==(const RegisterBody&) const = default;
};
Bytes encode_register(const RegisterBody& body);
Result<RegisterBody> decode_register(
    View bytes);  // limits, types, UTF-8; the policy judges the rest

struct RegisterFact {
  crypto::Digest digest;  // of the record
  crypto::Digest author;
  std::uint64_t sequence = 0;
  std::uint64_t time_ms = 0;
  topology::Version topology = 0;
  bool withdrawn = false;
  topology::Code subject;  // whose book
  RegisterBody body;
};

// A record of a register's kind in its place: number `index` of its entry. Rules "pack.*",
// "register.values|fields|long", "code.*".
Result<RegisterFact> read_register(const sync::Record& record, const sync::EntryHeader& header,
                                   std::size_t index);

// Whether the record counts among those of its entry. Rules "policy.none", "act.keeper",
// "act.suspended", "act.ended", "register.unknown|unit|level|writer|field|key|revision".
Status judge_register(const RegisterFact& fact, const World& world);

// Orders the valid records of one entry: the greatest counts.
struct RegisterRank {
  std::uint64_t revision = 0, time_ms = 0;
  crypto::Digest digest;
  auto operator<=>(const RegisterRank&) const = default;
};
inline RegisterRank rank_of(const RegisterFact& fact) {
  return {fact.body.revision, fact.time_ms, fact.digest};
}

// Whose nodes are to have it besides those above its author: the entry's unit, and units that it
// names. `below`: all units below the entry's unit as well.
struct RegisterReach {
  std::vector<topology::Code> units;
  bool below = false;
};
RegisterReach reach_of(const RegisterFact& fact, const World& world, bool valid);

// What an entry points at; registers are empty for issues (then key is its id).
struct EntryName {
  std::string register_id;
  topology::Code unit;
  std::string key;
  auto operator<=>(const EntryName&) const = default;
};
std::vector<EntryName> references_of(const Register& its_register, const FieldValues& fields);
// "320800000000/012" -> its parts; nothing when it is not so written.
std::optional<std::pair<topology::Code, std::string>> parse_entry_reference(std::string_view text);

// What a person wants put: the values in the policy's spelling (labels by Chinese or English
// name, numbers with separators …), the key made, everything checked. `subject`: whose book.
// `known`: the entry's values as they are, when there are any: a masked value that is given for a
// personal field stands for the value it masks.
struct RegisterDraft {
  std::string kind;
  topology::Code subject;
  RegisterBody body;
};
Result<RegisterDraft> make_register_put(const topology::Code& subject, RegisterBody body,
                                        const World& world, const topology::Code& here);
Result<RegisterDraft> make_register_withdrawal(const topology::Code& subject, RegisterBody body,
                                               const World& world, const topology::Code& here);
// The key that these values have, from the fields that the register names for it.
std::string register_key(const Register& its_register, const FieldValues& fields);

// Values as lists and exports show them: of "李小明" "李**", of "13800001234" "138****1234".
std::string masked(std::string_view value);
FieldValues masked_fields(const Register& its_register, FieldValues fields);
// Personal values that are still as masked_fields shows them become what they mask.
void unmask_fields(const Register& its_register, FieldValues& fields, const FieldValues& known);

}  // namespace yishi::deliberation
