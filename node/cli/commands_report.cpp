// report: figures, what lies behind each, and what is made of them for those who ask.
#include "crypto/masked.h"
#include "node/cli/catalog.h"
#include "node/cli/issue_sheet.h"
#include "node/cli/issue_text.h"
#include "node/cli/output.h"
#include "node/cli/report_text.h"

namespace yishi::cli {
namespace {

Target report_target(const Invocation& invocation, const char* path) {
  const auto& args = invocation.args;
  Target target(path);
  for (const char* key : {"unit", "month", "from", "to", "year"}) target.with(key, args.get(key));
  return target;
}

// All pages of what lies behind a number: "issues" or "sessions".
Called opened(const Invocation& invocation, const std::string& figure, const char* list) {
  const auto& args = invocation.args;
  constexpr const char* kPage = "500";
  Json rows = Json::array();
  Json answer;
  std::string cursor;
  for (bool more = true; more;) {
    Target target = report_target(invocation, "/api/v1/report/open");
    target.with("figure", figure).with("full", "1").with("limit", kPage).with("cursor", cursor);
    target.with("level", args.get("level")).with("own", args.has("own") ? "1" : "");
    auto called = api_get(invocation, target.text());
    if (called.failed) return called;
    for (auto& row : called.body[list]) rows.push_back(std::move(row));
    const Json next = at(called.body, "next");
    more = next.is_string();
    if (more) cursor = next.get<std::string>();
    answer = std::move(called.body);
  }
  answer[list] = std::move(rows);
  return {std::move(answer), std::nullopt};
}

Outcome open_number(const Invocation& invocation) {
  const std::string figure = invocation.args.get("open");
  const bool sessions = figure.starts_with("session") || figure == "people";
  auto called = opened(invocation, figure, sessions ? "sessions" : "issues");
  if (called.failed) return *called.failed;
  const Sheet sheet = sessions ? sittings_sheet(invocation, called.body["sessions"])
                               : issue_sheet(invocation, called.body["issues"]);
  std::string text = invocation.label(at(called.body, "figure")) + invocation.pick("：", ": ") +
                     std::to_string(sheet.rows.size()) + invocation.pick(" 条\n", " rows\n");
  if (!sheet.rows.empty()) {
    text += sessions ? sheet_text(sheet)
                     : issue_list_text(invocation, {{"issues", called.body["issues"]}});
  }
  return put_out(invocation, sheet, std::move(called.body), std::move(text));
}

Outcome figures(const Invocation& invocation) {
  auto called = api_get(invocation, report_target(invocation, "/api/v1/report/figures").text());
  if (called.failed) return *called.failed;
  const Sheet sheet = quoted_sheet(invocation, called.body);
  std::string text = sheet.rows.empty() ? invocation.pick("规则中没有定义数据（[[figures]]）\n",
                                                          "the policy defines no [[figures]]\n")
                                        : sheet_text(sheet);
  return put_out(invocation, sheet, std::move(called.body), std::move(text));
}

Outcome trends(const Invocation& invocation) {
  auto called =
      api_get(invocation, report_target(invocation, "/api/v1/report").with("by", "month").text());
  if (called.failed) return *called.failed;
  const Sheet sheet = trend_sheet(invocation, called.body);
  std::string text = sheet_text(sheet);
  return put_out(invocation, sheet, std::move(called.body), std::move(text));
}

// Figures of an issue before and after, in one line.
std::string effects(const Json& issue) {
  std::string out;
  for (const auto& one : issue.value("figures", Json::array())) {
    out += (out.empty() ? "" : "；") + text_of_key(one, "name") + " " + text_of_key(one, "before") +
           "→" + text_of_key(one, "after") + " " + text_of_key(one, "unit");
  }
  return out;
}

// Topic, information, consensus and decision, for everyone to see (A88); nobody's name.
Sheet notice_sheet(const Invocation& invocation, const Json& issues) {
  Sheet sheet;
  sheet.title = invocation.pick("公示", "Public notice");
  sheet.heads = {invocation.pick("编号", "ID"),        invocation.pick("单位", "Unit"),
                 invocation.pick("议题", "Topic"),     invocation.pick("情况", "Information"),
                 invocation.pick("共识", "Consensus"), invocation.pick("决定", "Decision"),
                 invocation.pick("转化为", "Became"),  invocation.pick("阶段", "Stage"),
                 invocation.pick("结果", "Result"),    invocation.pick("成效", "Effect")};
  const auto label = [&](const Json& one) {
    return SheetCell::words(one.is_object() ? invocation.label(one) : "");
  };
  for (const auto& issue : issues) {
    sheet.rows.push_back(
        {SheetCell::code(text_of_key(issue, "id")),
         SheetCell::words(invocation.unit(at(issue, "home"))),
         SheetCell::free(text_of_key(issue, "title")), SheetCell::free(text_of_key(issue, "text")),
         SheetCell::free(text_of_key(issue, "outcome")),
         SheetCell::free(text_of_key(issue, "decision")), label(at(issue, "became")),
         label(at(issue, "stage")), label(at(issue, "result")), SheetCell::free(effects(issue))});
  }
  return sheet;
}

Outcome notice(const Invocation& invocation) {
  auto called = opened(invocation, "deliberated", "issues");
  if (called.failed) return *called.failed;
  Sheet sheet = notice_sheet(invocation, called.body["issues"]);
  Json rows = Json::array();
  for (const auto& row : sheet.rows) {
    Json one = Json::object();
    constexpr const char* kKeys[] = {"id",       "unit",   "topic", "information", "consensus",
                                     "decision", "became", "stage", "result",      "effect"};
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool free = row[i].kind == SheetCell::Kind::kMasked;
      one[kKeys[i]] = free ? masked(row[i].text) : row[i].text;
    }
    rows.push_back(std::move(one));
  }
  std::string text = sheet_text(sheet);
  return put_out(invocation, sheet, {{"notice", std::move(rows)}}, std::move(text));
}

// What the standing committee hears (A82): the figures of the time, and each outcome that became
// something, with what came of it.
Outcome briefing(const Invocation& invocation) {
  auto report = api_get(invocation, report_target(invocation, "/api/v1/report").text());
  if (report.failed) return *report.failed;
  Json adopted = Json::array();
  for (const auto& figure : report.body.value("figures", Json::array())) {
    const auto name = text_of_key(figure, "figure");
    if (!name.starts_with("became:")) continue;
    auto called = opened(invocation, name, "issues");
    if (called.failed) return *called.failed;
    for (auto& issue : called.body["issues"]) adopted.push_back(std::move(issue));
  }
  Sheet sheet = notice_sheet(invocation, adopted);
  sheet.title = invocation.pick("常委会通报", "Briefing");
  sheet.notes = {invocation.label(report.body.value("frontier", Json::object()))};
  std::string text = report_text(invocation, report.body) +
                     invocation.pick("\n转化的成果：", "\nWhat outcomes became: ") +
                     std::to_string(adopted.size()) + '\n';
  for (const auto& issue : adopted) {
    text += "· " + invocation.unit(at(issue, "home")) + "  " + masked(text_of_key(issue, "title")) +
            " → " + invocation.label(at(issue, "became")) + "  " +
            masked(text_of_key(issue, "outcome")) + '\n';
  }
  return put_out(invocation, sheet, {{"report", report.body}, {"adopted", std::move(adopted)}},
                 std::move(text));
}

Outcome report(const Invocation& invocation) {
  const auto& args = invocation.args;
  const std::string what = args.get("what");
  if (what == "figures") return figures(invocation);
  if (what == "trends") return trends(invocation);
  if (what == "notice") return notice(invocation);
  if (what == "briefing") return briefing(invocation);
  if (!what.empty()) {
    return usage("what", "没有这种报告：" + what + "（figures、trends、notice、briefing）",
                 "there is no report called " + what + " (figures, trends, notice, briefing)");
  }
  if (args.has("open")) return open_number(invocation);
  auto called = api_get(
      invocation, report_target(invocation, "/api/v1/report").with("by", args.get("by")).text());
  if (called.failed) return *called.failed;
  const Sheet sheet = report_sheet(invocation, called.body);
  std::string text = report_text(invocation, called.body);
  return put_out(invocation, sheet, std::move(called.body), std::move(text));
}

}  // namespace

