#include "node/cli/issue_text.h"

#include "node/cli/table_text.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

constexpr std::size_t kTitleColumns = 36;

std::string money(const Json& issue) {
  const auto fen = at(issue, "budget_fen");
  return fen.is_number_integer() ? money_text(fen.get<std::int64_t>()) : std::string();
}

std::string units(const Invocation& invocation, const Json& list) {
  std::string out;
  for (const auto& unit : list) {
    out += (out.empty() ? "" : invocation.pick("、", ", ")) + invocation.unit(unit);
  }
  return out;
}

std::string labels(const Invocation& invocation, const Json& list) {
  std::string out;
  for (const auto& label : list) {
    out += (out.empty() ? "" : invocation.pick("、", ", ")) + invocation.label(label);
  }
  return out;
}

std::string optional_label(const Invocation& invocation, const Json& label) {
  return label.is_null() ? std::string() : invocation.label(label);
}

std::string optional_time(const Invocation& invocation, const Json& time) {
  return time.is_null() ? std::string() : invocation.time(time);
}

std::string figure_lines(const Invocation& invocation, const Json& list) {
  std::string out;
  for (const auto& figure : list) {
    out += line_of(invocation, "前后对比", "Figure",
                   text_of_key(figure, "name") + " " + text_of_key(figure, "before") + " → " +
                       text_of_key(figure, "after") + ' ' + text_of_key(figure, "unit"));
  }
  return out;
}

std::string assignment_lines(const Invocation& invocation, const Json& list) {
  std::string out;
  for (const auto& task : list) {
    std::string line = std::to_string(task.value("number", 0)) + ". " +
                       invocation.unit(at(task, "unit")) + " " + text_of_key(task, "text") + " " +
                       std::to_string(task.value("percent", 0)) + "%";
    const auto due = optional_time(invocation, at(task, "due"));
    if (!due.empty()) line += invocation.pick("，期限 ", ", due ") + due;
    if (task.value("done", false)) line += invocation.pick("，已完成", ", done");
    out += line_of(invocation, "交办", "Assignment", line);
  }
  return out;
}

std::string supervision_lines(const Invocation& invocation, const Json& list) {
  std::string out;
  for (const auto& one : list) {
    constexpr std::size_t kShownRef = 8;
    std::string line = text_of_key(one, "ref").substr(0, kShownRef) + " " +
                       optional_label(invocation, at(one, "kind")) + " " +
                       invocation.unit(at(one, "unit"));
    if (at(one, "to").is_object()) line += " → " + invocation.unit(at(one, "to"));
    line += " [" + invocation.label(at(one, "stage")) + "] " + text_of_key(one, "text");
    const auto due = optional_time(invocation, at(one, "due"));
    if (!due.empty()) line += invocation.pick("，期限 ", ", due ") + due;
    out += line_of(invocation, "督办", "Supervision", line);
  }
  return out;
}

std::string texts(const Json& list) {
  std::string out;
  for (const auto& one : list) {
    if (one.is_string()) out += (out.empty() ? "" : ", ") + one.get<std::string>();
  }
  return out;
}

std::string score_lines(const Invocation& invocation, const Json& issue) {
  std::string out;
  for (const auto& one : issue.value("scores", Json::array())) {
    const auto count = one.value("count", std::uint64_t{0});
    const auto sum = std::to_string(one.value("sum", std::uint64_t{0}));
    const auto times_zh = std::to_string(count) + " 次，合计 " + sum + " 分";
    out += line_of(invocation, "评议", "Evaluation",
                   invocation.label(at(one, "party")) + " " +
                       invocation.pick(times_zh, std::to_string(count) + ", sum " + sum));
  }
  const auto rate = at(issue, "satisfaction");
  if (rate.is_object()) {
    out += line_of(invocation, "满意", "Satisfied",
                   std::to_string(rate.value("satisfied", std::uint64_t{0})) + " / " +
                       std::to_string(rate.value("asked", std::uint64_t{0})));
  }
  return out;
}

