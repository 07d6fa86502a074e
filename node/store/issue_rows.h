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
// Makes the row of an issue that was never named before.
LoadedIssue insert_issue(Database::Impl& impl, const std::string& id);
void save_issue(Database::Impl& impl, const LoadedIssue& issue);  // row and cache

// The facts of an issue in the order of their places; their bodies are read from the rows.
// A fact whose record's bytes are gone is left out.
std::vector<StoredFact> load_facts(Database::Impl& impl, std::int64_t issue);

std::optional<FactPlace> find_fact(Database::Impl& impl, const crypto::Digest& digest,
                                   const crypto::Digest& author);
// True when the record is here as a fact of this issue and has no effect.
bool is_void(Database::Impl& impl, std::int64_t issue, const crypto::Digest& digest);
void insert_fact(Database::Impl& impl, std::int64_t issue, const StoredFact& fact,
                 std::string_view field);
// Its place and effect, by digest and author.
void update_fact(Database::Impl& impl, const StoredFact& fact, std::string_view field);

// Places in the order in which this store took them in.
bool earlier_entry(const FactPlace& a, const FactPlace& b);

}  // namespace yishi::store
