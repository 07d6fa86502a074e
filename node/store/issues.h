// The projections: issues as folded from the records, their facts with their effects, the
// index that finds what a subtree must hear, search, and the aggregates. All of it can be
// derived again from the rows (logs.h); `yishi verify` does so and compares.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/deliberation/fold.h"
#include "node/store/database.h"

namespace yishi::store {

struct FactPlace {             // where the record's bytes are
  std::uint64_t position = 0;  // row
  std::uint64_t sequence = 0;  // entry in its log
  std::uint64_t index = 0;     // record in its entry
};

struct StoredFact {
  deliberation::Fact fact;
  FactPlace place;
  deliberation::Effect effect = deliberation::Effect::kApplied;
  std::string rule, zh, en;  // of the error when void
};

struct Applied {
  bool changed = false;        // the issue's state is another than before
  bool misses = false;         // a fact waits for one that is not here: ask for the issue
  std::optional<Error> error;  // the fact breaks a rule (kept and shown)
};

// What must still be said of the units at or below which an issue's fact is news.
struct Touch {
  std::uint64_t news = 0;  // 1, 2, 3 … in the order in which it became news: cursors count these
  std::uint64_t position = 0;  // of the row
  // Empty: everyone (topology). The store's own unit: all below that the row's records concern.
  topology::Code unit;
};

struct IssueFilter {
  std::optional<topology::Code> home_inside;  // home in this subtree
  std::optional<topology::Code> holder;
  std::string stage, category, month;  // empty: any
  std::string text;                    // words that must be in it, or an issue's id
  bool escalated_only = false;
  bool open_only = false;
  std::uint64_t before = 0;  // paging: rows with an order below this; 0: the first page
  std::size_t limit = 100;   // ≤ 1000
};
struct IssueRow {
  deliberation::Issue issue;
  std::uint64_t order = 0;  // newest change has the greatest; of a search: newest logged
};

class Issues {
 public:
  explicit Issues(Database& database) : database_(database) {}

  // Writer, inside a transaction. The row of the place must be appended before. The same fact
  // again changes nothing; the same record under an earlier entry of its log counts from
  // there. Rule "store.*" when the database fails; a fact that breaks a rule is no error here.
  Result<Applied> apply(const deliberation::Fact& fact, const FactPlace& place,
                        const deliberation::World& world, const topology::Code& here);
  // A key was ended: what its log says beyond an entry is judged anew. The ids of the issues that
  // are in another state for it. Looks at every fact.
  Result<std::vector<std::string>> judge_again(const crypto::Digest& author, std::uint64_t after,
                                               const deliberation::World& world,
                                               const topology::Code& here);
  // The same for the facts whose kind was not known, when this program knows more kinds than the
  // one that took them in. Looks at every fact.
  Result<std::vector<std::string>> judge_unknown(const deliberation::World& world,
                                                 const topology::Code& here);
  bool has_unknown() const;  // facts of kinds that the program that took them in did not know
  // Which deadlines are this node's to tell of follows from the topology: looks at every issue
  // that has one.
  Status review_deadlines(const deliberation::World& world, const topology::Code& here);
  // Before the projections are derived again: what becomes news then is numbered beyond what any
  // cursor below can have passed, so that it is all offered once more.
  Status skip_news();
  // These units are reached another way than before: everything that concerns them is news once
  // more, for those on the new way have let it pass. Looks at all news.
  Status tell_again(const std::vector<topology::Code>& units);
  Status touch_everyone(std::uint64_t position);  // a row of the topology log
  // Rule "store.numbers" when the node's range for the year is used up.
  // The first of `count` that follow each other.
  Result<std::uint64_t> next_number(const topology::Code& unit, int year, std::uint32_t incarnation,
                                    std::uint64_t count = 1);

  // Both.
  bool knows(std::string_view id, const crypto::Digest& fact) const;  // by the record's digest
  // Nothing for one that was only named: its logging is not here, or without effect.
  std::optional<deliberation::Issue> issue(std::string_view id) const;
  std::vector<StoredFact> facts(std::string_view id) const;  // by number, then time and digest
  std::vector<std::uint64_t> positions(std::string_view id) const;  // rows that speak of it
  std::vector<Touch> touches(std::uint64_t after_news, std::size_t limit) const;
  std::uint64_t last_news() const;                                     // a writer's
  std::vector<std::string> held_by(const topology::Code& unit) const;  // ids, not ended
  // When the next timer goes off, by the tables: what this transaction changed is not seen yet.
  // 0: none. And the issues whose timers have gone off by then, the earliest first.
  std::uint64_t next_due_ms() const;
  std::vector<std::string> due_before(std::uint64_t now_ms, std::size_t limit) const;
  std::vector<std::string> rounds_of(std::string_view id) const;   // logged as its next round
  std::vector<std::string> answers_to(std::string_view id) const;  // logged in answer to it
  std::vector<IssueRow> list(const IssueFilter& filter, const topology::Directory& directory) const;
  // In order of their last change, those changed after `order`; and the greatest order there is.
  std::vector<IssueRow> changed_after(std::uint64_t order, std::size_t limit) const;
  std::uint64_t last_change() const;
  // The issue that a line of a file was logged as; empty: none was.
  std::string imported_as(const topology::Code& home, std::string_view key) const;
  std::uint64_t count() const;

 private:
  Database& database_;
};

// "环境整治" -> "环境 境整 整治 治": what goes into the index; runs of letters and digits stay
// whole and lower-case.
std::string bigrams(std::string_view text);

// A digest over every projection table in a fixed order: equal stores give equal texts. One
// line a table: name, rows, hex.
std::vector<std::string> projection_digests(Database& database);

}  // namespace yishi::store
