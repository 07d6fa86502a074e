// issue …: every act goes through one function; what differs is in the table.
#include "node/cli/issue_fields.h"
#include "node/cli/issue_sheet.h"
#include "node/cli/issue_text.h"
#include "node/cli/output.h"
#include "node/cli/text.h"
#include "node/http/client.h"

namespace yishi::cli {
namespace {

Outcome log_issue(const Invocation& invocation) {
  auto body = body_of(invocation, "log");
  if (body.failed) return *body.failed;
  const auto& args = invocation.args;
  if (args.has("for")) body.json["home"] = body.json["unit"] = args.get("for");
  if (args.has("reporter-name")) body.json["reporter"]["name"] = args.get("reporter-name");
  if (args.has("reporter-telephone")) {
    body.json["reporter"]["telephone"] = args.get("reporter-telephone");
  }
  return told(invocation, api_post(invocation, "/api/v1/issues", body.json));
}

// Every issue that fits, page by page, unless --limit says how many.
Outcome export_issues(const Invocation& invocation, const Target& target) {
  constexpr std::uint64_t kPage = 200;  // of whole issues
  const bool some = invocation.args.has("limit");
  Json issues = Json::array();
  std::string before = invocation.args.get("before");
  for (bool more = true; more;) {
    Target page = target;
    if (!some) page.with("limit", std::to_string(kPage));
    if (!issues.empty()) page.with("before", before);
    auto called = api_get(invocation, page.text());
    if (called.failed) return *called.failed;
    for (auto& issue : called.body["issues"]) issues.push_back(std::move(issue));
    const Json next = at(called.body, "next");
    more = !some && next.is_number();
    if (more) before = next.dump();
  }
  const Sheet sheet = issue_sheet(invocation, issues);
  return put_out(invocation, sheet, {{"issues", std::move(issues)}}, {});
}

Outcome list_issues(const Invocation& invocation) {
  const auto& args = invocation.args;
  Target target("/api/v1/issues");
  for (const char* key : {"home", "holder", "stage", "category", "month", "before", "limit"}) {
    target.with(key, args.get(key));
  }
  target.with("q", args.get("text"));
  target.with("open", args.has("open") ? "1" : "")
      .with("escalated", args.has("escalated") ? "1" : "");
  if (wants_sheet(invocation))
    return export_issues(invocation, std::move(target.with("full", "1")));
  const auto called = api_get(invocation, target.text());
  if (called.failed) return *called.failed;
  return put_out(invocation, {}, called.body, issue_list_text(invocation, called.body));
}

Outcome show_issue(const Invocation& invocation) {
  const auto called =
      api_get(invocation, "/api/v1/issues/" + http::percent_encode(invocation.args.get("id")));
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = issue_text(invocation, called.body);
  return outcome;
}

const Option kFigure{"figure", "\"名称=前->后 单位\"", "前后对比", "a figure before and after",
                     true};

std::vector<Command> reading_commands() {
  const Option limit{"limit", "N", "最多几件（默认 100）", "at most so many (default 100)"};
  const Option before{"before", "N", "下一页（上一页末尾给出）",
                      "the next page (the last page names it)"};
  const Option open{"open", "", "只看未办结的", "only those not ended"};
  return {
      {"issue list",
       "列出事项",
       "list issues",
       {{"home", "CODE", "这个单位及其下级的", "of this unit and those below"},
        {"holder", "CODE", "由这个单位办理的", "held by this unit"},
        {"stage", "NAME", "处于这个阶段的", "in this stage"},
        kCategory,
        {"month", "2026-11", "这个月登记的", "logged in this month"},
        open,
        {"escalated", "", "只看上报过的", "only those that climbed"},
        limit,
        before,
        kFormatOption,
        kOutOption},
       "yishi issue list --open --category 环境整治",
       list_issues},
      {"issue search",
       "按文字查找事项",
       "find issues by their text",
       {{"text", "TEXT", "要找的字词", "what to look for", false, true, true}, open, limit, before},
       "yishi issue search 路灯",
       list_issues},
      {"issue show",
       "查看一个事项及其全过程",
       "show an issue and all that happened to it",
       {kId},
       "yishi issue show 320803001001-2026-0007",
       show_issue},
  };
}

Command log_command() {
  return {
      "issue log",
      "登记一个事项",
      "log an issue",
      {{"title", "TEXT", "标题（再协商时默认同前）", "title (of a further round: as before)"},
       kText,
       kCategory,
       kBudget,
       kReach,
       kSource,
       kFlag,
       kPlan,
       kVia,
       {"round", "ID", "再协商：接续哪个已办结的事项",
        "deliberate again: the closed issue it follows"},
       {"answers", "ID", "响应哪个共性指导议题", "the guiding topic it answers"},
       {"reason", "TEXT", "再协商的原因", "why it is deliberated again"},
       {"for", "CODE", "代没有节点的单位登记", "log for a unit that has no node"},
       kBy,
       {"reporter-name", "NAME", "反映人姓名（不外传）", "who reported it (stays on this node)"},
       {"reporter-telephone", "NUMBER", "反映人电话（不外传）",
        "their telephone (stays on this node)"}},
      "yishi issue log --title \"村口路灯不亮\" --category 公共设施 --budget 12,000",
      log_issue};
}

std::vector<Command> deliberating_commands() {
  return {
      act_command("amend", "修改事项内容", "amend an issue",
                  {kTitle, kText, kCategory, kBudget, kReach, kSource, kFlag, kPlan, kVia},
                  "320803001001-2026-0007 --budget 2,200,000.00"),
      act_command("propose", "提出为议题", "propose it as a topic",
                  {kText, kTitle, kSource, kFlag, kPlan},
                  "320803001001-2026-0007 --source 出题 --by 村议事室"),
      act_command("approve", "审定议题", "approve the topic", {kText},
                  "320803001001-2026-0007 --by 村党组织"),
      act_command("return", "退回，并说明理由", "send it back with a reason",
                  {kReason, {"to", "CODE", "退给哪个单位", "to which unit"}},
                  "320803001001-2026-0007 --reason \"本村可自行解决\""),
      act_command(
          "outcome", "记录协商成果", "record the outcome",
          {kNeedText, {"became", "NAME", "转化为：决策、项目 …", "what it became"}, kBudget},
          "320803001001-2026-0007 --text \"安装 12 盏太阳能路灯\" --became project"),
  };
}

std::vector<Command> carrying_out_commands() {
  const Option to{"to", "CODE", "交给哪个单位", "to which unit", false, true};
  const Option task{"task", "N", "交办编号", "number of the assignment", false, true};
  return {
      act_command("escalate", "上报上级", "send it up", {kReason},
                  "320803001001-2026-0007 --reason \"需要区级协调\""),
      act_command("accept", "签收", "accept it", {kText}, "320803001001-2026-0007"),
      act_command(
          "decide", "作出决定", "decide it",
          {kNeedText, {"became", "NAME", "转化为：决策、项目 …", "what it became"}, kBudget},
          "320803001001-2026-0007 --text \"列入年度民生实事\" --became project"),
      act_command("assign", "交办", "assign work", {to, kNeedText, kDue, kHeard},
                  "320803001001-2026-0007 --to 320803001000 --text 组织施工 --due 2026-12-31"),
      act_command("progress", "报告办理进展", "report progress of an assignment",
                  {task,
                   kText,
                   {"percent", "N", "完成百分之几", "percent done"},
                   {"done", "", "已完成", "it is done"}},
                  "320803001001-2026-0007 --task 1 --percent 60 --text \"已安装 8 盏\""),
      act_command("feedback", "向下反馈结果", "feed the result back down",
                  {kNeedText, {"to", "CODE", "反馈给哪个单位", "to which unit"}, kFigure},
                  "320803001001-2026-0007 --text \"资金已到位\""),
      act_command(
          "close", "办结", "close it",
          {{"result", "NAME", "结果：solved、half_solved、explained",
            "result: solved, half_solved, explained", false, true},
           {"reason", "TEXT", "原因；有的结果必须写明", "reason; some results need one"},
           {"due", "DATE", "何时回头看（默认按规则）", "when to look back (default: the policy's)"},
           kText,
           kFigure},
          "320803001001-2026-0007 --result solved --figure \"亮灯率=20->100 %\""),
      act_command("reopen", "重新协商", "reopen it", {kReason},
                  "320803001001-2026-0007 --reason \"路灯又坏了\""),
      act_command("comment", "留言", "comment on it", {kNeedText},
                  "320803001001-2026-0007 --text \"请考虑老人夜间出行\""),
      act_command("evaluate", "评议", "evaluate it",
                  {{"party", "NAME", "哪一方评议", "which party evaluates", false, true},
                   {"score", "0-100", "评分", "score", false, true},
                   kText},
                  "320803001001-2026-0007 --party mass --score 95"),
  };
}

}  // namespace

std::vector<Command> issue_commands() {
  std::vector<Command> all{log_command()};
  for (auto part : {deliberating_commands, table_commands, carrying_out_commands, follow_commands,
                    reading_commands}) {
    for (auto& command : part()) all.push_back(std::move(command));
  }
  return all;
}

}  // namespace yishi::cli
