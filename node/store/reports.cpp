#include "node/store/reports.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "node/store/database_impl.h"

namespace yishi::store {
namespace {

using topology::Code;
using topology::Directory;

// Which line of a report on `unit` a matter's home belongs to: the child of the unit above
// it, or the unit itself. Empty: not inside. Each home is walked up once.
class Lines {
 public:
  Lines(const Directory& directory, const Code& unit) : directory_(directory), unit_(unit) {}

  const Code& of(const Code& home) {
    const auto known = lines_.find(home);
    if (known != lines_.end()) return known->second;
    return lines_.emplace(home, walk(home)).first->second;
  }

 private:
  Code walk(const Code& home) const {
    Code line = home;
    for (Code at = home; !at.empty(); at = directory_.parent_of(at)) {
      if (at == unit_) return line;
      line = at;
    }
    return {};
  }

  const Directory& directory_;
  const Code& unit_;
  std::unordered_map<Code, Code> lines_;
};

std::string name_of(const Directory& directory, const Code& code) {
  const auto unit = directory.unit(code);
  return unit ? unit->name : std::string();
}

void add(ReportLine& line, const Cell& cell) {
  if (cell.stage.empty()) return;  // of a category, all stages: the stages count already
  line.by_stage[cell.stage] += cell.issues;
  line.issues += cell.issues;
  line.budget_fen += cell.budget_fen;
  line.escalated += cell.escalated;
}

// One state of the store for all that a report reads. Between a writer's own questions
// nothing changes.
class Snapshot {
 public:
  explicit Snapshot(Database& database) : database_(database) {
    const bool reader = database.impl().access == Access::kReader;
    if (reader && !database.in_transaction()) open_ = database.begin().ok();
  }
  ~Snapshot() {
    if (open_) database_.rollback();
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Database& database_;
  bool open_ = false;
};

// Sorts one node below into the frontier by what its parent last said of it.
void place(Frontier& frontier, const topology::Node& node, const sync::FrontierRow* contact,
           std::uint64_t held, std::uint64_t now_ms, std::uint64_t silent_after_ms) {
  ++frontier.nodes;
  if (contact == nullptr) {
    frontier.missing.push_back(node.unit);
    return;
  }
  if (held >= contact->head) {
    const bool first = frontier.in++ == 0;
    frontier.up_to_ms =
        first ? contact->contact_ms : std::min(frontier.up_to_ms, contact->contact_ms);
  } else {
    frontier.behind.push_back(node.unit);
  }
  if (now_ms > contact->contact_ms && now_ms - contact->contact_ms > silent_after_ms) {
    frontier.silent.push_back(node.unit);
  }
}

std::vector<ReportLine> empty_lines(const Directory& directory, const Code& unit) {
  std::vector<ReportLine> lines;
  std::vector<Code> codes = directory.children_of(unit);
  codes.insert(codes.begin(), unit);
  for (auto& code : codes) {
    ReportLine& line = lines.emplace_back();
    line.name = name_of(directory, code);
    line.unit = std::move(code);
  }
  return lines;
}

}  // namespace

Frontier frontier(Database& database, const Directory& directory, const Code& unit,
                  std::uint64_t now_ms, std::uint64_t silent_after_ms) {
  const Snapshot snapshot(database);
  const Logs logs(database);
  std::unordered_map<std::string, sync::FrontierRow> contacts;
  for (auto& row : logs.contacts()) contacts.emplace(row.unit, row);

  Frontier frontier;
  std::unordered_set<Code> with_node;
  for (const topology::Node* node : directory.nodes()) {
    if (!directory.inside(node->unit, unit)) continue;
    with_node.insert(node->unit);
    if (node->unit == unit) continue;
    const auto contact = contacts.find(node->unit.text());
    const std::uint64_t held = logs.log(node->key.id()).head.sequence;
    place(frontier, *node, contact == contacts.end() ? nullptr : &contact->second, held, now_ms,
          silent_after_ms);
  }
  for (const Code& code : directory.all_units()) {
    if (!directory.inside(code, unit)) continue;
    ++frontier.units;
    if (!with_node.contains(code)) ++frontier.units_without_node;
  }
  for (auto* codes : {&frontier.behind, &frontier.missing, &frontier.silent}) {
    std::sort(codes->begin(), codes->end());
  }
  return frontier;
}

Report report(Database& database, const Directory& directory, const Code& unit,
              std::string_view month, std::uint64_t now_ms, std::uint64_t silent_after_ms) {
  const Snapshot snapshot(database);
  const Issues issues(database);
  Report report;
  report.unit = unit;
  report.month = month;
  report.lines = empty_lines(directory, unit);
  report.total.unit = unit;
  report.total.name = name_of(directory, unit);
  std::unordered_map<Code, ReportLine*> by_unit;
  for (auto& line : report.lines) by_unit.emplace(line.unit, &line);

  // Of a part of the network only its units' figures are read.
  std::vector<Code> units;
  if (unit != directory.root()) {
    for (const Code& code : directory.all_units()) {
      if (directory.inside(code, unit)) units.push_back(code);
    }
  }
  Lines lines(directory, unit);
  for (const Cell& cell : issues.sums(month, units)) {
    const auto line = by_unit.find(lines.of(cell.unit));
    if (line == by_unit.end()) continue;
    add(*line->second, cell);
    add(report.total, cell);
    if (!cell.category.empty()) report.by_category[cell.category] += cell.issues;
  }
  for (const EscalationCell& cell : issues.climbs(month, units)) {
    if (!lines.of(cell.unit).empty()) report.escalation_reasons[cell.reason] += cell.climbs;
  }
  report.frontier = frontier(database, directory, unit, now_ms, silent_after_ms);
  return report;
}

}  // namespace yishi::store
