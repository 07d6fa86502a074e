#include "node/store/reports.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "node/store/report_lines.h"

namespace yishi::store {
namespace {

using topology::Code;
using topology::Directory;

std::string name_of(const Directory& directory, const Code& code) {
  const auto unit = directory.unit(code);
  return unit ? unit->name : std::string();
}

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

// Adds sums to the lines they belong to.
class Grouped {
 public:
  Grouped(const Directory& directory, const ReportQuery& query, Report& report)
      : directory_(directory), query_(query), report_(report), lines_(directory, query.unit) {
    if (query.by == Grouping::kChild) report.lines = empty_lines(directory, query.unit);
    for (std::size_t i = 0; i < report.lines.size(); ++i) by_unit_[report.lines[i].unit] = i;
  }

  void add(const FigureSum& sum) {
    if (sum.unit->empty()) return put(lines_of_key_[key_of(sum)], sum);
    if (*sum.unit != home_text_) {
      auto home = Code::parse(*sum.unit);
      home_text_ = *sum.unit;
      home_ = home ? std::move(*home) : Code();
      child_ = lines_.of(home_);
      level_ = query_.by == Grouping::kLevel ? level_of(home_) : "";
    }
    if (child_.empty()) return;
    if (query_.by != Grouping::kChild) return put(lines_of_key_[key_of(sum)], sum);
    const auto line = by_unit_.find(child_);
    if (line != by_unit_.end()) put(report_.lines[line->second].figures, sum);
  }

  void finish() {
    for (auto& [key, figures] : lines_of_key_) {
      ReportLine& line = report_.lines.emplace_back();
      line.key = key;
      line.figures = std::move(figures);
    }
    for (auto& line : report_.lines) {
      std::erase_if(line.figures, [](const auto& one) { return one.second == 0; });
      for (const auto& [figure, amount] : line.figures) report_.total.figures[figure] += amount;
    }
    std::erase_if(report_.total.figures, [](const auto& one) { return one.second == 0; });
  }

 private:
  using Amounts = std::map<std::string, std::int64_t>;

  static void put(Amounts& amounts, const FigureSum& sum) {
    if (!sum.figure->starts_with("issue:")) {
      amounts[*sum.figure] += sum.amount;
      return;
    }
    for (const auto& figure : spread(*sum.figure)) amounts[figure] += sum.amount;
  }
  std::string key_of(const FigureSum& sum) const {
    return query_.by == Grouping::kMonth ? deliberation::month_text(sum.month) : level_;
  }
  std::string level_of(const Code& code) const {
    const auto unit = directory_.unit(code);
    return unit ? unit->level : "";
  }

  const Directory& directory_;
  const ReportQuery& query_;
  Report& report_;
  ReportLines lines_;
  std::unordered_map<Code, std::size_t> by_unit_;
  std::map<std::string, Amounts> lines_of_key_;
  std::string home_text_, level_;
  Code home_, child_;
};

}  // namespace

Frontier frontier(Database& database, const Directory& directory, const Code& unit,
                  std::uint64_t now_ms, std::uint64_t silent_after_ms) {
  const ReportSnapshot snapshot(database);
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

std::int64_t ReportLine::of(const std::string& figure) const {
  const auto found = figures.find(figure);
  return found == figures.end() ? 0 : found->second;
}

std::vector<Code> units_below(const Directory& directory, const Code& unit) {
  std::vector<Code> units;
  if (unit == directory.root()) return units;  // whatever is held lies below it
  for (const Code& code : directory.all_units()) {
    if (directory.inside(code, unit)) units.push_back(code);
  }
  return units;
}

Report report(Database& database, const Directory& directory, const ReportQuery& query,
              std::uint64_t now_ms, std::uint64_t silent_after_ms) {
  const ReportSnapshot snapshot(database);
  Report report;
  report.unit = query.unit;
  report.span = query.span;
  report.by = query.by;
  report.total.unit = query.unit;
  report.total.name = name_of(directory, query.unit);
  Grouped grouped(directory, query, report);
  const Figures figures(database);
  const auto add = [&](const FigureSum& sum) { grouped.add(sum); };
  const Span span = query.by == Grouping::kMonth && query.span.all() ? kEachMonth : query.span;
  if (query.by == Grouping::kMonth && query.unit == directory.root()) {
    figures.each_whole(span, add);
  } else {
    figures.each(span, units_below(directory, query.unit), add);
  }
  grouped.finish();
  report.frontier = frontier(database, directory, query.unit, now_ms, silent_after_ms);
  return report;
}

}  // namespace yishi::store