std::vector<Command> report_commands() {
  return {
      {"report",
       "统计：按下级、月份、类别等，说明数据是否到齐，每个数都能打开",
       "figures by unit below, month, category …, how complete they are, and what is behind each",
       {{"what", "figures|trends|notice|briefing", "规则定义的数据；类别趋势；公示内容；常委会通报",
         "the policy's figures; trends; the public notice; the committee's briefing", false, false,
         true},
        {"unit", "CODE", "统计哪个单位（默认本单位）", "for which unit (default: this one)"},
        {"month", "2026-11", "只看这个月", "this month only"},
        {"from", "2026-01", "从这个月起", "from this month on"},
        {"to", "2026-06", "到这个月为止", "up to this month"},
        {"year", "2026", "只看这一年", "this year only"},
        {"by", "child|level|month|category|stage|source|result|outcome|reason|form",
         "按什么分行（默认 child：下级单位）", "what the lines are (default child: units below)"},
        {"open", "FIGURE", "列出这个数背后的事项或活动，例如 stage:held",
         "list what is behind a number, for example stage:held"},
        {"own", "", "与 --open 同用：只看本单位自己的", "with --open: of the unit itself only"},
        {"level", "LEVEL", "与 --open 同用：只看这一级单位的", "with --open: of this level only"},
        kFormatOption,
        kOutOption},
       "yishi report --unit 320803000000 --year 2026 --by month",
       report}};
}

}  // namespace yishi::cli
