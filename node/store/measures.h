// Reports on registers, issues and units as the policy measures them: counts by unit, rates that
// name their two counts, gaps, minimums, stars; and each number opened to what it counts.
// Read-only; one state of the store for a whole report. Units count where they lie now. Looks at
// every entry of the registers that are measured, and at every issue when one of the measures
// counts issues or sessions.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "node/deliberation/measure.h"
#include "node/store/registers.h"
#include "node/store/reports.h"

namespace yishi::store {

struct MeasureCount {
  std::int64_t value = 0;
  std::map<std::string, std::int64_t> by;  // split, by the value of the measure's field
};
using MeasureCounts = std::vector<MeasureCount>;  // beside the policy's measures

struct MeasureLine {
  topology::Code unit;  // a child of the unit reported on with all below it, or itself alone
  std::string name;
  MeasureCounts counts;
};

struct MeasureReport {
  topology::Code unit;
  deliberation::Period period;
  std::vector<MeasureLine> lines;
  MeasureLine total;
  Frontier frontier;
};

// Something that a measure counts, or that lacks something.
struct Counted {
  topology::Code unit;            // it is counted for
  deliberation::EntryName entry;  // an entry; register empty: an issue (key: its id) or the unit
  std::int64_t amount = 1;
  std::vector<std::string> splits;  // under which it is counted as well
};

struct GapReport {
  std::size_t among = 0;         // units or entries that were looked at
  std::vector<Counted> missing;  // those that lack it
};

struct MinimumLine {
  std::size_t minimum = 0;  // in the policy
  topology::Code unit;
  std::int64_t count = 0;
  std::uint64_t due = 0;  // by that day
};

struct StarLine {
  topology::Code unit;
  std::vector<std::pair<std::int64_t, std::int64_t>> parts;  // count and among, by component
  std::vector<std::uint64_t> points;                         // hundredths, by component
  std::uint64_t total = 0;                                   // hundredths
};

struct MeasureQuestion {
  const deliberation::World& world;
  topology::Code unit;
  deliberation::Period period;
  std::uint64_t now_ms = 0;
};

// The policy in force now; asserts that there is one.
MeasureReport measure_report(Database& database, const MeasureQuestion& question,
                             std::uint64_t silent_after_ms);
// What the measure counts at or below the unit, in order; `limit` after the first `skip`.
std::vector<Counted> open_measure(Database& database, const MeasureQuestion& question,
                                  const std::string& measure, std::size_t skip, std::size_t limit);
std::vector<GapReport> gap_reports(Database& database, const MeasureQuestion& question);
// Of the year that `day` lies in, up to that day. Every unit a minimum is asked of.
std::vector<MinimumLine> minimum_lines(Database& database, const MeasureQuestion& question,
                                       const std::string& day);
std::vector<StarLine> star_lines(Database& database, const MeasureQuestion& question);

}  // namespace yishi::store
