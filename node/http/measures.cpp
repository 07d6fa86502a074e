// /measures, /gaps, /minimums, /stars: what the policy measures, each number to be opened.
#include "node/store/measures.h"

#include <algorithm>

#include "node/http/call.h"
#include "node/http/frontier_json.h"
#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/http/measure_question.h"
#include "node/http/quantities.h"
#include "node/http/query.h"
#include "node/http/register_json.h"

namespace yishi::http {
namespace {

using deliberation::Policy;

Json period_json(const deliberation::Period& period) {
  return {{"from", period.from.empty() ? Json() : Json(period.from)},
          {"to", period.to.empty() ? Json() : Json(period.to)}};
}

// What the parts of a split are called.
Json split_name(const Policy& policy, const deliberation::Measure& measure,
                const std::string& value) {
  if (measure.by == "category") return label_json(value, policy.category(value));
  if (measure.by == "result") return label_json(value, find_label(policy.results, value));
  if (measure.by == "form" && measure.register_id.empty()) {
    return label_json(value, find_label(policy.forms, value));
  }
  if (measure.by == "source") return label_json(value, find_label(policy.sources, value));
  if (measure.by == "became") return label_json(value, find_label(policy.outcomes, value));
  if (measure.by == "unit.level") {
    const auto* level = topology::find_level(value);
    return {{"id", value}, {"zh", level == nullptr ? value : level->zh}, {"en", value}};
  }
  const auto* its_register = policy.find_register(measure.register_id);
  const auto* field = its_register == nullptr ? nullptr : its_register->field(measure.by);
  return label_json(value, field == nullptr ? nullptr : find_label(field->options, value));
}

Json counts_json(const Policy& policy, const store::MeasureCounts& counts) {
  Json out = Json::object();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto& measure = policy.measures[i];
    Json one = {{"value", counts[i].value}};
    if (!measure.by.empty()) {
      one["by"] = Json::array();
      for (const auto& [value, count] : counts[i].by) {
        Json part = split_name(policy, measure, value);
        part["value"] = count;
        one["by"].push_back(std::move(part));
      }
    }
    out[measure.label.id] = std::move(one);
  }
  return out;
}

std::int64_t value_of(const Policy& policy, const store::MeasureCounts& counts,
                      const std::string& id) {
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (policy.measures[i].label.id == id) return counts[i].value;
  }
  return 0;
}

// Never a quotient alone: the two counts, what they are, and their ratio in hundredths of a per
// cent, rounded down.
Json measured_rates_json(const Policy& policy, const store::MeasureCounts& counts) {
  constexpr std::int64_t kTenThousand = 10'000;
  Json out = Json::object();
  for (const auto& rate : policy.rates) {
    const auto count = value_of(policy, counts, rate.count);
    const auto among = value_of(policy, counts, rate.among) * static_cast<std::int64_t>(rate.scale);
    out[rate.label.id] = {
        {"count", count},
        {"among", among},
        {"basis_points", among > 0 ? Json(count * kTenThousand / among) : Json()}};
  }
  return out;
}

Json measure_line_json(const Policy& policy, const topology::Directory& directory,
                       const store::MeasureLine& line) {
  return {{"unit", unit_json(directory, line.unit)},
          {"counts", counts_json(policy, line.counts)},
          {"rates", measured_rates_json(policy, line.counts)}};
}

template <class Labelled>
Json labels_of(const std::vector<Labelled>& list) {
  Json out = Json::array();
  for (const auto& one : list) out.push_back(label_json(one.label.id, &one.label));
  return out;
}

Json rate_labels(const Policy& policy) {
  Json out = Json::array();
  for (const auto& one : policy.rates) {
    Json json = label_json(one.label.id, &one.label);
    json["count"] = one.count;
    json["among"] = one.among;
    json["scale"] = one.scale;
    out.push_back(std::move(json));
  }
  return out;
}

Json counted_json(const store::Counted& counted, Call& call) {
  Json out = {{"unit", unit_json(call.directory(), counted.unit)}, {"amount", counted.amount}};
  if (counted.entry.key.empty()) return out;
  if (!counted.entry.register_id.empty()) {
    const auto entry = store::Registers(call.database()).entry(counted.entry);
    out["entry"] = entry ? entry_json(*entry, call.world(), false) : Json();
    return out;
  }
  const auto issue = store::Issues(call.database()).issue(counted.entry.key);
  out["issue"] = counted.entry.key;
  out["title"] = issue ? Json(issue->title) : Json();
  return out;
}

}  // namespace

Result<Reply> get_measures(Call& call) {
  Query query(call.request());
  const auto asked = read_measure_question(query);
  if (const auto status = query.finish(); !status) return status.error();
  if (!asked) return asked.error();
  const auto ready = open_measure_question(call, *asked);
  if (!ready) return ready.error();
  const auto& policy = *ready->policy;
  const auto report = store::measure_report(call.database(), ready->question, kSilentAfterMs);
  Json lines = Json::array();
  for (const auto& line : report.lines)
    lines.push_back(measure_line_json(policy, call.directory(), line));
  return Reply{{{"unit", unit_json(call.directory(), report.unit)},
                {"period", period_json(report.period)},
                {"measures", labels_of(policy.measures)},
                {"rates", rate_labels(policy)},
                {"lines", std::move(lines)},
                {"total", measure_line_json(policy, call.directory(), report.total)},
                {"frontier", frontier_json(call.directory(), report.frontier)},
                {"made", times(now_ms())}}};
}

