// Issues and facts between their tables and memory. Private to node/store.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "node/store/database_impl.h"
#include "node/store/issues.h"

namespace yishi::store {

// From the cache or the table; nothing when no fact ever named it. An issue of which no
// logging was applied (n is 0) is there too, with the facts that wait or are void.
std::optional<LoadedIssue> load_issue(Database::Impl& impl, std::string_view id);
// The same, to be changed: a writer's, in its cache; nullptr when no fact ever named it.
// Whoever changes it says so (unsaved, counted). Lives until the next call of these two.
LoadedIssue* hold_issue(Database::Impl& impl, std::string_view id);
LoadedIssue* new_issue(Database::Impl& impl, const std::string& id);
// Brings the tables up to what the cache says: before a commit, and before a writer asks
// the tables themselves inside a transaction.
void save_unsaved(Database::Impl& impl);

// The facts of an issue; their bodies are read from the rows. A fact whose record's bytes
// are gone is left out. `author`: the number of its log.
std::vector<StoredFact> load_facts(Database::Impl& impl, std::int64_t issue);

std::optional<FactPlace> find_fact(Database::Impl& impl, std::int64_t issue,
                                   const crypto::Digest& digest, std::int64_t author);
// True when the record is here as a fact of this issue and has no effect.
bool is_void(Database::Impl& impl, std::int64_t issue, const crypto::Digest& digest);
// Its place and effect, whether it was there or not.
void put_fact(Database::Impl& impl, std::int64_t issue, const deliberation::Fact& fact,
              const FactPlace& place, const deliberation::Folded& folded);

// Places in the order in which this store took them in.
bool earlier_entry(const FactPlace& a, const FactPlace& b);

// A row is news for a unit below; empty: for everyone. Said once of the newest row, and again of
// an older one whenever it is told.
std::uint64_t last_news(Database::Impl& impl);  // of a writer
void touch(Database::Impl& impl, std::uint64_t position, const std::string& unit);

}  // namespace yishi::store
