// issue …: every act goes through one function; what differs is in the table.
#include "node/cli/catalog.h"
#include "node/cli/issue_text.h"
#include "node/cli/text.h"
#include "node/http/client.h"

namespace yishi::cli {
namespace {

// How an option becomes a field of the API's JSON.
enum class Kind { kText, kNumber, kFlag, kList, kParties, kFigures };
struct Field {
  const char* option;
  const char* key;
  Kind kind;
};
constexpr Field kFields[] = {
    {"title", "title", Kind::kText},
    {"text", "text", Kind::kText},
    {"category", "category", Kind::kText},
    {"budget", "budget_yuan", Kind::kText},
    {"reach", "reach", Kind::kList},
    {"source", "source", Kind::kText},
    {"by", "by", Kind::kText},
    {"unit", "unit", Kind::kText},
    {"reason", "reason", Kind::kText},
    {"to", "to", Kind::kText},
    {"due", "due", Kind::kText},
    {"place", "place", Kind::kText},
    {"form", "form", Kind::kText},
    {"held", "held", Kind::kText},
    {"became", "became", Kind::kText},
    {"task", "task", Kind::kNumber},
    {"percent", "percent", Kind::kNumber},
    {"done", "done", Kind::kFlag},
    {"result", "result", Kind::kText},
    {"figure", "figures", Kind::kFigures},
    {"score", "score", Kind::kNumber},
    {"party", "party", Kind::kText},
    {"override", "override", Kind::kText},
};

Outcome wrong_value(const char* option, const std::string& zh, const std::string& en) {
  const std::string name = std::string("--") + option;
  return usage(option, name + "：" + zh, name + ": " + en);
}

// "mass=6"
std::optional<Outcome> put_parties(Json& body, const std::vector<std::string>& values) {
  constexpr std::uint64_t kMaxPeople = 1'000'000;
  for (const auto& value : values) {
    const std::size_t equals = value.find('=');
    const auto count = equals == std::string::npos
                           ? std::nullopt
                           : whole_number(value.substr(equals + 1), kMaxPeople);
    if (!count || equals == 0) {
      return wrong_value("party", "应当是 类别=人数，例如 mass=6",
                         "must be CATEGORY=COUNT, for example mass=6");
    }
    body["parties"].push_back({{"category", value.substr(0, equals)}, {"count", *count}});
  }
  return std::nullopt;
}

// "患者年均费用=12000->3600 元"
std::optional<Outcome> put_figures(Json& body, const std::vector<std::string>& values) {
  constexpr std::string_view kArrow = "->";
  for (const auto& value : values) {
    const std::size_t equals = value.find('=');
    const std::size_t arrow = equals == std::string::npos ? equals : value.find(kArrow, equals + 1);
    if (arrow == std::string::npos || equals == 0) {
      return wrong_value("figure", "应当是 \"名称=前->后 单位\"",
                         "must be \"NAME=BEFORE->AFTER UNIT\"");
    }
    const std::string rest = value.substr(arrow + kArrow.size());
    const std::size_t blank = std::min(rest.find(' '), rest.size());
    body["figures"].push_back({{"name", value.substr(0, equals)},
                               {"before", value.substr(equals + 1, arrow - equals - 1)},
                               {"after", rest.substr(0, blank)},
                               {"unit", rest.substr(std::min(blank + 1, rest.size()))}});
  }
  return std::nullopt;
}

std::optional<Outcome> put_field(Json& body, const Field& field, const Arguments& args) {
  if (!args.has(field.option)) return std::nullopt;
  const std::string value = args.get(field.option);
  switch (field.kind) {
    case Kind::kText:
      body[field.key] = value;
      break;
    case Kind::kFlag:
      body[field.key] = true;
      break;
    case Kind::kList:
      body[field.key] = args.all(field.option);
      break;
    case Kind::kNumber: {
      constexpr std::uint64_t kMax = 1'000'000'000;
      const auto number = whole_number(value, kMax);
      if (!number) return wrong_value(field.option, "应当是整数", "must be a whole number");
      body[field.key] = *number;
      break;
    }
    case Kind::kParties:
      return put_parties(body, args.all(field.option));
    case Kind::kFigures:
      return put_figures(body, args.all(field.option));
  }
  return std::nullopt;
}

struct Body {
  Json json = Json::object();
  std::optional<Outcome> failed;
};

// At a session --party counts people; elsewhere it names who evaluates.
Body body_of(const Invocation& invocation, const std::string& name) {
  Body body;
  for (Field field : kFields) {
    const bool people = name == "session" && std::string_view(field.option) == "party";
    if (people) field = {"party", "parties", Kind::kParties};
    if (!body.failed) body.failed = put_field(body.json, field, invocation.args);
  }
  return body;
}

Outcome told(const Invocation& invocation, const Called& called) {
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = written_text(invocation, called.body);
  return outcome;
}

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

std::function<Outcome(const Invocation&)> act(const std::string& name) {
  return [name](const Invocation& invocation) {
    const auto body = body_of(invocation, name);
    if (body.failed) return *body.failed;
    const std::string target =
        "/api/v1/issues/" + http::percent_encode(invocation.args.get("id")) + '/' + name;
    return told(invocation, api_post(invocation, target, body.json));
  };
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
  const auto called = api_get(invocation, target.text());
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = issue_list_text(invocation, called.body);
  return outcome;
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

// Options that several commands share.
const Option kId{"id", "ID", "事项编号", "the issue's id", false, true, true};
const Option kBy{"by", "NAME", "以何组织或身份，例如 村党组织",
                 "organ or role, for example 村党组织"};
const Option kUnit{"unit", "CODE", "以哪个单位的名义（默认由节点决定）",
                   "in whose name (default: the node decides)"};
const Option kText{"text", "TEXT", "内容", "text"};
const Option kNeedText{"text", "TEXT", "内容", "text", false, true};
const Option kReason{"reason", "TEXT", "理由", "reason", false, true};
const Option kOverride{"override", "TEXT", "不符合“原则上”要求时说明理由",
                       "reason for passing a requirement that holds in principle"};
const Option kTitle{"title", "TEXT", "标题", "title"};
const Option kCategory{"category", "NAME", "类别（名称或代号）", "category (name or id)"};
const Option kBudget{"budget", "YUAN", "所需资金，元，例如 2,200,000.00",
                     "money needed, yuan, for example 2,200,000.00"};
const Option kReach{"reach", "CODE", "涉及的其他单位", "another unit that it touches", true};
const Option kSource{"source", "NAME", "来源：点题、荐题、出题 …", "source of the topic"};
const Option kFigure{"figure", "\"名称=前->后 单位\"", "前后对比", "a figure before and after",
                     true};
const Option kDue{"due", "DATE", "期限，例如 2026-12-31", "due date, for example 2026-12-31"};

Command act_command(const std::string& name, const std::string& zh, const std::string& en,
                    std::vector<Option> options, const std::string& example) {
  options.insert(options.begin(), kId);
  options.push_back(kBy);
  options.push_back(kUnit);
  options.push_back(kOverride);
  return {"issue " + name, zh, en, std::move(options), "yishi issue " + name + ' ' + example,
          act(name)};
}

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
        before},
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
      {{"title", "TEXT", "标题", "title", false, true},
       kText,
       {"category", "NAME", "类别（名称或代号）", "category (name or id)", false, true},
       kBudget,
       kReach,
       kSource,
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
                  {kTitle, kText, kCategory, kBudget, kReach, kSource},
                  "320803001001-2026-0007 --budget 2,200,000.00"),
      act_command("propose", "提出为议题", "propose it as a topic", {kText, kTitle, kSource},
                  "320803001001-2026-0007 --source 出题 --by 村议事室"),
      act_command("approve", "审定议题", "approve the topic", {kText},
                  "320803001001-2026-0007 --by 村党组织"),
      act_command("return", "退回，并说明理由", "send it back with a reason",
                  {kReason, {"to", "CODE", "退给哪个单位", "to which unit"}},
                  "320803001001-2026-0007 --reason \"本村可自行解决\""),
      act_command("research", "记录商前调研", "record the research before the session", {kNeedText},
                  "320803001001-2026-0007 --text \"走访 32 户，28 户赞成\""),
      act_command("session", "记录一次协商活动", "record a deliberation session",
                  {{"held", "TIME", "时间，例如 \"2026-11-21 14:30\"",
                    "time, for example \"2026-11-21 14:30\""},
                   {"place", "TEXT", "地点", "place"},
                   {"form", "NAME", "形式：会议 …", "form"},
                   {"party", "CATEGORY=N", "各方人数，例如 mass=6",
                    "how many of which party, for example mass=6", true},
                   kText},
                  "320803001001-2026-0007 --held \"2026-11-21 14:30\" --place 村议事室 --form 会议 "
                  "--party mass=6 --party member=2"),
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
      act_command("assign", "交办", "assign work", {to, kNeedText, kDue},
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
      act_command("close", "办结", "close it",
                  {{"result", "NAME", "结果：solved、half_solved、explained",
                    "result: solved, half_solved, explained", false, true},
                   {"reason", "TEXT", "原因；有的结果必须写明", "reason; some results need one"},
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
  for (auto part : {deliberating_commands, carrying_out_commands, reading_commands}) {
    for (auto& command : part()) all.push_back(std::move(command));
  }
  return all;
}

}  // namespace yishi::cli
