// /report: counts, and never without how complete they are; and what lies behind each of them.
#include "node/store/reports.h"

#include <array>

#include "node/http/call.h"
#include "node/http/figure_json.h"
#include "node/http/frontier_json.h"
#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/http/quantities.h"
#include "node/http/query.h"

namespace yishi::http {
namespace {

using store::Span;

struct By {
  std::string_view name;
  store::Grouping grouping;
  std::string_view word;  // a line for each figure "word:ID" of the total; empty: lines as they are
};
constexpr std::array<By, 10> kBy{{
    {"child", store::Grouping::kChild, ""},
    {"level", store::Grouping::kLevel, ""},
    {"month", store::Grouping::kMonth, ""},
    {"category", store::Grouping::kChild, "category"},
    {"stage", store::Grouping::kChild, "stage"},
    {"source", store::Grouping::kChild, "source"},
    {"result", store::Grouping::kChild, "result"},
    {"outcome", store::Grouping::kChild, "became"},
    {"reason", store::Grouping::kChild, "climb"},
    {"form", store::Grouping::kChild, "session"},
}};

Error wrong_months() {
  return {"query.month", "month",
          "时间段：month、from、to 应当是 2026-11 这样的月份，year 是 2026 这样的年份；"
          "month、year 与 from/to 只能用一种，from 不晚于 to",
          "the span: month, from and to are months such as 2026-11, year is a year such as 2026; "
          "give month, or year, or from and to, and from not after to"};
}

// Which months: month=, year=, from= and to= (either may be left out), or none of them.
Result<Span> read_span(Query& query) {
  constexpr std::int32_t kFirst = 1;
  constexpr std::uint64_t kLastYear = 9999;
  constexpr std::int32_t kMonthsOfYear = 12;
  const auto months = [&](const char* key) -> std::optional<std::int32_t> {
    const std::string text = query.text(key);
    if (text.empty()) return 0;
    return deliberation::parse_month(text);
  };
  const auto month = months("month");
  const auto from = months("from");
  const auto to = months("to");
  const auto year = static_cast<std::int32_t>(query.number("year", 0, kLastYear));
  if (!month || !from || !to) return wrong_months();
  const bool range = *from != 0 || *to != 0;
  if ((*month != 0 ? 1 : 0) + (year != 0 ? 1 : 0) + (range ? 1 : 0) > 1) return wrong_months();
  if (*month != 0) return Span{*month, *month};
  if (year != 0) return Span{year * kMonthsOfYear, year * kMonthsOfYear + kMonthsOfYear - 1};
  if (!range) return Span{};
  const Span span{*from != 0 ? *from : kFirst, *to != 0 ? *to : store::kEachMonth.to};
  if (span.from > span.to) return wrong_months();
  return span;
}

Json span_json(const Span& span) {
  const auto text = [](std::int32_t month) {
    const bool open = month <= 1 || month == store::kEachMonth.to;
    return open ? Json() : Json(deliberation::month_text(month));
  };
  return {{"from", text(span.from)}, {"to", text(span.to)}};
}

Error no_reported_unit(const topology::Code& unit) {
  return {"http.missing", "unit", "没有单位 " + unit.text(), "there is no unit " + unit.text()};
}

// A line as it always was, and every figure by its name besides.
Json line_json(const topology::Directory& directory, const store::ReportLine& line,
               const deliberation::Policy* policy) {
  constexpr std::string_view kStage = "stage:";
  Json stages = Json::object();
  for (const auto& [figure, amount] : line.figures) {
    if (figure.starts_with(kStage)) stages[figure.substr(kStage.size())] = amount;
  }
  Json out = {
      {"issues", line.of("issues")},         {"by_stage", std::move(stages)},
      {"budget_fen", line.of("budget_fen")}, {"budget_yuan", yuan_text(line.of("budget_fen"))},
      {"escalated", line.of("climbed")},     {"figures", amounts_json(line.figures)},
      {"rates", rates_json(line, policy)}};
  if (!line.unit.empty()) {
    out["unit"] = unit_json(directory, line.unit);
    out["name"] = line.name;
  } else {
    out["key"] = line.key;
  }
  return out;
}

Json level_names(Json line) {
  const auto* level = topology::find_level(line.value("key", ""));
  line["zh"] = level == nullptr ? line.value("key", "") : std::string(level->zh);
  line["en"] = line.value("key", "");
  return line;
}

// {"key": "traffic", "zh", "en", "figures": {"category:traffic": 12}} for each in the total.
Json detail_lines(const store::Report& report, std::string_view word,
                  const deliberation::Policy* policy) {
  Json lines = Json::array();
  const std::string start = std::string(word) + ":";
  for (const auto& [figure, amount] : report.total.figures) {
    if (!figure.starts_with(start)) continue;
    Json line = figure_json(figure, policy);
    line["key"] = figure.substr(start.size());
    line["count"] = amount;
    line["figures"] = {{figure, amount}};
    lines.push_back(std::move(line));
  }
  return lines;
}

Json stages_json(const deliberation::Policy* policy) {
  Json out = Json::array();
  if (policy == nullptr) return out;
  for (const auto& stage : policy->stages) out.push_back(label_json(stage.label.id, &stage.label));
  return out;
}

Json report_json(const store::Report& report, const By& by, const deliberation::World& world) {
  const auto& directory = world.directory();
  const auto kept = world.policy_at(directory.latest());
  const auto* policy = kept.get();
  Json lines = Json::array();
  if (!by.word.empty()) lines = detail_lines(report, by.word, policy);
  for (const auto& line : report.lines) {
    if (!by.word.empty()) break;
    Json one = line_json(directory, line, policy);
    lines.push_back(by.grouping == store::Grouping::kLevel ? level_names(std::move(one))
                                                           : std::move(one));
  }
  Json figures = Json::array();
  Json categories = Json::array();
  Json reasons = Json::array();
  for (const auto& [figure, amount] : report.total.figures) {
    figures.push_back(figure_json(figure, policy));
    const std::string id = figure.substr(figure.find(':') + 1);
    if (figure.starts_with("category:")) {
      categories.push_back({{"category", label_json(id, policy ? policy->category(id) : nullptr)},
                            {"issues", amount}});
    }
    if (figure.starts_with("climb:")) {
      reasons.push_back({{"reason", reason_json(id)}, {"climbs", amount}});
    }
  }
  const bool one_month = !report.span.all() && report.span.from == report.span.to;
  Json month = one_month ? Json(deliberation::month_text(report.span.from)) : Json();
  return {{"unit", unit_json(directory, report.unit)},
          {"month", std::move(month)},
          {"span", span_json(report.span)},
          {"by", by.name},
          {"figures", std::move(figures)},
          {"stages", stages_json(policy)},
          {"lines", std::move(lines)},
          {"total", line_json(directory, report.total, policy)},
          {"by_category", std::move(categories)},
          {"escalation_reasons", std::move(reasons)},
          {"frontier", frontier_json(directory, report.frontier)},
          {"made", times(now_ms())}};
}

// Whose matters a number is of: a unit and those below, it alone, or those of one level.
struct Whose {
  std::vector<topology::Code> units;  // empty: everyone's
  bool nobody = false;
};

Whose read_whose(const topology::Directory& directory, const topology::Code& unit, bool own,
                 const std::string& level) {
  Whose whose;
  whose.units = own ? std::vector{unit} : store::units_below(directory, unit);
  if (level.empty()) return whose;
  if (whose.units.empty()) whose.units = directory.all_units();
  std::erase_if(whose.units, [&](const topology::Code& code) {
    const auto known = directory.unit(code);
    return !known || known->level != level;
  });
  whose.nobody = whose.units.empty();
  return whose;
}

Json sittings_json(Call& call, const std::vector<store::SittingRow>& rows) {
  Json out = Json::array();
  const auto kept = call.world().policy_at(call.directory().latest());
  for (const auto& row : rows) {
    const auto& one = row.sitting;
    const auto* form = kept ? deliberation::find_label(kept->forms, one.form) : nullptr;
    out.push_back({{"unit", unit_json(call.directory(), one.unit)},
                   {"held", times(one.held_ms)},
                   {"held_stated", one.stated},
                   {"place", one.place},
                   {"form", label_json(one.form, form)},
                   {"people", one.people},
                   {"issues", row.issues}});
  }
  return out;
}

struct Opening {  // which number is opened
  std::string figure;
  Span span;
  Whose whose;
  std::string cursor;
  std::size_t limit = 0;
  bool full = false;  // all of each issue
};

Json open_sessions(Call& call, const Opening& opening) {
  std::size_t skip = 0;
  for (const char digit : opening.cursor) {
    if (digit < '0' || digit > '9' || skip > kMaxSkippedSessions) return {};
    skip = skip * 10 + static_cast<std::size_t>(digit - '0');
  }
  std::optional<std::string> form;
  if (const auto colon = opening.figure.find(':'); colon != std::string::npos) {
    form = opening.figure.substr(colon + 1);
  }
  std::vector<store::SittingRow> rows;
  if (!opening.whose.nobody) {
    rows = store::Figures(call.database())
               .sittings(form, opening.span, opening.whose.units, skip, opening.limit);
  }
  const bool more = rows.size() >= opening.limit;
  return {{"sessions", sittings_json(call, rows)},
          {"next", more ? Json(std::to_string(skip + rows.size())) : Json()}};
}

Json open_issues(Call& call, const Opening& opening) {
  store::BehindPage page;
  if (!opening.whose.nobody) {
    page = store::Figures(call.database())
               .behind(opening.figure, opening.span, opening.whose.units, opening.cursor,
                       opening.limit);
  }
  Json issues = Json::array();
  for (const auto& one : page.issues) {
    Json row =
        opening.full ? issue_json(one.issue, call.world()) : issue_summary(one.issue, call.world());
    row["amount"] = one.amount;
    issues.push_back(std::move(row));
  }
  return {{"issues", std::move(issues)}, {"next", page.next.empty() ? Json() : Json(page.next)}};
}

}  // namespace

Result<Reply> get_report(Call& call) {
  constexpr std::uint64_t kMaxSilentSeconds = std::uint64_t{366} * 24 * 3600;
  Query query(call.request());
  const auto wanted = query.code("unit");
  const auto span = read_span(query);
  const std::string name = query.text("by");
  const auto silent = query.number("silent_after", kSilentAfterMs / 1000, kMaxSilentSeconds);
  if (const auto status = query.finish(); !status) return status.error();
  if (!span) return span.error();
  const auto* by = std::find_if(kBy.begin(), kBy.end(), [&](const By& one) {
    return one.name == (name.empty() ? "child" : name);
  });
  if (by == kBy.end()) {
    return Error{"query.by", "by",
                 "参数 by：应当是 child、level、month、category、stage、source、result、outcome、"
                 "reason、form 之一",
                 "parameter by: must be one of child, level, month, category, stage, source, "
                 "result, outcome, reason, form"};
  }
  if (const auto opened = call.open(); !opened) return opened.error();
  const auto unit = wanted.value_or(call.snapshot().unit);
  if (!call.directory().unit(unit)) return no_reported_unit(unit);
  const auto found = store::report(call.database(), call.directory(), {unit, *span, by->grouping},
                                   now_ms(), silent * 1000);
  return Reply{report_json(found, *by, call.world())};
}

Result<Reply> get_report_open(Call& call) {
  Query query(call.request());
  Opening opening;
  opening.figure = query.text("figure");
  const auto wanted = query.code("unit");
  const bool own = query.flag("own");
  const std::string level = query.text("level");
  const auto span = read_span(query);
  opening.cursor = query.text("cursor");
  opening.limit = query.number("limit", 100, kMaxIssuePage);
  opening.full = query.flag("full");
  if (const auto status = query.finish(); !status) return status.error();
  if (!span) return span.error();
  opening.span = *span;
  if (opening.figure.empty() || opening.limit == 0) {
    return Error{"query.figure", "figure", "参数 figure：要打开哪个数，例如 stage:held",
                 "parameter figure: which number to open, for example stage:held"};
  }
  if (const auto opened = call.open(); !opened) return opened.error();
  const auto unit = wanted.value_or(call.snapshot().unit);
  if (!call.directory().unit(unit)) return no_reported_unit(unit);
  opening.whose = read_whose(call.directory(), unit, own, level);
  const bool sessions = opening.figure.starts_with("session") || opening.figure == "people";
  Json body = sessions ? open_sessions(call, opening) : open_issues(call, opening);
  if (body.is_null()) {
    return Error{"query.cursor", "cursor", "参数 cursor 不是上一页给出的",
                 "parameter cursor is not what the page before gave"};
  }
  const auto policy = call.world().policy_at(call.directory().latest());
  body["figure"] = figure_json(opening.figure, policy.get());
  body["unit"] = unit_json(call.directory(), unit);
  body["span"] = span_json(opening.span);
  return Reply{std::move(body)};
}

}  // namespace yishi::http
