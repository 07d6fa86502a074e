// Reports for leaders: counts with how complete they are. Read-only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "node/store/issues.h"
#include "node/store/logs.h"
#include "topology/directory.h"

namespace yishi::store {

struct ReportLine {
  topology::Code unit;  // a child of the unit reported on, or itself for its own matters
  std::string name;
  std::map<std::string, std::uint64_t> by_stage;
  std::uint64_t issues = 0;
  std::int64_t budget_fen = 0;
  std::uint64_t escalated = 0;  // issues that climbed at least one level
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
  std::string month;  // empty: all
  std::vector<ReportLine> lines;
  ReportLine total;
  std::map<std::string, std::uint64_t> by_category;
  std::map<std::string, std::uint64_t> escalation_reasons;
  Frontier frontier;
};

Frontier frontier(Database& database, const topology::Directory& directory,
                  const topology::Code& unit, std::uint64_t now_ms, std::uint64_t silent_after_ms);
Report report(Database& database, const topology::Directory& directory, const topology::Code& unit,
              std::string_view month, std::uint64_t now_ms, std::uint64_t silent_after_ms);

}  // namespace yishi::store
