#include "node/cli/report_text.h"

#include <algorithm>

#include "node/cli/issue_text.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

constexpr std::string_view kMoney = "budget_fen";

std::int64_t amount(const Json& object, const std::string& key) {
  const Json value = at(object, key.c_str());
  return value.is_number_integer() ? value.get<std::int64_t>() : 0;
}

Json figures_of(const Json& line) { return line.value("figures", Json::object()); }

// A unit, a level, a month, a category …: what the line is of.
std::string line_name(const Invocation& invocation, const Json& line) {
  if (at(line, "unit").is_object()) return invocation.unit(at(line, "unit"));
  if (line.contains("zh")) return invocation.label(line);
  return one_line(text_of_key(line, "key"));
}

std::string signed_number(std::int64_t number) {
  return (number > 0 ? "+" : "") + std::to_string(number);
}

std::string span_text(const Invocation& invocation, const Json& span) {
  const std::string from = text_of_key(span, "from");
  const std::string to = text_of_key(span, "to");
  if (from.empty() && to.empty()) return invocation.pick("全部月份", "all months");
  if (from == to) return from;
  return from + invocation.pick(" 至 ", " to ") + to;
}

bool by_lines(const Json& report) {  // or one line a figure
  const auto by = text_of_key(report, "by");
  return by == "child" || by == "level" || by == "month" || by.empty();
}

// Figures that have columns of their own.
bool in_table(const std::string& figure) {
  return figure == "issues" || figure == "climbed" || figure == kMoney ||
         figure.starts_with("stage:");
}

std::string other_figures(const Invocation& invocation, const Json& report) {
  std::string out;
  const Json total = figures_of(report.value("total", Json::object()));
  for (const auto& figure : report.value("figures", Json::array())) {
    const auto name = text_of_key(figure, "figure");
    if (in_table(name) || name.starts_with("category:") || name == "score") continue;
    out += "  " + invocation.label(figure) + "  " + std::to_string(amount(total, name)) + ' ' +
           (invocation.chinese ? text_of_key(figure, "unit") : "") + '\n';
  }
  return out;
}

std::string rates_text(const Invocation& invocation, const Json& line) {
  constexpr double kHundred = 100;
  std::string out;
  for (const auto& rate : line.value("rates", Json::array())) {
    const auto part = amount(at(rate, "part"), "count");
    const auto whole = amount(at(rate, "of"), "count");
    if (whole == 0) continue;
    const double share = kHundred * static_cast<double>(part) / static_cast<double>(whole);
    std::string percent = std::to_string(share);
    percent.resize(percent.find('.') + 2);
    out += "  " + invocation.label(rate) + "  " + percent + "%（" + std::to_string(part) + '/' +
           std::to_string(whole) + "）\n";
  }
  return out;
}

std::string lines_table(const Invocation& invocation, const Json& report) {
  const bool months = text_of_key(report, "by") == "month";
  std::vector<std::string> heads{invocation.pick("单位", "Unit")};
  if (months) heads[0] = invocation.pick("月份", "Month");
  std::vector<std::string> stages;
  const Json total = report.value("total", Json::object());
  for (const auto& stage : report.value("stages", Json::array())) {
    const auto id = text_of_key(stage, "id");
    if (!total.value("by_stage", Json::object()).contains(id)) continue;
    stages.push_back(id);
    heads.push_back(invocation.label(stage));
  }
  for (const auto& [zh, en] :
       {std::pair{"合计", "Total"}, {"上报过", "Climbed"}, {"资金", "Budget"}}) {
    heads.push_back(invocation.pick(zh, en));
  }
  if (months) heads.push_back(invocation.pick("较上月", "Against the month before"));
  std::vector<bool> right(heads.size(), true);
  right[0] = false;
  Table table(heads, right);
  std::int64_t before = 0;
  const auto add = [&](const Json& line, const std::string& name, bool compare) {
    std::vector<std::string> cells{name};
    const Json by_stage = line.value("by_stage", Json::object());
    for (const auto& stage : stages) cells.push_back(std::to_string(amount(by_stage, stage)));
    const auto issues = amount(line, "issues");
    cells.push_back(std::to_string(issues));
    cells.push_back(std::to_string(amount(line, "escalated")));
    cells.push_back(money_text(amount(line, "budget_fen")));
    if (months) cells.push_back(compare ? signed_number(issues - before) : "");
    before = issues;
    table.add(std::move(cells));
  };
  bool first = true;
  for (const auto& line : report.value("lines", Json::array())) {
    add(line, line_name(invocation, line), !first);
    first = false;
  }
  add(total, invocation.pick("合计", "Total"), false);
  return table.text();
}

std::string details_table(const Invocation& invocation, const Json& report) {
  Table table({invocation.pick("项目", "Item"), invocation.pick("数量", "Count")}, {false, true});
  for (const auto& line : report.value("lines", Json::array())) {
    table.add({line_name(invocation, line), std::to_string(amount(line, "count"))});
  }
  return table.text();
}

std::string completeness(const Invocation& invocation, const Json& report) {
  return invocation.label(report.value("frontier", Json::object()));
}

SheetCell cell_of(const std::string& figure, std::int64_t number) {
  return figure == kMoney ? SheetCell::money(number) : SheetCell::count(number);
}

}  // namespace

std::string report_text(const Invocation& invocation, const Json& report) {
  std::string out = invocation.unit(at(report, "unit")) + "  " +
                    span_text(invocation, report.value("span", Json::object())) + '\n';
  if (!by_lines(report)) {
    out += details_table(invocation, report);
  } else {
    out += lines_table(invocation, report) + other_figures(invocation, report) +
           rates_text(invocation, report.value("total", Json::object()));
  }
  return out + line_of(invocation, "数据范围", "Completeness", completeness(invocation, report));
}

