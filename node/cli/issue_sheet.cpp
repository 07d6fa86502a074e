#include "node/cli/issue_sheet.h"

#include "node/cli/issue_text.h"

namespace yishi::cli {
namespace {

std::string codes(const Json& units) {
  std::string out;
  for (const auto& unit : units) out += (out.empty() ? "" : " ") + text_of_key(unit, "code");
  return out;
}

std::string label_words(const Invocation& invocation, const Json& label) {
  return label.is_object() ? invocation.label(label) : "";
}

std::string day(const Json& value) {
  constexpr std::size_t kToTheMinute = 16;
  if (!value.is_string()) return {};
  std::string text = value.get<std::string>().substr(0, kToTheMinute);
  if (const auto t = text.find('T'); t != std::string::npos) text[t] = ' ';
  return text;
}

std::string reasons(const Invocation& invocation, const Json& list) {
  std::string out;
  if (!list.is_array()) return out;
  for (const auto& one : list) out += (out.empty() ? "" : "；") + invocation.label(one);
  return out;
}

}  // namespace

const std::vector<IssueColumn>& issue_columns() {
  static const std::vector<IssueColumn> kColumns{
      {"编号", "ID", "key"},
      {"单位代码", "Unit code", "home"},
      {"单位", "Unit", nullptr},
      {"标题", "Title", "title"},
      {"内容", "Text", "text"},
      {"类别", "Category", "category"},
      {"来源", "Source", "source"},
      {"资金（元）", "Budget (yuan)", "budget_yuan"},
      {"涉及单位代码", "Reach", "reach"},
      {"阶段", "Stage", nullptr},
      {"办理单位", "Holder", nullptr},
      {"登记时间", "Logged", nullptr},
      {"办结时间", "Closed", nullptr},
      {"结果", "Result", nullptr},
      {"转化为", "Became", nullptr},
      {"协商成果", "Outcome", nullptr},
      {"决定", "Decision", nullptr},
      {"上报原因", "Climbed for", nullptr},
      // Not exported: who reports it is known to the node that logs it, and to nobody else.
      {"名义", "By", "by"},
      {"反映人", "Reporter", "reporter.name"},
      {"反映人电话", "Telephone", "reporter.telephone"},
  };
  return kColumns;
}

Sheet issue_sheet(const Invocation& invocation, const Json& issues) {
  constexpr std::size_t kNotExported = 3;
  Sheet sheet;
  sheet.title = invocation.pick("事项", "Issues");
  const auto& columns = issue_columns();
  for (std::size_t i = 0; i + kNotExported < columns.size(); ++i) {
    sheet.heads.push_back(invocation.pick(columns[i].zh, columns[i].en));
  }
  for (const auto& issue : issues) {
    const Json home = at(issue, "home");
    const Json fen = at(issue, "budget_fen");
    sheet.rows.push_back(
        {SheetCell::code(text_of_key(issue, "id")),
         SheetCell::code(home.is_object() ? text_of_key(home, "code") : ""),
         SheetCell::words(invocation.unit(home)), SheetCell::free(text_of_key(issue, "title")),
         SheetCell::free(text_of_key(issue, "text")),
         SheetCell::words(label_words(invocation, at(issue, "category"))),
         SheetCell::words(label_words(invocation, at(issue, "source"))),
         SheetCell::money(fen.is_number_integer() ? fen.get<std::int64_t>() : 0),
         SheetCell::code(codes(at(issue, "reach"))),
         SheetCell::words(label_words(invocation, at(issue, "stage"))),
         SheetCell::words(invocation.unit(at(issue, "holder"))),
         SheetCell::words(day(at(issue, "logged"))), SheetCell::words(day(at(issue, "closed"))),
         SheetCell::words(label_words(invocation, at(issue, "result"))),
         SheetCell::words(label_words(invocation, at(issue, "became"))),
         SheetCell::free(text_of_key(issue, "outcome")),
         SheetCell::free(text_of_key(issue, "decision")),
         SheetCell::words(reasons(invocation, at(issue, "escalations")))});
  }
  return sheet;
}

}  // namespace yishi::cli