// What came after the table.
std::string followed_up_lines(const Invocation& invocation, const Json& issue) {
  std::string out;
  for (const auto& one : issue.value("published", Json::array())) {
    out +=
        line_of(invocation, "公示", "Published",
                invocation.time(at(one, "time")) + " " +
                    optional_label(invocation, at(one, "about")) + " " + text_of_key(one, "place"));
  }
  for (const auto& one : issue.value("extensions", Json::array())) {
    const bool asked = one.value("asked", false);
    const bool granted = one.value("granted", false);
    const auto what = asked     ? invocation.pick("申请延期至 ", "asks until ")
                      : granted ? invocation.pick("准予延期至 ", "granted until ")
                                : invocation.pick("不准延期 ", "refused ");
    out += line_of(invocation, "延期", "Extension",
                   std::to_string(one.value("task", 0)) + ". " + what +
                       optional_time(invocation, at(one, "until")) + " " + text_of_key(one, "why"));
  }
  const auto urged = at(issue, "urged");
  if (urged.is_object()) {
    out += line_of(invocation, "催办", "Urged",
                   std::to_string(urged.value("count", std::uint64_t{0})) +
                       invocation.pick(" 次：", ": ") + text_of_key(urged, "text"));
  }
  out += line_of(invocation, "牵头单位", "Lead",
                 at(issue, "lead").is_object() ? invocation.unit(at(issue, "lead")) : "");
  out += supervision_lines(invocation, issue.value("supervisions", Json::array()));
  out += score_lines(invocation, issue);
  out += line_of(invocation, "回头看日期", "Look back on",
                 optional_time(invocation, at(issue, "revisit_due")));
  out += line_of(invocation, "原事项", "Round of", text_of_key(issue, "round_of"));
  out +=
      line_of(invocation, "再协商", "Further rounds", texts(issue.value("rounds", Json::array())));
  out += line_of(invocation, "响应议题", "Answers", text_of_key(issue, "answers"));
  out +=
      line_of(invocation, "响应", "Answered by", texts(issue.value("answered_by", Json::array())));
  return out;
}

std::string timeline_line(const Invocation& invocation, const Json& fact) {
  std::string out = "  " + invocation.time(at(fact, "time")) + "  " +
                    invocation.unit(at(fact, "unit")) + "  " + invocation.label(fact);
  const auto by = one_line(text_of_key(fact, "by"));
  if (!by.empty()) out += invocation.pick("（" + by + "）", " (" + by + ")");
  if (fact.value("automatic", false))
    out += invocation.pick("（系统自动）", " (by the node itself)");
  if (at(fact, "to").is_object()) out += " → " + invocation.unit(at(fact, "to"));
  out += '\n';
  const auto reasons = labels(invocation, fact.value("reasons", Json::array()));
  if (!reasons.empty()) out += "      " + reasons + '\n';
  for (const char* key : {"why", "text", "override"}) {
    out += lines_indented(printable(text_of_key(fact, key)), 6);
  }
  out += table_timeline(invocation, fact);
  const auto effect = text_of_key(fact, "effect");
  if (effect == "waiting") {
    out += invocation.pick("      等待更早的记录\n", "      waits for an earlier record\n");
  }
  if (effect == "refused" || effect == "unknown") {
    const auto refused = at(fact, "refused");
    out += invocation.pick("      未生效：", "      without effect: ") +
           one_line(text_of_key(refused, invocation.chinese ? "zh" : "en")) + " [" +
           one_line(text_of_key(refused, "rule")) + "]\n";
  }
  return out;
}

std::string outcome_lines(const Invocation& invocation, const Json& issue) {
  std::string out;
  out += line_of(invocation, "成果", "Outcome", text_of_key(issue, "outcome"));
  out += line_of(invocation, "决定", "Decision", text_of_key(issue, "decision"));
  out += line_of(invocation, "转化为", "Became", optional_label(invocation, at(issue, "became")));
  out += line_of(invocation, "结果", "Result", optional_label(invocation, at(issue, "result")));
  out += line_of(invocation, "退回理由", "Returned because", text_of_key(issue, "return_reason"));
  const auto count = issue.value("evaluations", std::uint64_t{0});
  if (count > 0) {
    const auto mean = issue.value("score_sum", std::uint64_t{0}) / count;
    out +=
        line_of(invocation, "评议", "Evaluations",
                invocation.pick(std::to_string(count) + " 次，平均 " + std::to_string(mean) + " 分",
                                std::to_string(count) + ", mean " + std::to_string(mean)));
  }
  return out;
}

std::string open_acts_line(const Invocation& invocation, const Json& acts) {
  std::string out;
  for (const auto& one : acts) {
    out += (out.empty() ? "" : invocation.pick("、", ", ")) + text_of_key(one, "name") +
           invocation.pick("（" + text_of_key(one, "zh") + "）", "");
  }
  return line_of(invocation, "现在可以", "Open acts", out);
}

}  // namespace

