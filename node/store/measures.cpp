#include "node/store/measures.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "node/store/database_impl.h"
#include "node/store/report_lines.h"

namespace yishi::store {
namespace {

using deliberation::EntryName;
using deliberation::FieldValues;
using deliberation::Gap;
using deliberation::Measure;
using topology::Code;

std::shared_ptr<const deliberation::Policy> policy_now(const deliberation::World& world) {
  auto policy = world.policy_at(world.directory().latest());
  YISHI_ASSERT(policy != nullptr);
  return policy;
}

void each_issue(Database& database, const std::function<void(const deliberation::Issue&)>& visit) {
  Connection& connection = connection_of(database);
  Query query(connection, "SELECT state FROM issue WHERE transitions > 0 ORDER BY number",
              Query::kOnce);
  while (query.step()) {
    const auto issue = deliberation::decode_issue(query.blob_at(0));
    if (issue) {
      visit(*issue);
    } else {
      connection.note_damage("issue: " + issue.error().en);
    }
  }
}

// Units at or below the one asked about, as a measure's level and kind see them.
class Territory {
 public:
  Territory(const topology::Directory& directory, const Code& unit) {
    for (const auto& code : directory.all_units()) {
      if (directory.inside(code, unit)) units_.emplace(code, *directory.unit(code));
    }
  }
  const topology::Unit* find(const Code& code) const {
    const auto found = units_.find(code);
    return found == units_.end() ? nullptr : &found->second;
  }
  static bool fits(const topology::Unit& unit, const std::string& level, const std::string& kind) {
    return (level.empty() || unit.level == level) && (kind.empty() || unit.kind == kind);
  }
  const std::map<Code, topology::Unit>& units() const { return units_; }

 private:
  std::map<Code, topology::Unit> units_;
};

// Goes once over registers, issues and units, and tells of each thing that a measure counts.
class Count {
 public:
  using Visit = std::function<void(std::size_t measure, const Counted&)>;

  Count(Database& database, const MeasureQuestion& question, std::vector<std::size_t> wanted)
      : database_(database),
        question_(question),
        policy_(policy_now(question.world)),
        territory_(question.world.directory(), question.unit),
        wanted_(std::move(wanted)) {}

  void run(const Visit& visit) {
    visit_ = &visit;
    std::set<std::string> registers;
    bool issues = false;
    for (const auto at : wanted_) {
      const Measure& one = policy_->measures[at];
      issues = issues || one.of == Measure::Of::kIssues || one.of == Measure::Of::kSessions;
      if (one.of == Measure::Of::kUnits) tell_units(at, one, nullptr);
      if (!one.register_id.empty()) registers.insert(one.register_id);
    }
    for (const auto& id : registers) count_register(id);
    if (issues) count_issues();
  }

 private:
  void tell(std::size_t at, Counted counted, const FieldValues& fields) {
    const Measure& one = policy_->measures[at];
    const auto* unit = territory_.find(counted.unit);
    if (unit == nullptr || !Territory::fits(*unit, one.level, one.kind)) return;
    if (one.by == "unit.level") counted.splits = {unit->level};
    if (one.by == "unit.kind") counted.splits = {unit->kind};
    if (const auto split = fields.find(one.by); split != fields.end()) {
      counted.splits = split->second;  // of a field with several values, under each
    }
    (*visit_)(at, counted);
  }

  void tell_units(std::size_t at, const Measure& one, const std::set<Code>* among) {
    for (const auto& [code, unit] : territory_.units()) {
      if (!Territory::fits(unit, one.level, one.kind)) continue;
      if (among == nullptr || among->contains(code)) tell(at, {code, {}, 1, {}}, {});
    }
  }

  static std::vector<Code> places(const Measure& one, const RegisterEntry& entry) {
    if (one.at.empty()) return {entry.name.unit};
    std::vector<Code> codes;
    const auto values = entry.body.fields.find(one.at);
    if (values == entry.body.fields.end()) return codes;
    for (const auto& value : values->second) {
      if (auto code = Code::parse(value)) codes.push_back(std::move(*code));
    }
    return codes;
  }

  void count_register(const std::string& id) {
    std::map<std::size_t, std::set<Code>> with;  // units that have one, by measure
    Registers(database_).each(id, [&](const RegisterEntry& entry) {
      for (const auto at : wanted_) {
        const Measure& one = policy_->measures[at];
        if (one.register_id != id) continue;
        const auto amount = deliberation::amount(one, entry.body.fields, question_.period);
        if (!amount) continue;
        for (const auto& unit : places(one, entry)) {
          if (one.of == Measure::Of::kUnitsWith) {
            with[at].insert(unit);
          } else {
            tell(at, {unit, entry.name, *amount, {}}, entry.body.fields);
          }
        }
      }
    });
    for (const auto& [at, units] : with) tell_units(at, policy_->measures[at], &units);
  }