Sheet report_sheet(const Invocation& invocation, const Json& report) {
  Sheet sheet;
  sheet.title = invocation.unit(at(report, "unit"));
  const bool lines = by_lines(report);
  sheet.heads = {invocation.pick("代码", "Code"), invocation.pick("名称", "Name")};
  std::vector<std::string> figures;
  for (const auto& figure : report.value("figures", Json::array())) {
    if (!lines) break;
    figures.push_back(text_of_key(figure, "figure"));
    sheet.heads.push_back(figures.back() == kMoney
                              ? invocation.pick("所需资金（元）", "Budget (yuan)")
                              : invocation.label(figure));
  }
  if (!lines) sheet.heads.push_back(invocation.pick("数量", "Count"));
  const auto add = [&](const Json& line, const std::string& code, const std::string& name) {
    std::vector<SheetCell> row{SheetCell::code(code), SheetCell::words(name)};
    const Json amounts = figures_of(line);
    for (const auto& figure : figures) row.push_back(cell_of(figure, amount(amounts, figure)));
    if (!lines) row.push_back(SheetCell::count(amount(line, "count")));
    sheet.rows.push_back(std::move(row));
  };
  for (const auto& line : report.value("lines", Json::array())) {
    const Json unit = at(line, "unit");
    add(line, unit.is_object() ? text_of_key(unit, "code") : text_of_key(line, "key"),
        line_name(invocation, line));
  }
  if (lines) add(report.value("total", Json::object()), "", invocation.pick("合计", "Total"));
  sheet.notes = {span_text(invocation, report.value("span", Json::object())),
                 completeness(invocation, report)};
  return sheet;
}

Sheet trend_sheet(const Invocation& invocation, const Json& report) {
  constexpr std::size_t kMonthsShown = 12;
  Sheet sheet;
  sheet.title = invocation.pick("趋势", "Trends");
  Json lines = report.value("lines", Json::array());
  if (lines.size() > kMonthsShown) {
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(kMonthsShown));
  }
  sheet.heads = {invocation.pick("类别", "Category")};
  for (const auto& line : lines) sheet.heads.push_back(text_of_key(line, "key"));
  sheet.heads.push_back(invocation.pick("较上月", "Against the month before"));
  const auto add = [&](const std::string& figure, const std::string& name) {
    std::vector<SheetCell> row{SheetCell::words(name)};
    std::int64_t before = 0;
    std::int64_t last = 0;
    for (const auto& line : lines) {
      before = last;
      last = amount(figures_of(line), figure);
      row.push_back(SheetCell::count(last));
    }
    row.push_back(SheetCell::words(lines.size() < 2 ? "" : signed_number(last - before)));
    sheet.rows.push_back(std::move(row));
  };
  for (const auto& category : report.value("by_category", Json::array())) {
    const Json label = at(category, "category");
    add("category:" + text_of_key(label, "id"), invocation.label(label));
  }
  add("issues", invocation.pick("合计", "Total"));
  sheet.notes = {completeness(invocation, report)};
  return sheet;
}

Sheet quoted_sheet(const Invocation& invocation, const Json& answer) {
  Sheet sheet;
  sheet.title = invocation.pick("数据", "Figures");
  sheet.heads = {invocation.pick("项目", "Figure"), invocation.pick("数量", "Count"),
                 invocation.pick("单位", "Unit"), invocation.pick("起始", "Since"),
                 invocation.pick("统计口径", "Counts")};
  for (const auto& figure : answer.value("figures", Json::array())) {
    std::string counts;
    for (const auto& one : figure.value("counts", Json::array())) {
      counts += (counts.empty() ? "" : " + ") + one.get<std::string>();
    }
    sheet.rows.push_back(
        {SheetCell::words(invocation.label(figure)), SheetCell::count(amount(figure, "count")),
         SheetCell::words(text_of_key(figure, "unit")),
         SheetCell::words(text_of_key(figure, "since")), SheetCell::words(counts)});
  }
  sheet.notes = {completeness(invocation, answer)};
  return sheet;
}

Sheet sittings_sheet(const Invocation& invocation, const Json& sessions) {
  Sheet sheet;
  sheet.title = invocation.pick("协商活动", "Sessions");
  sheet.heads = {invocation.pick("单位代码", "Unit code"), invocation.pick("单位", "Unit"),
                 invocation.pick("时间", "Time"),          invocation.pick("地点", "Place"),
                 invocation.pick("形式", "Form"),          invocation.pick("人次", "People"),
                 invocation.pick("事项", "Issues")};
  for (const auto& one : sessions) {
    const Json unit = at(one, "unit");
    std::string issues;
    for (const auto& id : one.value("issues", Json::array())) {
      issues += (issues.empty() ? "" : " ") + id.get<std::string>();
    }
    const Json form = at(one, "form");
    sheet.rows.push_back({SheetCell::code(unit.is_object() ? text_of_key(unit, "code") : ""),
                          SheetCell::words(invocation.unit(unit)),
                          SheetCell::words(invocation.time(at(one, "held"))),
                          SheetCell::free(text_of_key(one, "place")),
                          SheetCell::words(form.is_object() ? invocation.label(form) : ""),
                          SheetCell::count(amount(one, "people")), SheetCell::code(issues)});
  }
  return sheet;
}

}  // namespace yishi::cli