std::string text_of_key(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string line_of(const Invocation& invocation, const std::string& zh, const std::string& en,
                    const std::string& value) {
  if (value.empty()) return {};
  return invocation.pick(zh + "：", en + ": ") + printable(value) + '\n';
}

std::string issue_text(const Invocation& invocation, const Json& issue) {
  std::string out =
      one_line(text_of_key(issue, "id")) + "  " + one_line(text_of_key(issue, "title")) + '\n';
  const auto line = [&](const char* zh, const char* en, const std::string& value) {
    out += line_of(invocation, zh, en, value);
  };
  line("阶段", "Stage", invocation.label(at(issue, "stage")));
  line("类别", "Category", optional_label(invocation, at(issue, "category")));
  line("资金", "Budget", money(issue));
  line("来源", "Source", optional_label(invocation, at(issue, "source")));
  line("登记单位", "Home", invocation.unit(at(issue, "home")));
  line("办理单位", "Holder", invocation.unit(at(issue, "holder")));
  line("涉及单位", "Reach", units(invocation, issue.value("reach", Json::array())));
  line("登记时间", "Logged", optional_time(invocation, at(issue, "logged")));
  line("签收期限", "Accept by", optional_time(invocation, at(issue, "accept_by")));
  line("办结时间", "Closed", optional_time(invocation, at(issue, "closed")));
  line("经手单位", "Custody", units(invocation, issue.value("custody", Json::array())));
  line("上报原因", "Escalated for", labels(invocation, issue.value("escalations", Json::array())));
  line("内容", "Text", text_of_key(issue, "text"));
  out += table_text(invocation, issue);
  out += outcome_lines(invocation, issue);
  out += figure_lines(invocation, issue.value("figures", Json::array()));
  out += assignment_lines(invocation, issue.value("assignments", Json::array()));
  out += followed_up_lines(invocation, issue);
  out += open_acts_line(invocation, issue.value("open_acts", Json::array()));
  line("存储", "Stored", invocation.label(at(issue, "stored")));
  out += invocation.pick("经过：\n", "Timeline:\n");
  for (const auto& fact : issue.value("timeline", Json::array())) {
    out += timeline_line(invocation, fact);
  }
  return out;
}

std::string issue_list_text(const Invocation& invocation, const Json& page) {
  Table table({invocation.pick("编号", "ID"), invocation.pick("阶段", "Stage"),
               invocation.pick("办理单位", "Holder"), invocation.pick("标题", "Title"),
               invocation.pick("资金", "Budget"), invocation.pick("更新", "Changed")},
              {false, false, false, false, true, false});
  for (const auto& issue : page.value("issues", Json::array())) {
    table.add({text_of_key(issue, "id"), invocation.label(at(issue, "stage")),
               invocation.unit(at(issue, "holder")),
               cut(text_of_key(issue, "title"), kTitleColumns), money(issue),
               invocation.time(at(issue, "changed"))});
  }
  if (table.empty()) return invocation.pick("没有符合条件的事项。\n", "No issue fits.\n");
  std::string out = table.text();
  const auto next = at(page, "next");
  if (next.is_number()) {
    out += invocation.pick("还有更多：--before ", "There is more: --before ") + next.dump() + '\n';
  }
  return out;
}

std::string written_text(const Invocation& invocation, const Json& answer) {
  std::string out = line_of(invocation, "事项", "Issue", text_of_key(answer, "id"));
  for (const auto& record : answer.value("written", Json::array())) {
    out += line_of(invocation, "已写入", "Written", invocation.label(record));
  }
  const auto issue = at(answer, "issue");
  if (!issue.is_object()) return out;
  out += line_of(invocation, "阶段", "Stage", invocation.label(at(issue, "stage")));
  out += line_of(invocation, "办理单位", "Holder", invocation.unit(at(issue, "holder")));
  out += line_of(invocation, "上报原因", "Escalated for",
                 labels(invocation, issue.value("escalations", Json::array())));
  const auto passed = issue.value("overrides", Json::array()).size();
  if (passed > 0) {
    out += line_of(invocation, "原则上的要求放行（次）", "Requirements passed, in all",
                   std::to_string(passed));
  }
  return out;
}

}  // namespace yishi::cli