  void count_issues() {
    each_issue(database_, [&](const deliberation::Issue& issue) {
      if (territory_.find(issue.home) == nullptr) return;
      const auto policy = question_.world.policy_at(issue.policy_version);
      const auto fields = deliberation::issue_fields(issue, policy.get(), question_.now_ms);
      for (const auto at : wanted_) {
        if (policy_->measures[at].of == Measure::Of::kIssues) count_one(at, issue, fields);
      }
      for (const auto& session : issue.table.sessions) {
        const auto own = deliberation::session_fields(issue, session, policy.get());
        for (const auto at : wanted_) {
          if (policy_->measures[at].of == Measure::Of::kSessions) count_one(at, issue, own);
        }
      }
    });
  }

  void count_one(std::size_t at, const deliberation::Issue& issue, const FieldValues& fields) {
    const auto amount = deliberation::amount(policy_->measures[at], fields, question_.period);
    if (amount) tell(at, {issue.home, {{}, {}, issue.id}, *amount, {}}, fields);
  }

  Database& database_;
  const MeasureQuestion& question_;
  std::shared_ptr<const deliberation::Policy> policy_;
  Territory territory_;
  std::vector<std::size_t> wanted_;
  const Visit* visit_ = nullptr;
};

std::vector<std::size_t> all_of(std::size_t count) {
  std::vector<std::size_t> all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = i;
  return all;
}

std::size_t index_of(const deliberation::Policy& policy, const std::string& id) {
  for (std::size_t i = 0; i < policy.measures.size(); ++i) {
    if (policy.measures[i].label.id == id) return i;
  }
  return policy.measures.size();
}

void add(MeasureCount& count, const Counted& counted) {
  count.value += counted.amount;
  for (const auto& split : counted.splits) count.by[split] += counted.amount;
}

using ByUnit = std::map<Code, std::map<std::size_t, std::int64_t>>;

ByUnit count_by_unit(Database& database, const MeasureQuestion& question,
                     const std::vector<std::size_t>& wanted) {
  ByUnit counts;
  Count(database, question, wanted).run([&](std::size_t at, const Counted& counted) {
    counts[counted.unit][at] += counted.amount;
  });
  return counts;
}

std::int64_t of_unit(const ByUnit& counts, const Code& unit, std::size_t at) {
  const auto found = counts.find(unit);
  if (found == counts.end()) return 0;
  const auto one = found->second.find(at);
  return one == found->second.end() ? 0 : one->second;
}

// What entries of a gap's register name: units, or entries of another register.
std::set<EntryName> named_by(Database& database, const deliberation::Policy& policy,
                             const Gap& gap) {
  std::set<EntryName> named;
  const auto* its_register = policy.find_register(gap.register_id);
  const auto* field = gap.field.empty() ? nullptr : its_register->field(gap.field);
  Registers(database).each(gap.register_id, [&](const RegisterEntry& entry) {
    if (!deliberation::holds(gap.where, entry.body.fields)) return;
    if (field == nullptr) {
      named.insert({{}, entry.name.unit, {}});
      return;
    }
    const auto values = entry.body.fields.find(field->label.id);
    if (values == entry.body.fields.end()) return;
    for (const auto& value : values->second) {
      if (field->type == deliberation::FieldType::kUnit) {
        if (auto code = Code::parse(value)) named.insert({{}, std::move(*code), {}});
      } else if (auto parts = deliberation::parse_entry_reference(value)) {
        named.insert({field->of, std::move(parts->first), std::move(parts->second)});
      }
    }
  });
  return named;
}

GapReport find_gap(Database& database, const deliberation::Policy& policy,
                   const Territory& territory, const Gap& gap) {
  GapReport report;
  const auto named = named_by(database, policy, gap);
  if (gap.entries.empty()) {
    for (const auto& [code, unit] : territory.units()) {
      if (!Territory::fits(unit, gap.level, gap.kind)) continue;
      ++report.among;
      if (!named.contains({{}, code, {}})) report.missing.push_back({code, {}, 1, {}});
    }
    return report;
  }
  Registers(database).each(gap.entries, [&](const RegisterEntry& entry) {
    if (territory.find(entry.name.unit) == nullptr) return;
    if (!deliberation::holds(gap.of, entry.body.fields)) return;
    ++report.among;
    if (!named.contains(entry.name)) report.missing.push_back({entry.name.unit, entry.name, 1, {}});
  });
  return report;
}

}  // namespace

MeasureReport measure_report(Database& database, const MeasureQuestion& question,
                             std::uint64_t silent_after_ms) {
  const ReportSnapshot snapshot(database);
  const auto& directory = question.world.directory();
  const auto policy = policy_now(question.world);
  MeasureReport report;
  report.unit = question.unit;
  report.period = question.period;
  std::vector<Code> codes = directory.children_of(question.unit);
  codes.insert(codes.begin(), question.unit);
  std::map<Code, std::size_t> places;
  for (const auto& code : codes) {
    places[code] = report.lines.size();
    const auto unit = directory.unit(code);
    report.lines.push_back({code, unit ? unit->name : "", MeasureCounts(policy->measures.size())});
  }
  report.total = report.lines.front();
  ReportLines lines(directory, question.unit);
  Count(database, question, all_of(policy->measures.size()))
      .run([&](std::size_t at, const Counted& counted) {
        const auto place = places.find(lines.of(counted.unit));
        if (place == places.end()) return;
        add(report.lines[place->second].counts[at], counted);
        add(report.total.counts[at], counted);
      });
  report.frontier = frontier(database, directory, question.unit, question.now_ms, silent_after_ms);
  return report;
}

std::vector<Counted> open_measure(Database& database, const MeasureQuestion& question,
                                  const std::string& measure, std::size_t skip, std::size_t limit) {
  const ReportSnapshot snapshot(database);
  const auto policy = policy_now(question.world);
  std::vector<Counted> found;
  std::size_t seen = 0;
  Count(database, question, {index_of(*policy, measure)})
      .run([&](std::size_t, const Counted& counted) {
        if (seen++ >= skip && found.size() < limit) found.push_back(counted);
      });
  return found;
}

std::vector<GapReport> gap_reports(Database& database, const MeasureQuestion& question) {
  const ReportSnapshot snapshot(database);
  const auto policy = policy_now(question.world);
  const Territory territory(question.world.directory(), question.unit);
  std::vector<GapReport> reports;
  for (const auto& gap : policy->gaps) {
    reports.push_back(find_gap(database, *policy, territory, gap));
  }
  return reports;
}

std::vector<MinimumLine> minimum_lines(Database& database, const MeasureQuestion& question,
                                       const std::string& day) {
  const ReportSnapshot snapshot(database);
  const auto policy = policy_now(question.world);
  const Territory territory(question.world.directory(), question.unit);
  MeasureQuestion asked = question;
  asked.period = {day.substr(0, 4) + "-01-01", day};
  std::set<std::size_t> wanted;
  for (const auto& one : policy->minimums) wanted.insert(index_of(*policy, one.measure));
  const auto counts = count_by_unit(database, asked, {wanted.begin(), wanted.end()});
  std::vector<MinimumLine> lines;
  for (std::size_t i = 0; i < policy->minimums.size(); ++i) {
    const auto& one = policy->minimums[i];
    for (const auto& [code, unit] : territory.units()) {
      if (!Territory::fits(unit, one.level, one.kind)) continue;
      lines.push_back({i, code, of_unit(counts, code, index_of(*policy, one.measure)),
                       deliberation::due_by(one.at_least, day)});
    }
  }
  return lines;
}

std::vector<StarLine> star_lines(Database& database, const MeasureQuestion& question) {
  const ReportSnapshot snapshot(database);
  const auto policy = policy_now(question.world);
  const auto& stars = policy->stars;
  const Territory territory(question.world.directory(), question.unit);
  const auto counts = count_by_unit(database, question, all_of(policy->measures.size()));
  std::vector<StarLine> lines;
  for (const auto& [code, unit] : territory.units()) {
    if (std::find(stars.levels.begin(), stars.levels.end(), unit.level) == stars.levels.end()) {
      continue;
    }
    StarLine line;
    line.unit = code;
    for (const auto& one : stars.components) {
      std::pair<std::int64_t, std::int64_t> part;
      if (one.rate.empty()) {
        part = {of_unit(counts, code, index_of(*policy, one.measure)),
                static_cast<std::int64_t>(one.full)};
      } else {
        const auto* rate = policy->rate(one.rate);
        part = {of_unit(counts, code, index_of(*policy, rate->count)),
                of_unit(counts, code, index_of(*policy, rate->among)) *
                    static_cast<std::int64_t>(rate->scale)};
      }
      line.parts.push_back(part);
      line.points.push_back(deliberation::star_points(one.weight, part.first, part.second));
      line.total += line.points.back();
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace yishi::store
