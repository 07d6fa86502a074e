// issue screen … session … submit: what is done up to the table and at it.
#include "node/cli/issue_fields.h"

namespace yishi::cli {
namespace {

const Option kOrgan{"organ", "NAME", "组织，例如 镇政府；可以多个", "an organ, for example 镇政府",
                    true};
const Option kHeldAt{"held", "TIME", "时间，例如 \"2026-11-21 14:30\"",
                     "time, for example \"2026-11-21 14:30\""};

Option number(const char* zh, const char* en) { return {"number", "N", zh, en, false, true}; }

// Of who calls a session, where and how: when it is convened and when it was held.
std::vector<Option> calling() {
  return {{"place", "TEXT", "地点", "place"},
          {"form", "NAME", "形式：会议 …", "form"},
          {"type", "NAME", "类型：专题协商、民主恳谈会 …", "type of the session"},
          {"venue", "NAME", "场所：庭院、地头 …", "venue"},
          {"link", "URL", "网络协商或直播的链接", "link of the online room or live stream"},
          {"subject", "TEXT", "主题", "subject"},
          {"convener", "ROLE=NAME", "召集人，按先后", "a convener, the first first", true},
          {"host", "[ROLE=]NAME", "主持人", "who hosts"},
          {"host-party", "CATEGORY", "主持人属于哪一方", "the party the host belongs to"},
          {"delegated-by", "ROLE=NAME", "由谁委托主持", "who delegated the hosting"},
          {"staff", "ROLE=NAME", "工作人员：联络员、记录人 …", "liaison, recorder …", true},
          {"material", "NAME", "发放的材料", "a paper that is handed out", true},
          {"record", "FILE", "协商记录文件（JSON，字段同接口的 session）；- 为标准输入",
           "a file with the record (JSON, the API's session); - is standard input"}};
}

std::vector<Option> recording() {
  std::vector<Option> options{kHeldAt, {"until", "TIME", "结束时间", "when it ended"}};
  for (auto& one : calling()) options.push_back(std::move(one));
  const std::vector<Option> rest{
      {"party", "CATEGORY=N", "各方人数，例如 mass=6",
       "how many of which party, for example mass=6", true},
      {"sign-in", "CATEGORY=NAME[@LEVEL]", "签到：类别=姓名，委员可注明层级",
       "who signed in, a member's level after @", true},
      {"entitled", "N", "应到人数", "how many were to come"},
      {"measures", "TEXT", "商定的措施", "the measures agreed"},
      {"minutes", "TEXT", "会议记录", "minutes"},
      {"opinion", "NAME=TEXT", "发言意见", "what somebody said", true},
      {"dissent", "NAME=TEXT", "不同意见", "a dissent", true},
      {"vote", "[MOTION:]CHANNEL=Y/N/A", "表决：渠道=赞成/反对/弃权",
       "votes by channel: for, against, abstaining", true},
      {"suggest", "TEXT", "建议清单的一项", "an item of the list of suggestions", true},
      {"duty", "TEXT=UNIT[@DATE]", "责任清单的一项：事项=单位@期限",
       "an item of the list of responsibilities", true},
      {"reply", "TEXT", "反馈清单的一项", "an item of the list of feedback", true},
      {"problem", "TEXT[=RESULT]", "议及的问题及其结果", "a problem dealt with, and its result",
       true},
      kText};
  options.insert(options.end(), rest.begin(), rest.end());
  return options;
}

std::vector<Option> correcting() {
  auto options = recording();
  options.insert(options.begin(), {number("第几次协商", "which session, from 1"), kReason});
  return options;
}

std::vector<Option> convening() {
  std::vector<Option> options{
      {"held", "TIME", "定于何时，例如 \"2026-11-21 14:30\"", "when it will be held", false, true}};
  for (auto& one : calling()) options.push_back(std::move(one));
  options.push_back(
      {"sign-in", "CATEGORY=NAME[@LEVEL]", "邀请谁：类别=姓名", "who is invited", true});
  options.push_back(kText);
  return options;
}

std::vector<Command> before_the_table() {
  return {
      act_command(
          "screen", "筛选议题：逐项回答，加标识", "screen the topic: answers and flags",
          {{"yes", "ITEM", "这一项答“是”", "this item is answered yes", true},
           {"no", "ITEM", "这一项答“否”", "this item is answered no", true},
           {"answer", "ITEM=TEXT", "这一项用文字回答", "this item is answered in words", true},
           kFlag,
           kPlan,
           kVia,
           kText},
          "320803001001-2026-0007 --yes public --yes benefit --flag beyond_self"),
      act_command(
          "consult", "征求单位或组织的意见", "ask a unit or an organ for its opinion",
          {{"to", "CODE", "向哪个单位征求", "the unit that is asked"}, kOrgan, kNeedText, kDue},
          "320803001001-2026-0007 --organ 镇政府 --text \"是否列入年度协商计划\""),
      act_command("opine", "答复征求的意见", "give the opinion that was asked for",
                  {number("征求意见的编号", "number of the opinion asked for"),
                   {"view", "NAME", "态度：同意、修改后同意 …", "agrees, objects …"},
                   kNeedText},
                  "320803001001-2026-0007 --number 1 --view agree --text 同意"),
      act_command(
          "research", "记录商前调研", "record the research before the session",
          {kNeedText,
           {"member", "[ROLE=]NAME", "专题调研组成员", "a member of the research group", true},
           kHeard},
          "320803001001-2026-0007 --member group_leader=张三 --text \"走访 32 户，28 户赞成\""),
      act_command("convene", "确定人员、发出通知、送达材料",
                  "convene a session: who comes, and the papers", convening(),
                  "320803001001-2026-0007 --held \"2026-11-21 14:30\" --convener party_head=张三 "
                  "--material 调研报告"),
  };
}

std::vector<Command> at_the_table() {
  return {
      act_command("session", "记录一次协商活动", "record a deliberation session", recording(),
                  "320803001001-2026-0007 --held \"2026-11-21 14:30\" --place 村议事室 --form 会议 "
                  "--party mass=6 --party member=2 --vote paper=6/1/0 --vote hand=1/0/0"),
      act_command("correct", "更正一次协商的记录（原记录保留）",
                  "correct the record of a session (the first one is kept)", correcting(),
                  "320803001001-2026-0007 --number 1 --party mass=7 --reason \"漏记一人\""),
      act_command("explain", "向持不同意见者说明", "explain to a dissenter",
                  {number("第几次协商", "which session, from 1"),
                   {"item", "N", "第几条不同意见", "which dissent, from 1", false, true},
                   kNeedText},
                  "320803001001-2026-0007 --number 1 --item 1 --text \"施工安排在白天\""),
  };
}

std::vector<Command> after_the_table() {
  Option organ = kOrgan;
  organ.required = true;
  return {
      act_command("submit", "向同级党委、政府报送成果",
                  "submit the outcome to the Party and government of the level", {organ, kText},
                  "320803001001-2026-0007 --organ 镇党委 --organ 镇政府"),
      act_command("receive", "对报送的成果出具回执", "give the receipt for a submission",
                  {number("报送编号", "number of the submission"), kText},
                  "320803001001-2026-0007 --number 1 --by 镇党委"),
  };
}

}  // namespace

std::vector<Command> table_commands() {
  std::vector<Command> all;
  for (auto part : {before_the_table, at_the_table, after_the_table}) {
    for (auto& command : part()) all.push_back(std::move(command));
  }
  return all;
}

}  // namespace yishi::cli
