// Reports for leaders: counts with how complete they are. Read-only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "node/store/figures.h"
#include "node/store/logs.h"
#include "topology/directory.h"

namespace yishi::store {

enum class Grouping { kChild, kLevel, kMonth };

struct ReportQuery {
  topology::Code unit;
  Span span;
  Grouping by = Grouping::kChild;
};

struct ReportLine {
  topology::Code unit;  // by child: a child of the unit, or itself for its own matters
  std::string name;     // of it
  std::string key;      // by level or month: "township", "2026-11"
  std::map<std::string, std::int64_t> figures;  // those that are not 0, by name (tally.h)
  std::int64_t of(const std::string& figure) const;
};

// How complete the figures are. A node is in when this store holds its log up to the head
// that its parent last reported; up to when is the earliest contact among those.
struct Frontier {
  std::uint64_t units = 0;  // units at or below
  std::uint64_t nodes = 0;  // nodes below
  std::uint64_t in = 0;
  std::uint64_t up_to_ms = 0;           // all that are in were heard at or after this; 0: none
  std::vector<topology::Code> behind;   // heard of, but records of theirs are still on their way
  std::vector<topology::Code> missing;  // never heard of
  std::vector<topology::Code> silent;   // not heard for longer than `silent_after_ms`
  std::uint64_t units_without_node = 0;
};

struct Report {
  topology::Code unit;
  Span span;
  Grouping by = Grouping::kChild;
  std::vector<ReportLine> lines;
  ReportLine total;
  Frontier frontier;
};

Frontier frontier(Database& database, const topology::Directory& directory,
                  const topology::Code& unit, std::uint64_t now_ms, std::uint64_t silent_after_ms);
Report report(Database& database, const topology::Directory& directory, const ReportQuery& query,
              std::uint64_t now_ms, std::uint64_t silent_after_ms);
// The units at or below one; none: all that there are.
std::vector<topology::Code> units_below(const topology::Directory& directory,
                                        const topology::Code& unit);

}  // namespace yishi::store