Result<Reply> get_measured(Call& call) {
  Query query(call.request());
  const auto asked = read_measure_question(query);
  const auto skip = query.number("skip", 0, UINT32_MAX);
  const auto limit = query.number("limit", 100, kMaxIssuePage);
  if (const auto status = query.finish(); !status) return status.error();
  if (!asked) return asked.error();
  const auto ready = open_measure_question(call, *asked);
  if (!ready) return ready.error();
  const auto* measure = ready->policy->measure(call.segment(3));
  if (measure == nullptr) {
    return Error{"http.missing", "measure", "规则中没有指标 " + call.segment(3),
                 "the policy has no measure " + call.segment(3)};
  }
  const auto counted =
      store::open_measure(call.database(), ready->question, measure->label.id, skip, limit);
  Json list = Json::array();
  for (const auto& one : counted) list.push_back(counted_json(one, call));
  return Reply{{{"measure", label_json(measure->label.id, &measure->label)},
                {"period", period_json(ready->question.period)},
                {"counted", std::move(list)},
                {"next", counted.size() >= limit ? Json(skip + limit) : Json()}}};
}

Result<Reply> get_gaps(Call& call) {
  Query query(call.request());
  MeasureAsked asked;
  asked.unit = query.code("unit");
  const std::string only = query.text("gap");
  if (const auto status = query.finish(); !status) return status.error();
  const auto ready = open_measure_question(call, asked);
  if (!ready) return ready.error();
  const auto reports = store::gap_reports(call.database(), ready->question);
  Json list = Json::array();
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const auto& gap = ready->policy->gaps[i];
    if (!only.empty() && gap.label.id != only) continue;
    Json json = label_json(gap.label.id, &gap.label);
    json["among"] = reports[i].among;
    json["count"] = reports[i].missing.size();
    json["missing"] = Json::array();
    for (const auto& one : reports[i].missing) json["missing"].push_back(counted_json(one, call));
    list.push_back(std::move(json));
  }
  return Reply{{{"unit", unit_json(call.directory(), ready->question.unit)},
                {"gaps", std::move(list)},
                {"frontier", frontier_of(call, ready->question.unit)}}};
}

// "met"; "short": the year is over, or less than what is due by then; "open": the year goes on.
Result<Reply> get_minimums(Call& call) {
  Query query(call.request());
  MeasureAsked asked;
  asked.unit = query.code("unit");
  const std::string wanted = query.text("day");
  const bool all = query.flag("all");
  if (const auto status = query.finish(); !status) return status.error();
  const std::string day = wanted.empty() ? today() : wanted;
  if (!is_day(day)) return wrong_day("day");
  const auto ready = open_measure_question(call, asked);
  if (!ready) return ready.error();
  Json list = Json::array();
  std::size_t looked_at = 0;
  for (const auto& line : store::minimum_lines(call.database(), ready->question, day)) {
    ++looked_at;
    const auto& minimum = ready->policy->minimums[line.minimum];
    const auto count = static_cast<std::uint64_t>(std::max<std::int64_t>(line.count, 0));
    const bool met = count >= minimum.at_least;
    const char* state = met ? "met" : count < line.due ? "short" : "open";
    if (!all && count >= line.due) continue;
    list.push_back({{"minimum", label_json(minimum.label.id, &minimum.label)},
                    {"measure", minimum.measure},
                    {"unit", unit_json(call.directory(), line.unit)},
                    {"count", count},
                    {"at_least", minimum.at_least},
                    {"due", line.due},
                    {"state", state},
                    {"lacking", met ? 0 : minimum.at_least - count}});
  }
  return Reply{{{"day", day},
                {"among", looked_at},
                {"lines", std::move(list)},
                {"frontier", frontier_of(call, ready->question.unit)}}};
}

Result<Reply> get_stars(Call& call) {
  Query query(call.request());
  const auto asked = read_measure_question(query);
  if (const auto status = query.finish(); !status) return status.error();
  if (!asked) return asked.error();
  const auto ready = open_measure_question(call, *asked);
  if (!ready) return ready.error();
  const auto& stars = ready->policy->stars;
  Json components = Json::array();
  for (const auto& one : stars.components) {
    Json json = label_json(one.label.id, &one.label);
    json["weight"] = one.weight;
    components.push_back(std::move(json));
  }
  auto lines = store::star_lines(call.database(), ready->question);
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.total > b.total; });
  Json list = Json::array();
  for (const auto& line : lines) {
    Json parts = Json::array();
    for (std::size_t i = 0; i < line.parts.size(); ++i) {
      parts.push_back({{"id", stars.components[i].label.id},
                       {"count", line.parts[i].first},
                       {"among", line.parts[i].second},
                       {"points_100", line.points[i]}});
    }
    const auto* grade = deliberation::grade_of(stars, line.total);
    list.push_back(
        {{"unit", unit_json(call.directory(), line.unit)},
         {"points_100", line.total},
         {"grade", grade == nullptr ? Json() : label_json(grade->label.id, &grade->label)},
         {"stars", grade == nullptr ? 0 : grade->stars},
         {"parts", std::move(parts)}});
  }
  return Reply{{{"unit", unit_json(call.directory(), ready->question.unit)},
                {"period", period_json(ready->question.period)},
                {"components", std::move(components)},
                {"lines", std::move(list)},
                {"frontier", frontier_of(call, ready->question.unit)}}};
}

}  // namespace yishi::http
