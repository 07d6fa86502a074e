// A damaged store made whole as far as it can be on its own: a fresh file with everything of
// the old one that is still sound. Offline: nobody else has the directory open.
//
//   table                        its pages are sound   else
//   entry_row                    each row is judged    a row that is not sound keeps its place,
//                                                      with an empty run, and is in `damage`
//   topology_row                 copied                made from the rows; mends them in turn
//   identity                     copied                its copy in named_value
//   log                          copied                derived from the rows
//   link, want, contact,         copied                empty: neighbours tell it again
//     refusal, numbering
//   fork, private_record,        copied                what can be read (private records by
//     named_value                                      their digest)
//   projections                  copied                the caller derives them again
//
// Indexes, free pages and SQLite's own structure are made anew. The schema's pages are those
// of every store of this version; when they are damaged, a fresh store's take their place. The
// damaged file is kept beside the store as store.db.damaged.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/store/database.h"
#include "node/store/logs.h"

namespace yishi::store {

// A named value, "1" when projections are to be derived again once every row is mended: they
// had to do without some.
inline constexpr std::string_view kProjectionsDue = "projections.due";

struct RowVerdict {
  std::optional<Error> fault;  // not set: the row is what its log's key signed. Texts name it
  sync::Head head;             // of its log after this row, when the row continues its log
  std::uint64_t topology = 0;  // version that its last entry names
  std::uint64_t records = 0, time_ms = 0;  // of a sound row, as its entries say
};
// Judges a row by its bytes; rows come in order of positions, an empty run is a row that
// cannot be read, and records of 0 say that these and the time are not known. May be asked again
// about the same row with other bytes.
using RowJudge = std::function<RowVerdict(const StoredRow&)>;
// Told before the first row.
using JudgeMaker = std::function<RowJudge(const Identity&)>;

struct Salvaged {
  std::vector<std::uint64_t> pages;  // damaged pages of the old file
  std::vector<Damage> rows;          // to be had from neighbours
  std::vector<Damage> mended;        // rows set right by the second copy or by the indexes
  std::vector<std::uint64_t> lost;   // positions of which nothing is known any more
  std::vector<std::string> tables;   // that were not copied whole
  bool projections = true;           // false: to be derived again
  bool heads = true;  // false: the ends of logs were derived from the rows: they may be short
  std::string kept;   // where the damaged file is
};

// How much of the file to look at; for a small store everything. Opens and closes the store.
// Nothing: all that was looked at is sound. Rules as Database::open's, and "store.corrupt".
Status examine(const std::string& directory, std::uint64_t max_bytes);

// Rules: "store.locked", "store.directory", "store.full", "store.io"; "store.lost" when
// nothing says what the store was.
Result<Salvaged> salvage(const std::string& directory, const JudgeMaker& judge_of,
                         std::uint64_t now_ms);

// Of an open store: pages from `first` on, at most `count` of them.
struct PageScan {
  std::uint64_t next = 1;  // 1: the end was reached
  std::optional<std::uint64_t> damaged;
};
PageScan scan_pages(Database& database, std::uint64_t first, std::uint64_t count);

}  // namespace yishi::store
